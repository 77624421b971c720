"""What has been kept long enough goes, in pieces, when there is something, and nothing goes that is still owed."""

from datetime import datetime, timedelta

import pytest

from payproof.engine.advance import Advance
from payproof.engine.step import run_steps
from payproof.engine.work import Workflow
from payproof.model.event import EventType
from payproof.model.job import JobKind
from payproof.model.tenant import Tenant
from payproof.model.webhook import DeliveryStatus
from payproof.store import Store, Tx, expiry, job, lease, tenant_clock, webhook, webhook_request
from payproof.store.delivery import deliveries
from payproof.store.dialect import Sql
from payproof.store.event import add_event, events, events_after, newest_position
from payproof.testing.clock import ManualClock
from payproof.workflows.expire import Expire
from tests import acting
from tests.stepping import Actor
from tests.workflows.working import work_off

EXPIRE: dict[JobKind, Workflow] = {JobKind.EXPIRE: Expire()}
_REQUESTS = Sql("SELECT created_at FROM webhook_request WHERE tenant = :tenant")
_WEBHOOKS = Sql("SELECT id FROM webhook WHERE tenant = :tenant")
DAY = timedelta(days=1)


def happen(tx: Tx, count: int = 1) -> None:
    """Events, of which every webhook has heard."""
    for _ in range(count):
        add_event(tx, EventType.LINK_CONNECTED, user_id=None, facts={})
    for one in deliveries(tx):
        if one.status is DeliveryStatus.PENDING:
            webhook_request.note_try(tx, one, DeliveryStatus.DELIVERED, status_code=200, body=b"{}")


def left(tx: Tx) -> tuple[int, int, int]:
    """How many attempts, deliveries and events there are."""
    return len(tx.all(_REQUESTS)), len(deliveries(tx)), len(events(tx))


async def due(store: Store) -> datetime | None:
    return await store.everywhere.read(lease.next_due, JobKind.EXPIRE)


async def test_what_is_older_than_thirty_days_goes_when_it_is_due(
    store: Store, tenant: Tenant, wall: ManualClock
) -> None:
    of, began = store.of(tenant), wall()
    await of.write(acting.add_webhook)
    assert await due(store) is None
    await of.write(happen, 3)
    assert await due(store) == began + 31 * DAY
    wall.move(to=began + 20 * DAY)
    await of.write(happen, 2)
    assert await due(store) == began + 31 * DAY, "one job, however much happens"
    wall.move(to=began + 31 * DAY)
    await work_off(store, EXPIRE)
    assert await of.read(left) == (2, 2, 2)
    assert await due(store) == began + 51 * DAY
    wall.move(to=began + 51 * DAY)
    await work_off(store, EXPIRE)
    assert await of.read(left) == (0, 0, 1)
    assert await due(store) is None, "nobody is woken for nothing"
    await of.write(happen)
    assert await due(store) == wall() + 31 * DAY


async def test_the_last_event_stays_so_that_positions_go_on(store: Store, tenant: Tenant, wall: ManualClock) -> None:
    """On SQLite the next event would get the place of the last one, and who goes on from there would miss it."""
    of = store.of(tenant)
    await of.write(happen, 3)
    place = await of.read(newest_position)
    wall.move(to=wall() + 40 * DAY)
    await work_off(store, EXPIRE)
    await of.write(happen)
    assert [event.created_at for _, event in await of.read(events_after, place)] == [wall()]


async def test_what_is_still_owed_stays_with_its_event(store: Store, tenant: Tenant, wall: ManualClock) -> None:
    of = store.of(tenant)
    await of.write(acting.add_webhook)
    await of.write(happen, 2)
    await of.write(lambda tx: add_event(tx, EventType.LINK_DELETED, user_id=None, facts={}))
    await of.write(lambda tx: webhook_request.note_try(tx, deliveries(tx)[2], DeliveryStatus.PENDING, status_code=500))
    wall.move(to=wall() + 35 * DAY)
    await of.write(lambda tx: webhook_request.note_try(tx, deliveries(tx)[2], DeliveryStatus.PENDING, status_code=500))
    await work_off(store, EXPIRE)
    assert await of.read(left) == (1, 1, 1)
    assert await due(store) == wall() + DAY
    await of.write(lambda tx: webhook_request.note_try(tx, deliveries(tx)[0], DeliveryStatus.FAILED, status_code=500))
    for _ in range(3):
        wall.move(to=(await due(store)) or wall() + DAY)
        await work_off(store, EXPIRE)
    assert await of.read(left) == (2, 1, 1), "the history of the last thirty days has what was sent"
    wall.move(to=wall() + 31 * DAY)
    await work_off(store, EXPIRE)
    assert await of.read(left) == (0, 0, 1)


async def test_a_webhook_that_was_removed_goes_after_its_history(
    store: Store, tenant: Tenant, wall: ManualClock
) -> None:
    of = store.of(tenant)
    hook = await of.write(acting.add_webhook)
    await of.write(acting.add_webhook, "https://other.example/")
    await of.write(happen)
    await of.write(webhook.remove_webhook, hook.id)
    await of.write(happen)
    wall.move(to=wall() + 31 * DAY)
    await work_off(store, EXPIRE)
    assert len(await of.read(lambda tx: tx.all(_WEBHOOKS))) == 1


@pytest.mark.parametrize("commits", range(1, 8))
async def test_a_crash_after_any_piece_leads_to_the_same_end(
    store: Store, tenant: Tenant, wall: ManualClock, commits: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expiry, "PIECE", 3)
    of = store.of(tenant)
    await of.write(acting.add_webhook)
    await of.write(happen, 5)
    wall.move(to=wall() + 40 * DAY)
    await of.write(happen, 1)
    [held] = await store.everywhere.write(lease.claim, JobKind.EXPIRE, "mortal", 1)
    actor = Actor(store, "mortal")
    actor.start(run_steps(actor.store, Expire(), held))
    while actor.commits < commits and not actor.is_over:
        actor.dies_after_commit = actor.commits == commits - 1
        await actor.step()
    wall.move(seconds=16)
    await store.everywhere.write(lease.sweep)
    await work_off(store, EXPIRE)
    assert await of.read(left) == (1, 1, 1)
    assert await due(store) == (await of.read(events))[0].created_at + 31 * DAY


async def test_a_test_clock_that_moves_by_half_a_year_is_not_stopped_and_shows_what_happened_on_the_way(
    store: Store, tenant: Tenant, wall: ManualClock
) -> None:
    of = store.of(tenant)
    await of.write(acting.add_webhook)
    await of.write(happen, 2)
    await of.write(_forget_deliveries)
    start = wall()
    await of.write(tenant_clock.advance, start + 181 * DAY)
    looks = await work_off(store, {JobKind.ADVANCE: Advance()})
    assert looks <= 2, "there is nothing on the way"
    assert (await of.read(lambda tx: tx.now)) == start + 181 * DAY
    assert await of.read(job.next_open) is None
    await work_off(store, EXPIRE)
    assert await of.read(left) == (0, 0, 2)
    assert await due(store) is None


def _forget_deliveries(tx: Tx) -> None:
    """Their jobs, as if they were done."""
    job.drop_jobs(tx, JobKind.DELIVER, [one.id for one in deliveries(tx)])
