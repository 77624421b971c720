"""What is carried out in a backup is everything that there is, whatever the next migration adds."""

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from payproof.store import Store
from payproof.store import shape as shapes
from payproof.store.migration import migrations
from payproof.store.shape import VOLATILE, tables
from tests.databases import MASTER_KEY

ALL = [migration.number for migration in migrations()]
_SQLITE = "SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"
_POSTGRES = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"


async def test_every_column_of_every_table_is_carried(where: Path | str) -> None:
    store = Store(where, MASTER_KEY)
    await store.start()
    await store.stop()
    if isinstance(where, Path):
        with closing(sqlite3.connect(where)) as sqlite:
            there = set(sqlite.execute(_SQLITE))
    else:
        with psycopg.connect(where) as postgres:
            there = set(postgres.execute(_POSTGRES))
    carried = {(table.name, column.name) for table in tables(ALL) for column in table.columns}
    assert {place for place in there if place[0] != "migration"} == carried


def test_what_is_volatile_is_there() -> None:
    carried = {table.name: {column.name for column in table.columns} for table in tables(ALL)}
    assert all(columns <= carried[name] for name, columns in VOLATILE.items())


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ("CREATE TABLE t (id TEXT PRIMARY KEY, at TIMESTAMP)", "t.at is TIMESTAMP"),
        ("CREATE TABLE t (id TEXT)", "t has no primary key"),
    ],
)
def test_what_cannot_be_carried_is_named(schema: str, words: str) -> None:
    with closing(sqlite3.connect(":memory:")) as made:
        made.execute(schema)
        with pytest.raises(shapes.Unmovable, match=words):
            shapes._table(made, "t")
