"""Stories of a webhook's delivery, by a clock that the test moves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from payproof.contract.event import SIGNATURE, sign
from payproof.engine.step import run_steps
from payproof.model.event import EventType
from payproof.model.job import JobKind
from payproof.model.replay import ReplayWish
from payproof.model.secret import Secret
from payproof.model.tenant import Tenant
from payproof.model.webhook import DeliveryStatus, Reply, Webhook, WebhookWish
from payproof.model.webhook_request import HistoryWish
from payproof.services.replay import replay
from payproof.services.webhook import add_webhook, change_webhook
from payproof.store import Store, Tx, Window, delivery, event, job, key, lease, tenant_clock, webhook, webhook_request
from payproof.testing.clock import ManualClock
from payproof.workflows.deliver import PAUSES_SECONDS, Deliver
from tests import acting
from tests.stepping import Actor
from tests.workflows.working import work_off

SECRET = Secret("sandbox-secret")


class Endpoint:
    """The client's side: hears everything, answers what it is told to."""

    def __init__(self) -> None:
        self.reply = Reply(200)
        self.heard: list[tuple[Mapping[str, str], bytes]] = []

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        self.heard.append((headers, body))
        return self.reply


@pytest.fixture
def endpoint() -> Endpoint:
    return Endpoint()


async def owe(store: Store, tenant: Tenant) -> None:
    def happen(tx: Tx) -> None:
        key.add_key(tx, SECRET)
        acting.add_webhook(tx)
        event.add_event(tx, EventType.LINK_CONNECTED, user_id=None, facts={"link_id": "1"})

    await store.of(tenant).write(happen)


async def status(store: Store, tenant: Tenant) -> DeliveryStatus:
    [one] = await store.of(tenant).read(delivery.deliveries)
    return one.status


async def test_it_is_signed_and_told_once(store: Store, tenant: Tenant, endpoint: Endpoint) -> None:
    await owe(store, tenant)
    await work_off(store, {JobKind.DELIVER: Deliver(endpoint.post)})
    [(headers, body)] = endpoint.heard
    assert headers[SIGNATURE] == sign(body, SECRET)
    [one] = await store.of(tenant).read(delivery.deliveries)
    assert (one.status, one.body, one.tries) == (DeliveryStatus.DELIVERED, body, 1)
    assert msgspec.json.decode(body)["webhook_id"] == one.id
    assert await store.of(tenant).read(job.next_open) is None


async def test_a_failure_is_tried_again_for_a_day_with_the_same_bytes(
    store: Store, tenant: Tenant, wall: ManualClock, endpoint: Endpoint
) -> None:
    await owe(store, tenant)
    endpoint.reply = Reply(None, error="refused")
    began = wall()
    while await status(store, tenant) is DeliveryStatus.PENDING:
        await work_off(store, {JobKind.DELIVER: Deliver(endpoint.post)})
        due = await store.everywhere.read(lease.next_due, JobKind.DELIVER)
        if due is not None:
            assert wall() < due <= wall() + timedelta(minutes=72)
            wall.move(to=due)
    assert await status(store, tenant) is DeliveryStatus.FAILED
    assert timedelta(hours=24) <= wall() - began < timedelta(hours=26)
    assert 25 < len(endpoint.heard) < 45
    assert len({body for _, body in endpoint.heard}) == 1


@pytest.mark.parametrize("asked", ["600", "Mon, 05 Jan 2026 09:10:00 GMT"])
async def test_what_the_client_asks_for_is_waited_for(
    store: Store, tenant: Tenant, wall: ManualClock, endpoint: Endpoint, asked: str
) -> None:
    await owe(store, tenant)
    endpoint.reply = Reply(503, {"retry-after": asked})
    await work_off(store, {JobKind.DELIVER: Deliver(endpoint.post)})
    assert await store.everywhere.read(lease.next_due, JobKind.DELIVER) == wall() + timedelta(minutes=10)


