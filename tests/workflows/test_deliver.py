"""Stories of a webhook's delivery, by a clock that the test moves."""

from collections.abc import Mapping
from datetime import timedelta

import msgspec
import pytest

from payproof.engine.step import run_steps
from payproof.model.event import EventType
from payproof.model.job import JobKind
from payproof.model.secret import Secret
from payproof.model.tenant import Tenant
from payproof.model.webhook import DeliveryStatus
from payproof.store import Store, Tx, Window, delivery, event, job, key, lease, webhook
from payproof.testing.clock import ManualClock
from payproof.workflows.deliver import SIGNATURE, Deliver, Reply, sign
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


async def test_a_webhook_that_fails_for_days_is_switched_off(
    store: Store, tenant: Tenant, wall: ManualClock, endpoint: Endpoint
) -> None:
    await owe(store, tenant)
    endpoint.reply = Reply(500)
    for _ in range(80):
        wall.move(seconds=3600)
        await store.of(tenant).write(_happen)
        await work_off(store, {JobKind.DELIVER: Deliver(endpoint.post)})
    [hook] = (await store.of(tenant).read(webhook.webhooks, window=Window()))[1]
    assert not hook.enabled


def _happen(tx: Tx) -> None:
    event.add_event(tx, EventType.LINK_CONNECTED, user_id=None, facts={"link_id": "1"})
