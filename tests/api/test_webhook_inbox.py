"""The inbox at the door: what it gives, how it waits, and that its bytes are a webhook's bytes."""

import asyncio
import hashlib
import hmac
from typing import Any

import pytest

from payproof.contract.event import webhook_body
from payproof.model.event import EventType
from payproof.model.tenant import Tenant
from payproof.store import Store, Tx
from payproof.store.delivery import deliveries
from payproof.store.event import add_event
from tests.api.caller import CLIENT, DEV_SECRET, OTHER_CLIENT, OTHER_SECRET, SECRET, Caller, Reply
from tests.api.people import tenant_of

PATH = "/v1/sandbox/webhook-inbox/"


@pytest.fixture
async def tenant(caller: Caller, store: Store) -> Tenant:
    assert (await caller.get(PATH)).json == {"results": [], "next": "0"}
    return await tenant_of(store)


async def happen(store: Store, tenant: Tenant, *kinds: EventType, task: str = "t") -> None:
    def unit(tx: Tx) -> None:
        for kind in kinds:
            add_event(tx, kind, user_id="u", facts={"link_id": "é", "task_id": task}, task=task)

    await store.of(tenant).write(unit)


def kinds(reply: Reply) -> list[str]:
    assert reply.status == 200, reply.content
    return [one["event_type"] for one in reply.json["results"]]


async def test_what_happened_is_there_signed_for_whoever_asks(caller: Caller, store: Store, tenant: Tenant) -> None:
    await happen(store, tenant, EventType.LINK_CONNECTED)
    [one] = (await caller.get(PATH)).json["results"]
    assert one["headers"] == {
        "Content-Type": "application/json",
        "User-Agent": "Truv-Webhook-Service/2.0",
        "X-WEBHOOK-SIGN": "v1=" + hmac.new(SECRET.encode(), one["body"].encode(), hashlib.sha256).hexdigest(),
    }
    assert one["body"].startswith(f'{{"webhook_id":"{one["webhook_id"]}","event_type":"link-connected",')
    assert '"link_id":"é"' in one["body"]
    assert (await caller.get(PATH)).json["results"] == [one]


async def test_a_second_key_gets_its_own_signature(caller: Caller, store: Store, tenant: Tenant) -> None:
    made = (await caller.post("/v1/keys/", {"env_type": "sandbox"})).json
    await happen(store, tenant, EventType.LINK_CONNECTED)
    [one] = (await caller.as_(CLIENT, made["secret"]).get(PATH)).json["results"]
    signed = hmac.new(made["secret"].encode(), one["body"].encode(), hashlib.sha256).hexdigest()
    assert one["headers"]["X-WEBHOOK-SIGN"] == f"v1={signed}"


async def test_one_goes_on_from_the_last_position(caller: Caller, store: Store, tenant: Tenant) -> None:
    await happen(store, tenant, EventType.LINK_CONNECTED, EventType.LINK_DELETED, EventType.ORDER_CREATED)
    first = await caller.get(f"{PATH}?page_size=2")
    assert kinds(first) == ["link-connected", "link-deleted"]
    second = await caller.get(f"{PATH}?after={first.json['next']}")
    assert kinds(second) == ["order-created"]
    rest = await caller.get(f"{PATH}?after={second.json['next']}")
    assert rest.json == {"results": [], "next": second.json["next"]}
    assert (await caller.get(f"{PATH}?after=latest")).json == rest.json


async def test_filters(caller: Caller, store: Store, tenant: Tenant) -> None:
    await happen(store, tenant, EventType.LINK_CONNECTED, EventType.LINK_DELETED)
    await happen(store, tenant, EventType.LINK_CONNECTED, task="other")
    assert kinds(await caller.get(f"{PATH}?task_id=other")) == ["link-connected"]
    assert kinds(await caller.get(f"{PATH}?user_id=u&event_type=link-deleted,order-created")) == ["link-deleted"]
    nothing = (await caller.get(f"{PATH}?user_id=nobody")).json
    assert nothing["results"] == []
    assert (await caller.get(f"{PATH}?after={nothing['next']}")).json["results"] == [], "it leads past all it looked at"


async def test_all_that_is_wrong_is_named_at_once(caller: Caller) -> None:
    reply = await caller.get(f"{PATH}?wait=61&after=x&event_type=nothing")
    assert reply.status == 400
    wrong: list[dict[str, Any]] = reply.json["error"]["extra"]["invalid-params"]
    assert {one["field"].partition("[")[0] for one in wrong} == {"wait", "after", "event_type"}


async def test_who_waits_hears_at_once_and_of_nobody_else(caller: Caller, store: Store, tenant: Tenant) -> None:
    foreign = caller.as_(OTHER_CLIENT, OTHER_SECRET)
    await foreign.get(PATH)
    waiting = [asyncio.create_task(caller.get(f"{PATH}?wait=60&event_type=link-deleted")) for _ in range(50)]
    elsewhere = asyncio.create_task(foreign.get(f"{PATH}?wait=60"))
    await happen(store, tenant, EventType.LINK_CONNECTED)
    await happen(store, tenant, EventType.LINK_DELETED)
    for reply in await asyncio.gather(*waiting):
        assert kinds(reply) == ["link-deleted"]
    assert not elsewhere.done()
    store.changes.stop()
    assert (await elsewhere).json["results"] == []


async def test_who_waits_in_vain_hears_so(caller: Caller, tenant: Tenant) -> None:
    assert (await caller.get(f"{PATH}?wait=1")).json["results"] == []


async def test_it_is_for_sandbox_keys(caller: Caller) -> None:
    assert (await caller.as_(CLIENT, DEV_SECRET).get(PATH)).json["error"]["code"] == "env_not_sandbox"


async def test_a_webhook_gets_the_same_but_for_its_own_webhook_id(caller: Caller, store: Store, tenant: Tenant) -> None:
    hook = {"name": "n", "webhook_url": "https://client.example/", "env_type": "sandbox"}
    assert (await caller.post("/v1/webhooks/", hook)).status == 201
    await happen(store, tenant, EventType.LINK_CONNECTED)
    [one] = (await caller.get(PATH)).json["results"]
    [owed] = await store.of(tenant).read(deliveries)
    assert one["body"].replace(one["webhook_id"], owed.id).encode() == webhook_body(owed.event, owed.id)