async def test_a_date_that_the_client_asks_for_is_on_the_wall(
    store: Store, tenant: Tenant, wall: ManualClock, endpoint: Endpoint
) -> None:
    await store.of(tenant).write(lambda tx: tenant_clock.tick(tx, tx.now + timedelta(days=90)))
    await owe(store, tenant)
    endpoint.reply = Reply(503, {"retry-after": "Mon, 05 Jan 2026 09:10:00 GMT"})
    await work_off(store, {JobKind.DELIVER: Deliver(endpoint.post)})
    assert await store.everywhere.read(lease.next_due, JobKind.DELIVER) == wall() + timedelta(minutes=10)


async def test_where_the_clock_stands_retries_are_not_spread(store: Store, tenant: Tenant, endpoint: Endpoint) -> None:
    at = datetime(2026, 2, 1, 8, tzinfo=UTC)
    await owe(store, tenant)
    endpoint.reply = Reply(503)
    for pause in PAUSES_SECONDS:
        await store.of(tenant).write(tenant_clock.freeze, at)
        await work_off(store, {JobKind.DELIVER: Deliver(endpoint.post)})
        again = await store.of(tenant).read(job.next_open)
        assert again is not None
        assert again.due_on - at == timedelta(seconds=pause)
        at = again.due_on
    assert len(endpoint.heard) == len(PAUSES_SECONDS)


async def test_a_crash_between_post_and_commit_repeats_the_same_bytes(
    store: Store, tenant: Tenant, wall: ManualClock, endpoint: Endpoint
) -> None:
    await owe(store, tenant)
    [held] = await store.everywhere.write(lease.claim, JobKind.DELIVER, "mortal", 1)
    actor = Actor(store, "mortal")
    actor.start(run_steps(actor.store, Deliver(endpoint.post), held))
    while not endpoint.heard:
        await actor.step()
    await actor.kill()
    wall.move(seconds=16)
    await store.everywhere.write(lease.sweep)
    await work_off(store, {JobKind.DELIVER: Deliver(endpoint.post)})
    assert await status(store, tenant) is DeliveryStatus.DELIVERED
    [first, second] = [body for _, body in endpoint.heard]
    assert first == second


async def test_a_webhook_that_is_gone_hears_nothing_more(store: Store, tenant: Tenant, endpoint: Endpoint) -> None:
    await owe(store, tenant)

    def remove(tx: Tx) -> None:
        webhook.remove_webhook(tx, webhook.webhooks(tx, window=Window())[1][0].id)

    await store.of(tenant).write(remove)
    await work_off(store, {JobKind.DELIVER: Deliver(endpoint.post)})
    assert endpoint.heard == []
    assert await status(store, tenant) is DeliveryStatus.FAILED


@dataclass
class Hook:
    """The one webhook of a tenant, and what its client does with it."""

    store: Store
    tenant: Tenant
    endpoint: Endpoint

    async def work(self) -> None:
        await work_off(self.store, {JobKind.DELIVER: Deliver(self.endpoint.post)})

    async def happen(self) -> None:
        await self.store.of(self.tenant).write(_happen)

    async def change(self, **changes: Any) -> None:
        await self.store.of(self.tenant).write(lambda tx: change_webhook(tx, _only(tx).id, changes, None))

    async def replay(self) -> int:
        return await self.store.of(self.tenant).write(
            lambda tx: replay(tx, ReplayWish(delivery_id=delivery.deliveries(tx)[0].id))
        )

    async def is_enabled(self) -> bool:
        return (await self.store.of(self.tenant).read(_only)).enabled

    async def history(self) -> list[tuple[int | None, str | None]]:
        """Newest first."""
        since = datetime(2000, 1, 1, tzinfo=UTC)
        found = await self.store.of(self.tenant).read(webhook_request.requests, HistoryWish(since=since, size=500))
        return [(one.status_code, one.error_message) for one in found]


