"""The loop itself, in real time but without waiting: everything is awaited by its event."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import structlog

from payproof.engine.engine import Engine
from payproof.engine.work import Work, Workflow
from payproof.model.id import ClientId
from payproof.model.job import JobKind
from payproof.model.task import TaskStatus
from payproof.model.tenant import Environment, Tenant
from payproof.services import attempt as attempts
from payproof.store import Store, Tx, job
from payproof.store import task as tasks
from payproof.store.key import ensure_tenant
from payproof.testing.scripted import Scripted
from payproof.workflows.verify import Verify
from tests import acting
from tests.databases import MASTER_KEY
from tests.postgres import running_postgres

VERIFY = Verify({"scripted": Scripted()}, lambda *_: None, "")  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()


@pytest.fixture
async def live(where: Path | str) -> AsyncIterator[Store]:
    """A store by the real clock."""
    store = Store(where, MASTER_KEY, synchronous="OFF")
    await store.start()
    yield store
    await store.stop()


@asynccontextmanager
async def working(store: Store, workflows: Mapping[JobKind, Workflow]) -> AsyncIterator[None]:
    stop = asyncio.Event()
    running = asyncio.create_task(Engine(store, workflows).run(stop))
    try:
        yield
    finally:
        stop.set()
        await running


async def tenant_of(store: Store) -> Tenant:
    return await store.everywhere.write(ensure_tenant, ClientId("client"), Environment.SANDBOX, "seed")


async def until(store: Store, tenant: Tenant, task_id: str, *statuses: TaskStatus, seconds: float = 30) -> TaskStatus:
    """Wait for the task to come to one of these, woken by its changes."""
    async with asyncio.timeout(seconds):
        with store.changes.watch([task_id]) as changed:
            while True:
                changed.clear()
                found = await store.of(tenant).read(tasks.task, task_id)
                assert found is not None
                if found.status in statuses:
                    return found.status
                await changed.wait()


async def test_a_task_goes_through_a_question_to_its_end(live: Store) -> None:
    tenant = await tenant_of(live)
    async with working(live, {JobKind.VERIFY: VERIFY}):
        session, begun = await live.of(tenant).write(acting.begin, "ask.ask")
        for _ in range(2):
            await until(live, tenant, begun.task.id, TaskStatus.MFA)
            async with asyncio.timeout(10):
                while not await live.of(tenant).write(acting.answer, session, begun.task.id, "yes"):
                    pass
        await until(live, tenant, begun.task.id, TaskStatus.DONE)


class Stubborn:
    """Fails at every step."""

    def __init__(self) -> None:
        self.steps = 0

    async def step(self, work: Work) -> None:
        self.steps += 1
        raise LookupError

    async def give_up(self, work: Work) -> None:
        await VERIFY.give_up(work)


async def test_the_fifth_try_without_outcome_is_the_last(live: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("payproof.store.lease.BACKOFF_SECONDS", (0, 0, 0, 0))
    tenant = await tenant_of(live)
    stubborn = Stubborn()
    async with working(live, {JobKind.VERIFY: stubborn}):
        _, begun = await live.of(tenant).write(acting.begin, "x")
        await until(live, tenant, begun.task.id, TaskStatus.ERROR)
    assert stubborn.steps == 5
    [dead] = await live.of(tenant).read(job.dead_jobs)
    assert (dead.kind, dead.subject) == ("verify", begun.task.id)
    ended = await live.of(tenant).read(tasks.task, begun.task.id)
    assert ended is not None
    assert ended.error_reason == "gave_up"


class Endless:
    """Never comes to an outcome."""

    def __init__(self) -> None:
        self.has_begun = asyncio.Event()

    async def step(self, work: Work) -> None:
        self.has_begun.set()
        await asyncio.Event().wait()

    async def give_up(self, work: Work) -> None: ...


async def test_an_engine_that_stops_gives_back_what_it_has_not_finished(live: Store) -> None:
    tenant = await tenant_of(live)
    endless = Endless()
    async with working(live, {JobKind.VERIFY: endless}):
        _, begun = await live.of(tenant).write(acting.begin, "x")
        async with asyncio.timeout(10):
            await endless.has_begun.wait()
    assert await live.of(tenant).read(job.next_open) is not None
    async with working(live, {JobKind.VERIFY: VERIFY}):
        await until(live, tenant, begun.task.id, TaskStatus.DONE)


async def test_many_waiting_tasks_cost_no_coroutine_each_and_each_goes_on_when_answered(live: Store) -> None:
    tenant = await tenant_of(live)
    of = live.of(tenant)
    async with working(live, {JobKind.VERIFY: VERIFY}):
        begun = await asyncio.gather(*(of.write(acting.begin, "ask") for _ in range(150)))
        for _, attempt in begun:
            await until(live, tenant, attempt.task.id, TaskStatus.MFA)
        async with asyncio.timeout(10):
            while len(asyncio.all_tasks()) > 12:
                await of.write(lambda tx: None)
        session, attempt = begun[70]
        seen = await of.read(attempts.attempt, session, attempt.task.id)
        assert seen is not None
        assert seen.asked is not None
        assert await of.write(acting.answer, session, attempt.task.id, "yes")
        await until(live, tenant, attempt.task.id, TaskStatus.DONE, seconds=5)


@pytest.mark.postgres
async def test_two_workers_share_and_nothing_is_done_twice(postgres_store_url: str) -> None:
    stores = [Store(postgres_store_url, MASTER_KEY, connections=3) for _ in range(2)]
    for store in stores:
        await store.start()
    tenant = await tenant_of(stores[0])
    async with working(stores[0], {JobKind.VERIFY: VERIFY}), working(stores[1], {JobKind.VERIFY: VERIFY}):
        begun = await asyncio.gather(*(stores[0].of(tenant).write(acting.begin, "x") for _ in range(40)))
        for _, attempt in begun:
            await until(stores[0], tenant, attempt.task.id, TaskStatus.DONE)

    def versions(tx: Tx) -> set[int]:
        found = [tasks.task(tx, attempt.task.id) for _, attempt in begun]
        return {one.version for one in found if one is not None}

    assert await stores[0].of(tenant).read(versions) == {5}
    for store in stores:
        await store.stop()


@pytest.mark.postgres
async def test_work_goes_on_by_itself_after_the_server_restarts() -> None:
    with running_postgres() as postgres:
        store = Store(postgres.url, MASTER_KEY)
        await store.start()
        tenant = await tenant_of(store)
        async with working(store, {JobKind.VERIFY: VERIFY}):
            before = [await store.of(tenant).write(acting.begin, "x") for _ in range(5)]
            await asyncio.to_thread(postgres.restart, at_once=True)
            after = [await store.of(tenant).write(acting.begin, "x") for _ in range(5)]
            for _, attempt in before + after:
                await until(store, tenant, attempt.task.id, TaskStatus.DONE)
        await store.stop()
