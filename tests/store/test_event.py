"""Events in the order in which they become visible: whoever goes on from the last one has missed none."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from payproof.model.event import EventType
from payproof.model.id import ClientId
from payproof.model.tenant import Environment, Tenant
from payproof.store import Store, Tx
from payproof.store.event import add_event, events_after, newest_position
from payproof.store.key import ensure_tenant
from tests.databases import MASTER_KEY


def happen(tx: Tx, name: str) -> None:
    add_event(tx, EventType.LINK_CONNECTED, user_id=name, facts={}, task="t" + name)


async def names_after(store: Store, tenant: Tenant, position: int) -> list[str | None]:
    return [event.user_id for _, event in await store.of(tenant).read(events_after, position)]


async def test_events_of_one_transaction_keep_their_order(store: Store, tenant: Tenant) -> None:
    def several(tx: Tx) -> None:
        for name in "abcdef":
            happen(tx, name)

    await store.of(tenant).write(several)
    assert await names_after(store, tenant, 0) == list("abcdef")


async def test_what_is_filtered_and_what_is_too_much_comes_later(store: Store, tenant: Tenant) -> None:
    of = store.of(tenant)
    for name in "abca":
        await of.write(happen, name)
    found = await of.read(events_after, 0, user_id="a")
    assert [event.user_id for _, event in found] == ["a", "a"]
    assert await of.read(events_after, 0, kinds=[EventType.LINK_DELETED]) == []
    assert len(await of.read(events_after, 0, kinds=[EventType.LINK_CONNECTED], task_id="ta")) == 2
    [(first, _)] = await of.read(events_after, 0, limit=1)
    assert await names_after(store, tenant, first) == list("bca")
    assert await of.read(newest_position) == found[-1][0]


async def test_a_ring_is_heard_after_the_commit(store: Store, tenant: Tenant) -> None:
    with store.changes.watch([tenant.id]) as changed:
        await store.of(tenant).write(happen, "a")
        await asyncio.wait_for(changed.wait(), 20)


@pytest.mark.postgres
async def test_a_ring_is_heard_in_another_process_too(postgres_store_url: str) -> None:
    async with opened(postgres_store_url) as here, opened(postgres_store_url) as there:
        tenant = await here.everywhere.write(ensure_tenant, ClientId("client"), Environment.SANDBOX, "seed")
        with here.changes.watch([tenant.id]) as changed:
            await there.of(tenant).write(happen, "a")
            await asyncio.wait_for(changed.wait(), 20)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Store]:
    store = Store(url, MASTER_KEY)
    await store.start()
    try:
        yield store
    finally:
        await store.stop()


class Slow:
    """A transaction that has written its event and then stands until it is let go."""

    def __init__(self, store: Store, tenant: Tenant, name: str) -> None:
        self._go = threading.Event()
        self._wrote = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self.written = asyncio.create_task(store.of(tenant).write(self._unit, name))

    async def has_written(self) -> None:
        await self._wrote.wait()

    async def commit(self) -> None:
        self._go.set()
        await self.written

    def _unit(self, tx: Tx, name: str) -> None:
        happen(tx, name)
        self._loop.call_soon_threadsafe(self._wrote.set)
        assert self._go.wait(20)


class Reader:
    """Goes on from the last position it saw."""

    def __init__(self, store: Store, tenant: Tenant) -> None:
        self._of = store.of(tenant)
        self._position = 0
        self.seen: list[str | None] = []

    async def go_on(self, limit: int = 100) -> bool:
        """Whether there was anything."""
        found = await self._of.read(events_after, self._position, limit=limit)
        self.seen += [event.user_id for _, event in found]
        self._position = found[-1][0] if found else self._position
        return bool(found)


ORDERS: list[Callable[[str], str]] = [str, lambda names: names[::-1], lambda names: names[1:] + names[:1]]


@pytest.mark.parametrize("order", ORDERS, ids=["as written", "backward", "turned"])
async def test_a_reader_misses_nothing_whatever_order_transactions_commit_in(
    store: Store, tenant: Tenant, order: Callable[[str], str]
) -> None:
    """On SQLite there is one writer, so this is about PostgreSQL."""
    if not store.is_postgres:
        pytest.skip("one writer")
    names = "abcd"
    slow = {}
    for name in names:
        slow[name] = Slow(store, tenant, name)
        await slow[name].has_written()
    reader = Reader(store, tenant)
    for name in order(names):
        await slow[name].commit()
        await reader.go_on()
    assert reader.seen == list(order(names))


async def test_many_writers_at_once_and_a_reader_who_goes_on(store: Store, tenant: Tenant) -> None:
    of = store.of(tenant)
    reader = Reader(store, tenant)

    async def write(name: int) -> None:
        for number in range(10):
            await of.write(happen, f"{name} {number}")

    writing = asyncio.gather(*(write(name) for name in range(8)))
    is_written: set[Any] = set()
    while not is_written:
        is_written, _ = await asyncio.wait([writing], timeout=0)
        while await reader.go_on(limit=7):
            pass
    assert sorted(map(str, reader.seen)) == sorted(f"{name} {number}" for name in range(8) for number in range(10))