def _happen(tx: Tx) -> None:
    event.add_event(tx, EventType.LINK_CONNECTED, user_id=None, facts={"link_id": "1"})


def _only(tx: Tx) -> Webhook:
    [hook] = webhook.webhooks(tx, window=Window())[1]
    return hook


@pytest.fixture
async def hook(store: Store, tenant: Tenant, endpoint: Endpoint) -> Hook:
    await owe(store, tenant)
    return Hook(store, tenant, endpoint)


async def test_every_attempt_is_in_the_history(hook: Hook, wall: ManualClock) -> None:
    hook.endpoint.reply = Reply(None, error="no answer within 10 seconds")
    await hook.work()
    hook.endpoint.reply = Reply(404)
    wall.move(seconds=10)
    await hook.work()
    hook.endpoint.reply = Reply(204)
    wall.move(seconds=30)
    await hook.work()
    assert await hook.history() == [
        (204, None),
        (404, "The webhook answered 404."),
        (None, "no answer within 10 seconds"),
    ]


async def test_a_webhook_that_is_disabled_loses_what_is_on_its_way_and_hears_again_when_it_is_enabled(
    hook: Hook, wall: ManualClock
) -> None:
    hook.endpoint.reply = Reply(500)
    await hook.work()
    await hook.change(enabled=False)
    assert await status(hook.store, hook.tenant) is DeliveryStatus.FAILED
    await hook.happen()
    hook.endpoint.reply = Reply(200)
    await hook.change(enabled=True)
    await hook.happen()
    wall.move(seconds=60)
    await hook.work()
    assert len(hook.endpoint.heard) == 2
    assert await hook.history() == [(200, None), (None, webhook.DISABLED), (500, "The webhook answered 500.")]
    assert await hook.store.of(hook.tenant).read(job.next_open) is None


async def test_an_answer_that_comes_after_the_webhook_was_disabled_counts(hook: Hook) -> None:
    """A post was on its way: a good answer is the truth, a bad one does not bring the delivery back."""
    for code, then in ((500, DeliveryStatus.FAILED), (200, DeliveryStatus.DELIVERED)):
        [held] = await hook.store.everywhere.write(lease.claim, JobKind.DELIVER, "worker", 1)
        actor = Actor(hook.store, "worker")
        actor.start(run_steps(actor.store, Deliver(hook.endpoint.post), held))
        hook.endpoint.reply = Reply(code)
        before = len(hook.endpoint.heard)
        while len(hook.endpoint.heard) == before:
            await actor.step()
        await hook.change(enabled=False)
        await actor.run()
        last = (await hook.store.of(hook.tenant).read(delivery.deliveries))[-1]
        assert last.status is then
        await hook.change(enabled=True)
        await hook.happen()


async def test_a_replay_is_a_day_of_tries_with_the_same_bytes(hook: Hook, wall: ManualClock) -> None:
    hook.endpoint.reply = Reply(500)
    while await status(hook.store, hook.tenant) is DeliveryStatus.PENDING:
        await hook.work()
        wall.move(seconds=7200)
    tries = len(hook.endpoint.heard)
    assert await hook.replay() == 1
    await hook.work()
    assert await status(hook.store, hook.tenant) is DeliveryStatus.PENDING, "it is tried again"
    hook.endpoint.reply = Reply(200)
    wall.move(seconds=6)
    await hook.work()
    assert await status(hook.store, hook.tenant) is DeliveryStatus.DELIVERED
    assert len({body for _, body in hook.endpoint.heard}) == 1
    since = datetime(2000, 1, 1, tzinfo=UTC)
    found = await hook.store.of(hook.tenant).read(webhook_request.requests, HistoryWish(since=since, size=500))
    assert [one.attempt for one in reversed(found)] == list(range(1, tries + 3))


