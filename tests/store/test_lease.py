"""Claims, leases, lanes and sweeps, by a clock that the test moves."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from payproof.model.job import JobKind, Lease, LeaseLost
from payproof.model.tenant import Tenant
from payproof.store import Store, Tx, job, lease, tenant_clock
from payproof.store.dialect import SystemSql
from payproof.store.job import Held
from payproof.store.store import Tenancy
from payproof.testing.clock import ManualClock

KIND = JobKind.VERIFY


async def claim(store: Store, worker: str = "A", limit: int = 8) -> list[Lease]:
    return await store.everywhere.write(lease.claim, KIND, worker, limit)


async def subjects(store: Store, worker: str = "A", limit: int = 8) -> list[str]:
    return [one.subject for one in await claim(store, worker, limit)]


def give_back(tx: Tx, held: Lease, seconds: float = 60) -> None:
    mine = Held(held, held.turn)
    job.postpone(tx, mine, job.check_fence(tx, mine), tx.now + timedelta(seconds=seconds))


def done(tx: Tx, held: Lease) -> None:
    mine = Held(held, held.turn)
    job.finish(tx, mine, job.check_fence(tx, mine))


def bury(tx: Tx, held: Lease) -> None:
    mine = Held(held, held.turn)
    job.bury(tx, mine, job.check_fence(tx, mine))


async def test_work_is_handed_out_once_in_order_of_need(store: Store, tenant: Tenant, wall: ManualClock) -> None:
    for name in ("first", "second", "third"):
        await store.of(tenant).write(job.enqueue, KIND, name)
        wall.move(seconds=1)
    await store.of(tenant).write(lambda tx: job.enqueue(tx, KIND, "later", at=tx.now + timedelta(hours=1)))
    assert await subjects(store, limit=2) == ["first", "second"]
    assert await subjects(store, "B") == ["third"]
    assert await subjects(store) == []
    assert await store.everywhere.read(lease.next_due, KIND) == wall() + timedelta(hours=1)


async def test_a_silent_worker_loses_its_lease_after_15_seconds_and_each_silence_costs_a_longer_pause(
    store: Store, tenant: Tenant, wall: ManualClock
) -> None:
    await store.of(tenant).write(job.enqueue, KIND, "task")
    for tries, pause in ((1, 0), (2, 1), (3, 5), (4, 30), (5, 30)):
        [held] = await claim(store)
        assert held.tries == tries
        wall.move(seconds=15)
        assert not await store.everywhere.read(lease.needs_sweep)
        wall.move(seconds=0.001)
        assert await store.everywhere.read(lease.needs_sweep)
        await store.everywhere.write(lease.sweep)
        due = await store.everywhere.read(lease.next_due, KIND)
        assert due == wall() + timedelta(seconds=pause)
        wall.move(seconds=pause)
        with pytest.raises(LeaseLost):
            await store.of(tenant).write(done, held)


async def test_renewal_reaches_only_what_is_running(store: Store, tenant: Tenant, wall: ManualClock) -> None:
    """A step that failed without a trace must not keep its lease because its worker lives."""
    for name in ("running", "forgotten"):
        await store.of(tenant).write(job.enqueue, KIND, name)
    held = {one.subject: one for one in await claim(store)}
    wall.move(seconds=10)
    await store.everywhere.write(lease.renew, "A", [held["running"]])
    wall.move(seconds=10)
    await store.everywhere.write(lease.sweep)
    assert await subjects(store, "B") == ["forgotten"]


async def test_a_fence_is_never_used_twice(store: Store, tenant: Tenant, wall: ManualClock) -> None:
    """Work that was finished and is asked for again has a new row: who held the old one must not pass for its owner."""
    of = store.of(tenant)
    await of.write(job.enqueue, KIND, "again")
    [sleeper] = await claim(store)
    wall.move(seconds=20)
    await store.everywhere.write(lease.sweep)
    [other] = await claim(store, "B")
    await of.write(done, other)
    await of.write(job.enqueue, KIND, "again")
    [third] = await claim(store, "B")
    with pytest.raises(LeaseLost):
        await of.write(done, sleeper)
    await of.write(done, third)


async def test_a_wish_while_a_step_runs_makes_it_due_again(store: Store, tenant: Tenant, wall: ManualClock) -> None:
    of = store.of(tenant)
    for ending in (done, give_back):
        await of.write(job.enqueue, KIND, "task")
        [held] = await claim(store)
        await of.write(job.enqueue, KIND, "task")
        await of.write(ending, held)
        [again] = await claim(store)
        await of.write(done, again)
        assert await of.read(job.next_open) is None


async def test_the_earlier_of_two_wishes_counts(store: Store, tenant: Tenant, wall: ManualClock) -> None:
    """To ask for later what is due now does not put it off."""
    of = store.of(tenant)
    await of.write(job.enqueue, KIND, "task")
    await of.write(lambda tx: job.enqueue(tx, KIND, "task", at=tx.now + timedelta(hours=1)))
    assert await subjects(store) == ["task"]


async def test_one_job_of_a_lane_runs_and_the_next_follows_at_once(store: Store, tenant: Tenant) -> None:
    of = store.of(tenant)
    for name in ("one", "two", "three"):
        await of.write(job.enqueue, KIND, name, lane="link 1")
    await of.write(job.enqueue, KIND, "free", lane="link 2")
    held = await claim(store)
    assert [one.subject for one in held] == ["one", "free"]
    assert await subjects(store, "B") == []
    await of.write(done, held[0])
    [second] = await claim(store, "B")
    assert second.subject == "two"
    await store.everywhere.write(lease.void_worker, "B")
    assert sorted([*await subjects(store), *await subjects(store)]) in (["three"], ["two"])
    assert not await store.everywhere.read(lease.needs_sweep)


async def _void_worker(store: Store, of: Tenancy, held: Lease, wall: ManualClock) -> None:
    await store.everywhere.write(lease.void_worker, "A")


async def _void(store: Store, of: Tenancy, held: Lease, wall: ManualClock) -> None:
    await store.everywhere.write(lease.void, held)


async def _fall_silent(store: Store, of: Tenancy, held: Lease, wall: ManualClock) -> None:
    wall.move(seconds=16)
    await store.everywhere.write(lease.sweep)


ENDS = {
    "finished": lambda store, of, held, wall: of.write(done, held),
    "postponed": lambda store, of, held, wall: of.write(give_back, held),
    "buried": lambda store, of, held, wall: of.write(bury, held),
    "voided": _void,
    "its worker left": _void_worker,
    "its worker fell silent": _fall_silent,
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
async def test_however_a_lease_ends_the_next_of_its_lane_comes_forward(
    end: Callable[[Store, Tenancy, Lease, ManualClock], Awaitable[None]],
    store: Store,
    tenant: Tenant,
    wall: ManualClock,
) -> None:
    of = store.of(tenant)
    await of.write(job.enqueue, KIND, "one", lane="link 1")
    [held] = await claim(store)
    await of.write(job.enqueue, KIND, "two", lane="link 1")
    assert await subjects(store) == [], "parked"
    await end(store, of, held, wall)
    parked = await store.everywhere.read(lambda tx: tx.one(SystemSql("SELECT SUM(is_parked) FROM job")))
    assert parked == (0,)


async def test_the_sweep_frees_what_is_parked_behind_nobody(store: Store, tenant: Tenant) -> None:
    """It should not happen; if it does, nobody waits for ever."""
    await store.of(tenant).write(job.enqueue, KIND, "one", lane="link 1")
    await store.everywhere.write(lambda tx: tx.put(SystemSql("UPDATE job SET is_parked = 1")))
    assert await subjects(store) == []
    assert await store.everywhere.read(lease.needs_sweep)
    await store.everywhere.write(lease.sweep)
    assert await subjects(store) == ["one"]


async def test_a_lane_has_as_many_jobs_running_as_it_has_slots(store: Store, tenant: Tenant) -> None:
    of = store.of(tenant)
    for number in range(60):
        await of.write(job.enqueue, KIND, f"delivery {number}", lane="webhook", slots=4)
    running = await claim(store, limit=60)
    assert len(running) == 4
    finished = 0
    while running:
        for one in running:
            await of.write(done, one)
            finished += 1
        running = await claim(store, limit=60)
        assert len(running) <= 4
    assert finished == 60


async def test_what_was_given_up_stays_visible_and_may_be_asked_for_again(store: Store, tenant: Tenant) -> None:
    of = store.of(tenant)
    await of.write(job.enqueue, KIND, "task")
    [held] = await claim(store)

    await of.write(bury, held)
    assert [(one.kind, one.subject) for one in await of.read(job.dead_jobs)] == [("verify", "task")]
    assert await subjects(store) == []
    await of.write(job.enqueue, KIND, "task")
    [again] = await claim(store)
    assert (again.tries, await of.read(job.dead_jobs)) == (1, [])


async def test_a_clock_that_stands_makes_nothing_due_until_it_comes_there(
    store: Store, tenant: Tenant, wall: ManualClock
) -> None:
    of = store.of(tenant)
    start = wall()
    await of.write(tenant_clock.freeze, start)
    await of.write(lambda tx: job.enqueue(tx, KIND, "task", at=start + timedelta(days=3)))
    wall.move(seconds=4 * 86400)
    assert await subjects(store) == []
    assert await store.everywhere.read(lease.next_due, KIND) is None
    await of.write(tenant_clock.freeze, start + timedelta(days=3))
    [held] = await claim(store)
    await of.write(give_back, held)
    assert await subjects(store) == []
    await of.write(tenant_clock.tick)
    assert await store.everywhere.read(lease.next_due, KIND) == wall() + timedelta(seconds=60)
    with pytest.raises(tenant_clock.ClockBackward):
        await of.write(tenant_clock.freeze, start)
