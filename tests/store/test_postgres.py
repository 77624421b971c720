"""Units of work on a PostgreSQL that goes away and comes back."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from payproof.model.id import ClientId
from payproof.model.tenant import Environment, Tenant
from payproof.store import Store, Tx, task, user
from payproof.store.dialect import SystemSql
from payproof.store.key import ensure_tenant
from payproof.store.postgres import StoreUnavailable, connect, take_alone
from payproof.store.window import Window
from tests import acting
from tests.databases import MASTER_KEY
from tests.postgres import running_postgres
from tests.store.line import Line

CUT = SystemSql(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"
)

pytestmark = pytest.mark.postgres


@pytest.fixture
async def line(postgres_store_url: str) -> AsyncIterator[Line]:
    made = Line(postgres_store_url)
    yield made
    made.close()


@pytest.fixture
async def far_store(line: Line) -> AsyncIterator[Store]:
    store = Store(line.url, MASTER_KEY, connections=2)
    await store.start()
    yield store
    await store.stop()


async def tenant_of(store: Store) -> Tenant:
    return await store.everywhere.write(ensure_tenant, ClientId("client"), Environment.SANDBOX, "seed")


@pytest.mark.parametrize("delivered", [True, False], ids=["committed", "not committed"])
async def test_a_line_that_breaks_at_commit_neither_loses_nor_doubles(
    far_store: Store, line: Line, delivered: bool
) -> None:
    """It asks the server what came of it: done, it stays; not done, the unit is run again."""
    tenant = await tenant_of(far_store)
    runs: list[int] = []

    def add(tx: Tx) -> str:
        runs.append(1)
        return acting.add_person(tx)

    line.cut_at(b"COMMIT", delivered=delivered)
    person = await far_store.of(tenant).write(add)
    assert line.cuts == 1
    assert len(runs) == (1 if delivered else 2)
    count, [kept] = await far_store.of(tenant).read(user.users, window=Window())
    assert (count, kept.id) == (1, person)


async def test_a_line_that_breaks_before_commit_is_tried_again(far_store: Store, line: Line) -> None:
    tenant = await tenant_of(far_store)
    line.cut_at(b"INSERT INTO app_user", delivered=True)
    await far_store.of(tenant).write(acting.add_person)
    assert line.cuts == 1
    assert (await far_store.of(tenant).read(user.users, window=Window()))[0] == 1


async def test_two_units_that_make_the_same_row_both_succeed(postgres_store_url: str) -> None:
    """The second to commit finds the row on its second try, as if it had come later."""
    stores = [Store(postgres_store_url, MASTER_KEY) for _ in range(2)]
    for store in stores:
        await store.start()
    tenants = await asyncio.gather(*(tenant_of(store) for store in stores for _ in range(8)))
    assert len({tenant.id for tenant in tenants}) == 1
    for store in stores:
        await store.stop()


async def test_work_in_hand_outlives_a_restart_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    with running_postgres() as postgres:
        store = Store(postgres.url, MASTER_KEY)
        await store.start()
        tenant = await tenant_of(store)
        units = [asyncio.create_task(store.of(tenant).write(acting.add_person)) for _ in range(40)]
        await asyncio.to_thread(postgres.restart, at_once=True)
        people = await asyncio.gather(*units)
        count, _ = await store.of(tenant).read(user.users, window=Window())
        assert count == len(set(people)) == 40

        monkeypatch.setattr("payproof.store.postgres._PATIENCE_SECONDS", 0.2)
        await asyncio.to_thread(postgres.stop)
        with pytest.raises(StoreUnavailable):
            await store.of(tenant).write(acting.add_person)
        await store.stop()


async def test_a_server_starts_where_a_restore_has_just_ended(postgres_store_url: str) -> None:
    """PostgreSQL lets a session's locks go some time after its process has closed it."""
    alone = connect(postgres_store_url)
    take_alone(alone)
    asyncio.get_running_loop().call_later(0.1, alone.close)
    store = Store(postgres_store_url, MASTER_KEY)
    await store.start()
    assert alone.closed
    await store.stop()


async def test_what_one_process_commits_wakes_another(postgres_store_url: str) -> None:
    """And again after the line on which it listens was cut."""
    teller, listener = Store(postgres_store_url, MASTER_KEY), Store(postgres_store_url, MASTER_KEY)
    await teller.start()
    await listener.start()
    tenant = await tenant_of(teller)
    for _ in range(2):
        session, begun = await teller.of(tenant).write(acting.begin, "x")
        with listener.changes.watch([session.id]) as changed:
            async with asyncio.timeout(10):
                while not changed.is_set():
                    await teller.of(tenant).write(_touch, begun.task.id)
                    await asyncio.sleep(0.02)
        await teller.everywhere.write(lambda tx: tx.all(CUT))
    await teller.stop()
    await listener.stop()


def _touch(tx: Tx, task_id: str) -> None:
    found = task.task_to_change(tx, task_id)
    assert found is not None
    task.touch_task(tx, found)