@pytest.mark.parametrize("steps", range(4))
@pytest.mark.parametrize("code", [200, 500])
async def test_a_replay_while_the_delivery_is_on_its_way_is_neither_lost_nor_doubled(
    hook: Hook, wall: ManualClock, steps: int, code: int
) -> None:
    hook.endpoint.reply = Reply(code)
    [held] = await hook.store.everywhere.write(lease.claim, JobKind.DELIVER, "worker", 1)
    actor = Actor(hook.store, "worker")
    actor.start(run_steps(actor.store, Deliver(hook.endpoint.post), held))
    for _ in range(steps):
        if not actor.is_over:
            await actor.step()
    was_told = await status(hook.store, hook.tenant) is DeliveryStatus.DELIVERED
    before = len(hook.endpoint.heard)
    assert await hook.replay() == 1
    await actor.run()
    hook.endpoint.reply = Reply(200)
    await hook.work()
    assert await status(hook.store, hook.tenant) is DeliveryStatus.DELIVERED
    assert await hook.store.of(hook.tenant).read(job.next_open) is None
    posts = len(hook.endpoint.heard)
    assert 1 <= posts <= 2
    assert not was_told or posts == before + 1
    assert len({body for _, body in hook.endpoint.heard}) == 1


async def test_a_webhook_that_fails_for_days_is_switched_off(hook: Hook, wall: ManualClock) -> None:
    hook.endpoint.reply = Reply(500)
    hours = 0
    while await hook.is_enabled():
        wall.move(seconds=3600)
        hours += 1
        await hook.happen()
        await hook.work()
    assert 72 <= hours <= 74
    assert {one.status for one in await hook.store.of(hook.tenant).read(delivery.deliveries)} == {DeliveryStatus.FAILED}
    assert (None, webhook.GIVEN_UP) in (await hook.history())[:3]

    await hook.change(enabled=True)
    for _ in range(3):
        wall.move(seconds=3600)
        await hook.happen()
        await hook.work()
    assert await hook.is_enabled(), "its failures are counted from when it was enabled again"
    hook.endpoint.reply = Reply(200)
    before = len(hook.endpoint.heard)
    wall.move(seconds=3 * 3600)
    await hook.work()
    assert len(hook.endpoint.heard) == before + 3


async def test_what_signs_is_the_key_that_made_the_webhook_while_it_lives_then_the_newest(
    store: Store, tenant: Tenant, wall: ManualClock, endpoint: Endpoint
) -> None:
    old, new = Secret("sandbox-old"), Secret("sandbox-new")

    def begin(tx: Tx) -> str:
        first = key.add_key(tx, old)
        add_webhook(tx, WebhookWish(name="hook", webhook_url="https://client.example/hook"), first)
        _happen(tx)
        return first

    first = await store.of(tenant).write(begin)
    wall.move(seconds=60)
    await store.of(tenant).write(key.add_key, new)
    hook = Hook(store, tenant, endpoint)
    endpoint.reply = Reply(500)
    await hook.work()
    assert await store.of(tenant).write(key.deactivate_key, first)
    wall.move(seconds=60)
    await hook.work()
    (before, body), (after, again) = endpoint.heard
    assert body == again
    assert before[SIGNATURE] == sign(body, old)
    assert after[SIGNATURE] == sign(body, new)


async def test_the_key_that_last_changed_a_webhook_signs(store: Store, tenant: Tenant, endpoint: Endpoint) -> None:
    one, other = Secret("sandbox-one"), Secret("sandbox-other")

    def begin(tx: Tx) -> None:
        second = key.add_key(tx, other)
        made = add_webhook(tx, WebhookWish(name="h", webhook_url="https://client.example/h"), key.add_key(tx, one))
        change_webhook(tx, made.id, {"name": "hook"}, second)
        _happen(tx)

    await store.of(tenant).write(begin)
    await Hook(store, tenant, endpoint).work()
    [(headers, body)] = endpoint.heard
    assert headers[SIGNATURE] == sign(body, other)
