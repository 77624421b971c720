"""Units of work: all or nothing each, whoever else is in the group, and never answered before COMMIT."""

import asyncio
import sqlite3
from pathlib import Path

import psycopg
import pytest

from payproof.model.tenant import Tenant
from payproof.store import Store, SystemTx, Tx, provider, user
from payproof.store.dialect import SystemSql
from payproof.store.window import Window
from payproof.testing.clock import ManualClock
from tests import acting
from tests.databases import MASTER_KEY

COUNT = "SELECT COUNT(*) FROM app_user"


class Refused(Exception):
    pass


def add_and_refuse(tx: Tx) -> None:
    acting.add_person(tx)
    raise Refused


def committed(where: Path | str) -> int:
    """How many people there are for somebody who opens the database now."""
    connection = sqlite3.connect(where) if isinstance(where, Path) else psycopg.connect(where)
    try:
        [(count,)] = connection.execute(COUNT).fetchall()
        return int(count)
    finally:
        connection.close()


async def test_one_unit_that_fails_harms_no_other_of_its_group(store: Store, tenant: Tenant) -> None:
    of = store.of(tenant)
    units = [of.write(add_and_refuse if number % 3 == 0 else acting.add_person) for number in range(30)]
    results = await asyncio.gather(*units, return_exceptions=True)
    assert sum(isinstance(one, Refused) for one in results) == 10
    assert (await of.read(user.users, window=Window()))[0] == 20


async def test_nobody_is_answered_before_commit(store: Store, tenant: Tenant, where: Path | str) -> None:
    async def add() -> int:
        await store.of(tenant).write(acting.add_person)
        return committed(where)

    seen = await asyncio.gather(*(add() for _ in range(8)))
    assert min(seen) >= 1
    assert max(seen) == 8


async def test_a_cancelled_caller_does_not_undo_what_commits(store: Store, tenant: Tenant, where: Path | str) -> None:
    of = store.of(tenant)
    caller = asyncio.create_task(of.write(acting.begin, "x"))
    await asyncio.sleep(0)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    await of.write(acting.begin, "x")
    async with asyncio.timeout(10):
        while committed(where) < 2:
            await of.write(lambda tx: None)


async def test_a_read_can_write_nothing(store: Store, tenant: Tenant) -> None:
    with pytest.raises((sqlite3.OperationalError, psycopg.errors.ReadOnlySqlTransaction)):
        await store.of(tenant).read(acting.add_person)
    assert (await store.of(tenant).read(user.users, window=Window()))[0] == 0


async def test_a_read_sees_one_moment(store: Store, tenant: Tenant, where: Path | str) -> None:
    def count_around_a_write(tx: Tx) -> tuple[int, int]:
        before = user.users(tx, window=Window())[0]
        write_beside(where)
        return before, user.users(tx, window=Window())[0]

    assert await store.of(tenant).read_long(count_around_a_write) == (0, 0)


def write_beside(where: Path | str) -> None:
    insert = "INSERT INTO meta (name, value) VALUES ('beside', '')"
    if isinstance(where, Path):
        with sqlite3.connect(where) as connection:
            connection.execute(insert)
        connection.close()
    else:
        with psycopg.connect(where) as other:
            other.execute(insert)


@pytest.mark.parametrize("breaking", ["ROLLBACK", "COMMIT"])
async def test_a_transaction_that_breaks_under_its_group_fails_loudly_and_the_next_one_works(
    tmp_path: Path, wall: ManualClock, breaking: str
) -> None:
    """On SQLite a full disk ends the transaction by itself; a ROLLBACK from within stands for it."""
    store = Store(tmp_path / "p.sqlite", MASTER_KEY, synchronous="OFF", wall=wall)
    await store.start()
    ending = SystemSql(breaking)
    answers = await asyncio.gather(
        store.everywhere.write(lambda tx: None),
        store.everywhere.write(lambda tx: tx.put(ending)),
        store.everywhere.write(lambda tx: None),
        return_exceptions=True,
    )
    assert any(isinstance(one, Exception) for one in answers)
    assert await store.everywhere.write(lambda tx: "works") == "works"
    await store.stop()


async def test_a_store_that_was_stopped_leaves_nobody_waiting(tmp_path: Path, wall: ManualClock) -> None:
    store = Store(tmp_path / "p.sqlite", MASTER_KEY, synchronous="OFF", wall=wall)
    await store.start()
    await store.stop()
    with pytest.raises(RuntimeError):
        await store.everywhere.write(lambda tx: None)


@pytest.mark.postgres
async def test_a_unit_that_goes_on_after_a_failed_statement_is_refused(postgres_store_url: str) -> None:
    """PostgreSQL would answer its COMMIT with a silent ROLLBACK."""
    store = Store(postgres_store_url, MASTER_KEY)
    await store.start()

    def swallow(tx: SystemTx) -> None:
        try:
            tx.all(SystemSql("SELECT 1 / 0"))
        except psycopg.Error:
            return

    with pytest.raises((RuntimeError, psycopg.Error)):
        await store.everywhere.write(swallow)
    assert await store.everywhere.read(provider.providers) == []
    await store.stop()
