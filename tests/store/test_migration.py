"""The schema is the sum of its migrations, and is never touched by a version that does not know it."""

import asyncio
import re
import sqlite3
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

import psycopg
import pytest

from payproof.model.company import MappingStatus, Origin, SuccessRate
from payproof.model.product import DataSource, ProductType
from payproof.model.task import TaskStatus
from payproof.model.tenant import Environment
from payproof.model.webhook import DeliveryStatus
from payproof.store import Store
from payproof.store.migration import SchemaChanged, SchemaNewer, migrations
from tests.databases import MASTER_KEY

CHECKED: dict[tuple[str, str], type[StrEnum]] = {
    ("tenant", "environment"): Environment,
    ("task", "product_type"): ProductType,
    ("task", "data_source"): DataSource,
    ("task", "status"): TaskStatus,
    ("delivery", "status"): DeliveryStatus,
    ("company", "mapping_status"): MappingStatus,
    ("company", "success_rate"): SuccessRate,
    ("company", "origin"): Origin,
    ("institution", "data_source"): DataSource,
    ("institution", "origin"): Origin,
}


def run(where: Path | str, statement: str) -> None:
    connection = sqlite3.connect(where) if isinstance(where, Path) else psycopg.connect(where)
    connection.execute(statement)
    connection.commit()
    connection.close()


async def open_and_close(where: Path | str) -> None:
    store = Store(where, MASTER_KEY)
    await store.start()
    await store.stop()


def test_every_check_in_the_schema_lists_exactly_its_enum() -> None:
    text = "".join(one.text for one in migrations())
    found: dict[tuple[str, str], set[str]] = {}
    for table, body in re.findall(r"CREATE TABLE (\w+) \((.*?)\)[^();]*;", text, re.DOTALL):
        for column, values in re.findall(r"CHECK \((\w+) IN \((.*?)\)\)", body, re.DOTALL):
            found[table, column] = set(re.findall(r"'(\w+)'", values))
    assert found == {place: {one.value for one in enum} for place, enum in CHECKED.items()}


def test_no_number_is_there_twice() -> None:
    assert [one.number for one in migrations()] == sorted({one.number for one in migrations()})


async def test_starting_again_changes_nothing(where: Path | str) -> None:
    await open_and_close(where)
    await open_and_close(where)


async def test_a_changed_migration_is_refused(where: Path | str) -> None:
    await open_and_close(where)
    run(where, "UPDATE migration SET checksum = 'other' WHERE number = 1")
    with pytest.raises(SchemaChanged):
        await open_and_close(where)


async def test_a_newer_schema_is_refused_and_the_file_given_back(where: Path | str) -> None:
    await open_and_close(where)
    run(where, "INSERT INTO migration (number, name, checksum) VALUES (999, 'later', '')")
    for _ in range(2):
        with pytest.raises(SchemaNewer):
            await open_and_close(where)


@pytest.mark.postgres
async def test_starters_at_once_migrate_once(postgres_database: str) -> None:
    await asyncio.gather(*(open_and_close(postgres_database) for _ in range(4)))
    with psycopg.connect(postgres_database) as connection:
        numbers: Iterable[tuple[int]] = connection.execute("SELECT number FROM migration").fetchall()
        assert [number for (number,) in numbers] == [one.number for one in migrations()]
