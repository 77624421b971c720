"""Webhooks at the door: each of the nineteen events may be subscribed to, alone, and then nothing else comes."""

import json

from payproof.model.event import EventType
from payproof.model.job import JobKind
from payproof.model.webhook import Reply
from payproof.store import Store, Tx
from payproof.store.event import add_event
from payproof.workflows.deliver import Deliver
from tests.api.caller import Caller
from tests.api.people import tenant_of
from tests.workflows.working import work_off

PATH = "/v1/webhooks/"


def hook(name: str, *events: str) -> dict[str, object]:
    return {"name": name, "webhook_url": f"https://client.example/{name}", "env_type": "sandbox", "events": events}


def everything(tx: Tx) -> None:
    for kind in EventType:
        add_event(tx, kind, user_id="u", facts={"link_id": "l"})


async def test_each_event_comes_to_whoever_chose_it(caller: Caller, store: Store) -> None:
    assert len(EventType) == 19
    for kind in EventType:
        made = await caller.post(PATH, hook(kind, kind))
        assert (made.status, made.json["events"]) == (201, [kind])
    made = await caller.post(PATH, hook("all", *EventType))
    assert (made.status, sorted(made.json["events"])) == (201, sorted(EventType))
    tenant = await tenant_of(store)
    await store.of(tenant).write(everything)
    heard: list[tuple[str, str]] = []

    async def post(url: str, headers: object, body: bytes) -> Reply:
        heard.append((url.rpartition("/")[2], json.loads(body)["event_type"]))
        return Reply(200)

    await work_off(store, {JobKind.DELIVER: Deliver(post)})
    assert sorted(heard) == sorted([(kind, kind) for kind in EventType] + [("all", kind) for kind in EventType])


async def test_an_event_that_there_is_not_is_refused(caller: Caller) -> None:
    for unknown in ("webhook-ping", "nothing", ""):
        refused = await caller.post(PATH, hook("n", "link-connected", unknown))
        assert refused.status == 400
        [wrong] = refused.json["error"]["extra"]["invalid-params"]
        assert wrong["field"].startswith("events")
