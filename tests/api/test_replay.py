"""Replays and pings at the door."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from payproof import clock
from payproof.config import Settings
from payproof.contract.event import SIGNATURE, sign
from payproof.model.event import EventType
from payproof.model.secret import Secret
from payproof.model.tenant import Tenant
from payproof.model.webhook import Delivery, DeliveryStatus, Reply
from payproof.services.replay import MOST
from payproof.store import Store, Tx, delivery, webhook_request
from payproof.store.event import add_event
from tests.api.caller import OTHER_CLIENT, OTHER_SECRET, SECRET, Caller, Sink
from tests.api.conftest import door_over
from tests.api.people import tenant_of

PATH = "/v1/webhook-requests/replay/"
HOOK = {"name": "n", "webhook_url": "https://client.example/hook", "env_type": "sandbox"}


@pytest.fixture
async def hook(caller: Caller) -> str:
    made = await caller.post("/v1/webhooks/", HOOK)
    assert made.status == 201
    return str(made.json["id"])


@pytest.fixture
async def tenant(hook: str, store: Store) -> Tenant:
    return await tenant_of(store)


def happen(tx: Tx, count: int = 1, kind: EventType = EventType.LINK_CONNECTED) -> None:
    for _ in range(count):
        add_event(tx, kind, user_id=None, facts={"link_id": "1"})


def deliver(tx: Tx) -> None:
    """All that is owed arrives."""
    for one in delivery.deliveries(tx):
        if one.status is DeliveryStatus.PENDING:
            webhook_request.note_try(tx, one, DeliveryStatus.DELIVERED, status_code=200, body=b"{}")


async def owed(store: Store, tenant: Tenant) -> list[Delivery]:
    found = await store.of(tenant).read(delivery.deliveries)
    return [one for one in found if one.status is DeliveryStatus.PENDING]


def yesterday(days: int = 1) -> str:
    return (clock.now() - timedelta(days=days)).isoformat()


async def told(store: Store, tenant: Tenant, *kinds: EventType) -> None:
    """These happened, and arrived."""
    for kind in kinds:
        await store.of(tenant).write(happen, 1, kind)
    await store.of(tenant).write(deliver)


async def test_one_delivery_is_owed_once_more_with_the_same_bytes(caller: Caller, store: Store, tenant: Tenant) -> None:
    await told(store, tenant, EventType.LINK_CONNECTED, EventType.LINK_DELETED)
    first = (await store.of(tenant).read(delivery.deliveries))[0]
    reply = await caller.post(PATH, {"webhook_id": first.id})
    assert (reply.status, reply.json) == (202, {"count": 1})
    [again] = await owed(store, tenant)
    assert (again.id, again.body, again.tries, again.first_tried_at) == (first.id, b"{}", 0, None)
    await store.of(tenant).write(deliver)
    [last, *_] = (await caller.get("/v1/webhook-requests/")).json["results"]
    assert (last["webhook_id"], last["attempt"]) == (first.id, 2)


async def test_what_is_on_its_way_is_not_sent_twice(caller: Caller, store: Store, tenant: Tenant) -> None:
    await store.of(tenant).write(happen)
    [before] = await owed(store, tenant)
    assert (await caller.post(PATH, {"webhook_id": before.id})).json == {"count": 1}
    assert await owed(store, tenant) == [before]


async def test_a_span_is_replayed_by_time_event_and_webhook(
    caller: Caller, store: Store, tenant: Tenant, hook: str
) -> None:
    other = await caller.post("/v1/webhooks/", HOOK | {"webhook_url": "https://other.example/"})
    await told(store, tenant, EventType.LINK_CONNECTED, EventType.LINK_DELETED, EventType.LINK_CONNECTED)
    whole = {"created_at__gte": yesterday()}
    for body, count in (
        (whole, 6),
        (whole | {"event_type": "link-connected"}, 4),
        (whole | {"event_type": "link-deleted", "webhook": hook}, 1),
        (whole | {"webhook": other.json["id"]}, 3),
        ({"created_at__gte": yesterday(2), "created_at__lte": yesterday(1)}, 0),
        (whole | {"event_type": "order-created"}, 0),
    ):
        await store.of(tenant).write(deliver)
        reply = await caller.post(PATH, body)
        assert (reply.status, reply.json) == (202, {"count": count})
        assert len(await owed(store, tenant)) == count


async def test_a_webhook_that_is_enabled_again_hears_of_what_it_missed(
    caller: Caller, store: Store, tenant: Tenant, hook: str
) -> None:
    path = f"/v1/webhooks/{hook}/"
    await store.of(tenant).write(happen)
    await caller.call("PATCH", path, {"enabled": False})
    await told(store, tenant, EventType.LINK_DELETED)
    whole = {"created_at__gte": yesterday()}
    assert (await caller.post(PATH, whole)).json == {"count": 0}
    refused = await caller.post(PATH, whole | {"webhook": hook})
    assert refused.json["error"]["extra"]["invalid-params"][0]["field"] == "webhook"
    await caller.call("PATCH", path, {"enabled": True})
    assert (await caller.post(PATH, whole)).json == {"count": 1}
    assert (await caller.post(PATH, whole | {"webhook": hook})).json == {"count": 2}
    assert [one.event.type for one in await owed(store, tenant)] == ["link-connected", "link-deleted"]
    assert (await caller.post(PATH, whole | {"webhook": hook})).json == {"count": 2}
    assert len(await owed(store, tenant)) == 2


async def test_a_webhook_is_not_told_of_what_it_did_not_choose(caller: Caller, store: Store, tenant: Tenant) -> None:
    await told(store, tenant, EventType.LINK_CONNECTED, EventType.LINK_DELETED)
    choosy = HOOK | {"webhook_url": "https://choosy.example/", "events": ["link-deleted"]}
    made = (await caller.post("/v1/webhooks/", choosy)).json["id"]
    reply = await caller.post(PATH, {"created_at__gte": yesterday(), "webhook": made})
    assert reply.json == {"count": 1}


async def test_too_much_at_once_is_refused_and_nothing_is_owed(caller: Caller, store: Store, tenant: Tenant) -> None:
    await store.of(tenant).write(happen, MOST + 1)
    await store.of(tenant).write(deliver)
    refused = await caller.post(PATH, {"created_at__gte": yesterday()})
    assert refused.status == 400
    [wrong] = refused.json["error"]["extra"]["invalid-params"]
    assert wrong["field"] == "created_at__gte"
    assert str(MOST) in wrong["message"]
    assert await owed(store, tenant) == []


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["created_at__gte"]),
        ({"event_type": "x"}, ["created_at__gte", "event_type"]),
        ({"webhook_id": "1", "event_type": "link-connected", "webhook": "2"}, ["event_type", "webhook"]),
        ({"created_at__gte": "2020-01-01"}, ["created_at__gte"]),
        (
            {"created_at__gte": yesterday(), "created_at__lte": yesterday(2), "webhook": 7},
            ["created_at__lte", "webhook"],
        ),
    ],
)
async def test_all_that_is_wrong_is_named_at_once(caller: Caller, body: Any, fields: list[str]) -> None:
    reply = await caller.post(PATH, body)
    assert reply.status == 400
    assert sorted(one["field"] for one in reply.json["error"]["extra"]["invalid-params"]) == fields


async def test_nobody_replays_to_anothers_webhook(caller: Caller, store: Store, tenant: Tenant, hook: str) -> None:
    await told(store, tenant, EventType.LINK_CONNECTED)
    foreign = caller.as_(OTHER_CLIENT, OTHER_SECRET)
    whole = {"created_at__gte": yesterday()}
    assert (await foreign.post(PATH, whole)).json == {"count": 0}
    assert (await foreign.post(PATH, whole | {"webhook": hook})).status == 404
    assert (await caller.post(PATH, {"webhook_id": "f" * 32})).status == 404
    assert await owed(store, tenant) == []


async def test_a_ping_is_signed_and_tells_what_came_of_it(store: Store, settings: Settings, sink: Sink) -> None:
    heard: list[tuple[str, Mapping[str, str], bytes]] = []
    answers = [Reply(204), Reply(500), Reply(None, error="no answer within 10 seconds")]

    async def post(url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        heard.append((url, headers, body))
        return answers.pop(0)

    caller = Caller(door_over(store, settings, sink, post=post))
    made = (await caller.post("/v1/webhooks/", HOOK | {"enabled": False})).json
    pings = [await caller.post(f"/v1/webhooks/{made['id']}/ping/") for _ in range(3)]
    assert [ping.status for ping in pings] == [200, 200, 200]
    told = [(one.json["is_delivered"], one.json["status_code"], one.json["error_message"]) for one in pings]
    assert told == [
        (True, 204, None),
        (False, 500, "The webhook answered 500."),
        (False, None, "no answer within 10 seconds"),
    ]
    url, headers, body = heard[0]
    assert url == HOOK["webhook_url"]
    assert headers[SIGNATURE] == sign(body, Secret(SECRET))
    payload = msgspec.json.decode(body)
    assert payload == pings[0].json["webhook_payload"]
    assert (payload["event_type"], payload["user_id"], payload["is_test"]) == ("webhook-ping", None, True)
    assert payload["event_type"] not in list(EventType)
    assert len({msgspec.json.decode(one)["webhook_id"] for _, _, one in heard}) == 3


async def test_a_ping_leaves_no_trace(caller: Caller, hook: str) -> None:
    await caller.post(f"/v1/webhooks/{hook}/ping/")
    assert (await caller.get("/v1/webhook-requests/")).json["results"] == []
    assert (await caller.get("/v1/sandbox/webhook-inbox/")).json["results"] == []
    assert (await caller.get(f"/v1/webhooks/{hook}/")).json["enabled"] is True
