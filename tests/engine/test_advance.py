"""A test clock that is brought forward: from due moment to due moment, never back, and the same way each time."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from payproof.engine.advance import Advance
from payproof.engine.step import run_steps
from payproof.engine.work import Workflow
from payproof.model.id import ClientId, new_id
from payproof.model.job import JobKind
from payproof.model.task import TaskStatus
from payproof.model.tenant import Environment, Tenant
from payproof.store import Store, Tx, event, job, lease, tenant_clock
from payproof.store import task as tasks
from payproof.store.key import ensure_tenant
from payproof.testing.clock import ManualClock
from payproof.testing.scripted import Scripted
from payproof.workflows.verify import Verify
from tests import acting
from tests.simulation.truth import renamed

WORKFLOWS: dict[JobKind, Workflow] = {
    JobKind.VERIFY: Verify({"scripted": Scripted()}, lambda *_: None, ""),  # type: ignore[arg-type]
    JobKind.ADVANCE: Advance(),
}
START = datetime.fromisoformat("2026-02-01T08:00:00Z")


async def work_off(store: Store, wall: ManualClock) -> None:
    """Everything that is due or becomes due within seconds of the wall."""
    for _ in range(500):
        leased = [one for kind in WORKFLOWS for one in await store.everywhere.write(lease.claim, kind, "worker", 1)]
        for one in leased:
            await run_steps(store, WORKFLOWS[one.kind], one)
        if not leased:
            due = [await store.everywhere.read(lease.next_due, kind) for kind in WORKFLOWS]
            if not any(due):
                return
            wall.move(to=min(one for one in due if one is not None))
    raise AssertionError("it never came to rest")


async def half_a_year(store: Store, wall: ManualClock) -> tuple[list[Any], datetime]:
    """The same story for a new tenant: what was announced, with ids renamed, and where its clock stands."""
    tenant = await store.everywhere.write(ensure_tenant, ClientId(new_id()), Environment.SANDBOX, "seed")
    of = store.of(tenant)
    await of.write(tenant_clock.freeze, START)
    for script in ("x", "ask", "wait.ask", "refuse"):
        await of.write(acting.begin, script)
        await work_off(store, wall)
        await of.write(_advance_by, timedelta(minutes=7))
        await work_off(store, wall)
    await of.write(lambda tx: tenant_clock.advance(tx, START + timedelta(days=181)))
    await work_off(store, wall)
    return renamed(await of.read(event.events)), await of.read(lambda tx: tx.now)


def _advance_by(tx: Tx, span: timedelta) -> None:
    tenant_clock.advance(tx, tx.now + span)


def _owe_something_later(tx: Tx) -> None:
    """Beyond where these tests go: a clock that has nothing before it is there at once."""
    job.enqueue(tx, JobKind.DELIVER, "nobody does this", at=tx.now + timedelta(days=30))


async def test_a_clock_with_nothing_before_it_is_there_at_once(store: Store, tenant: Tenant, wall: ManualClock) -> None:
    of = store.of(tenant)
    start = wall()
    await of.write(lambda tx: tenant_clock.advance(tx, start + timedelta(days=181)))
    assert await of.read(lambda tx: tx.now) == start + timedelta(days=181)
    assert await store.everywhere.write(lease.claim, JobKind.ADVANCE, "worker", 1) == []


async def test_half_a_year_passes_twice_the_same_way(store: Store, wall: ManualClock) -> None:
    wall.move(to=START - timedelta(days=400))
    first, stands_at = await half_a_year(store, wall)
    wall.move(seconds=98765)
    second, _ = await half_a_year(store, wall)
    assert first == second
    assert stands_at == START + timedelta(days=181)
    assert len(first) > 15


async def test_what_waits_ends_at_its_deadline_not_at_the_target(
    store: Store, tenant: Tenant, wall: ManualClock
) -> None:
    of = store.of(tenant)
    await of.write(tenant_clock.freeze, wall())
    _, begun = await of.write(acting.begin, "ask")
    await work_off(store, wall)
    await of.write(_advance_by, timedelta(days=181))
    await work_off(store, wall)
    ended = await of.read(tasks.task, begun.task.id)
    assert ended is not None
    assert (ended.status, ended.updated_at) == (TaskStatus.MFA_ERROR, ended.deadline_at)
    assert await of.read(job.next_open) is None


async def test_it_never_goes_back(store: Store, tenant: Tenant, wall: ManualClock) -> None:
    of = store.of(tenant)
    now = wall()
    with pytest.raises(tenant_clock.ClockBackward):
        await of.write(lambda tx: tenant_clock.advance(tx, now - timedelta(seconds=1)))
    assert (await of.read(lambda tx: tx.clock)).frozen_at_us is None


async def test_a_clock_that_is_set_ticking_meanwhile_is_not_frozen_again(
    store: Store, tenant: Tenant, wall: ManualClock
) -> None:
    of = store.of(tenant)
    await of.write(_owe_something_later)
    await of.write(_advance_by, timedelta(days=2))
    assert (await of.read(lambda tx: tx.clock)).is_advancing
    await of.write(tenant_clock.tick)
    await work_off(store, wall)
    assert (await of.read(lambda tx: tx.clock)).frozen_at_us is None


async def test_a_second_wish_takes_it_further(store: Store, tenant: Tenant, wall: ManualClock) -> None:
    of = store.of(tenant)
    start = wall()
    await of.write(_owe_something_later)
    await of.write(lambda tx: tenant_clock.advance(tx, start + timedelta(days=2)))
    [held] = await store.everywhere.write(lease.claim, JobKind.ADVANCE, "worker", 1)
    await of.write(lambda tx: tenant_clock.advance(tx, start + timedelta(days=5)))
    await run_steps(store, WORKFLOWS[JobKind.ADVANCE], held)
    await work_off(store, wall)
    assert await of.read(lambda tx: tx.now) == start + timedelta(days=5)
