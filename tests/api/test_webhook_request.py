"""The history of deliveries at the door: what is in it, its pages, its filters."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from payproof import clock
from payproof.model.event import EventType
from payproof.model.tenant import Tenant
from payproof.model.webhook import DeliveryStatus
from payproof.store import Store, Tx, delivery, tenant_clock, webhook_request
from payproof.store.event import add_event
from tests.api.caller import CLIENT, DEV_SECRET, Caller, Reply
from tests.api.people import tenant_of

PATH = "/v1/webhook-requests/"
HOOK = {"name": "n", "webhook_url": "https://client.example/hook", "env_type": "sandbox"}


@pytest.fixture
async def tenant(caller: Caller, store: Store) -> Tenant:
    """With one webhook."""
    assert (await caller.post("/v1/webhooks/", HOOK)).status == 201
    return await tenant_of(store)


async def tried(store: Store, tenant: Tenant, *codes: int, kind: EventType = EventType.LINK_CONNECTED) -> None:
    """One event and one attempt for each status."""
    await store.of(tenant).write(_try, codes, kind)


def _try(tx: Tx, codes: Iterable[int], kind: EventType) -> None:
    for code in codes:
        event = add_event(tx, kind, user_id=None, facts={"link_id": "1"})
        [owed] = [one for one in delivery.deliveries(tx) if one.event.id == event.id]
        status = DeliveryStatus.DELIVERED if code == 200 else DeliveryStatus.PENDING
        webhook_request.note_try(tx, owed, status, status_code=code, error=None if code == 200 else "no", latency_ms=3)


def codes(reply: Reply) -> list[int]:
    assert reply.status == 200, reply.content
    return [one["status_code"] for one in reply.json["results"]]


def path_of(url: str) -> str:
    assert url.startswith("http://testserver/v1/")
    return url.removeprefix("http://testserver")


async def test_an_attempt_is_shown_with_what_was_sent(caller: Caller, store: Store, tenant: Tenant) -> None:
    await tried(store, tenant, 503)
    [one] = (await caller.get(PATH)).json["results"]
    [owed] = await store.of(tenant).read(delivery.deliveries)
    assert one["webhook_id"] == one["webhook_payload"]["webhook_id"] == owed.id
    assert one["webhook_payload"]["event_type"] == one["event_type"] == "link-connected"
    assert (one["status_code"], one["error_message"], one["latency_ms"], one["attempt"]) == (503, "no", 3, 1)
    assert one["webhook_url"] == HOOK["webhook_url"]


async def test_each_attempt_is_a_record_of_its_own(caller: Caller, store: Store, tenant: Tenant) -> None:
    def again(tx: Tx) -> None:
        [owed] = delivery.deliveries(tx)
        webhook_request.note_try(tx, owed, DeliveryStatus.DELIVERED, status_code=200)

    await tried(store, tenant, 503)
    await store.of(tenant).write(again)
    [second, first] = (await caller.get(PATH)).json["results"]
    assert (first["attempt"], second["attempt"]) == (1, 2)
    assert first["webhook_id"] == second["webhook_id"]
    assert first["id"] != second["id"]


async def test_pages_lead_on_and_back_while_the_history_grows(caller: Caller, store: Store, tenant: Tenant) -> None:
    await tried(store, tenant, *range(201, 208))
    first = await caller.get(f"{PATH}?page_size=3")
    assert set(first.json) == {"next", "previous", "results"}
    assert (codes(first), first.json["previous"]) == ([207, 206, 205], None)
    await tried(store, tenant, 208, 209)
    second = await caller.get(path_of(first.json["next"]))
    assert "page_size=3" in first.json["next"]
    assert codes(second) == [204, 203, 202]
    last = await caller.get(path_of(second.json["next"]))
    assert (codes(last), last.json["next"]) == ([201], None)
    back = await caller.get(path_of(last.json["previous"]))
    assert codes(back) == [204, 203, 202]
    newer = await caller.get(path_of(back.json["previous"]))
    assert codes(newer) == [207, 206, 205]
    newest = await caller.get(path_of(newer.json["previous"]))
    assert (codes(newest), newest.json["previous"]) == ([209, 208], None)
    assert codes(await caller.get(path_of(newest.json["next"]))) == [207, 206, 205]


async def test_filters_are_kept_from_page_to_page(caller: Caller, store: Store, tenant: Tenant) -> None:
    await tried(store, tenant, 200, 500, 200, 500, 500)
    await tried(store, tenant, 500, kind=EventType.LINK_DELETED)
    page = await caller.get(f"{PATH}?status_code=500&event_type=link-connected&page_size=2")
    assert codes(page) == [500, 500]
    rest = await caller.get(path_of(page.json["next"]))
    assert (codes(rest), rest.json["next"]) == ([500], None)
    assert codes(await caller.get(f"{PATH}?status_code=200")) == [200, 200]
    assert codes(await caller.get(f"{PATH}?event_type=link-deleted")) == [500]
    assert codes(await caller.get(f"{PATH}?event_type=order-created")) == []


async def test_the_history_of_a_span(caller: Caller, store: Store, tenant: Tenant) -> None:
    of = store.of(tenant)
    start = clock.now()
    for day in range(3):
        await of.write(tenant_clock.freeze, start + timedelta(hours=1, days=day))
        await tried(store, tenant, 200 + day)
    middle = quote((start + timedelta(days=1)).isoformat())
    assert codes(await caller.get(f"{PATH}?created_at__gte={middle}")) == [202, 201]
    assert codes(await caller.get(f"{PATH}?created_at__lte={middle}")) == [200]
    await of.write(tenant_clock.freeze, start + timedelta(days=31, hours=2))
    assert codes(await caller.get(PATH)) == [202]


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("status_code=99&event_type=nothing", ["event_type", "status_code"]),
        ("status_code=600", ["status_code"]),
        ("created_at__gte=2020-01-01", ["created_at__gte"]),
        ("created_at__gte=yesterday&created_at__lte=x&status_code=abc", [
            "created_at__gte", "created_at__lte", "status_code",
        ]),
        ("created_at__lte=2020-01-01&status_code=7", ["created_at__lte", "status_code"]),
    ],
)  # fmt: skip
async def test_all_that_is_wrong_is_named_at_once(caller: Caller, query: str, fields: list[str]) -> None:
    reply = await caller.get(f"{PATH}?{query}")
    assert reply.status == 400
    said: list[dict[str, Any]] = reply.json["error"]["extra"]["invalid-params"]
    assert sorted(one["field"] for one in said) == fields


async def test_a_span_does_not_end_before_it_begins(caller: Caller) -> None:
    now = clock.now()
    early, late = quote((now - timedelta(days=2)).isoformat()), quote((now - timedelta(days=1)).isoformat())
    assert (await caller.get(f"{PATH}?created_at__gte={early}&created_at__lte={late}")).status == 200
    assert (await caller.get(f"{PATH}?created_at__gte={late}&created_at__lte={early}")).status == 400


async def test_a_cursor_of_nobody_or_of_somebody_else_leads_nowhere(
    caller: Caller, store: Store, tenant: Tenant
) -> None:
    await tried(store, tenant, 200, 200)
    following = path_of((await caller.get(f"{PATH}?page_size=1")).json["next"])
    assert (await caller.get(following)).status == 200
    for refused in (
        await caller.get(f"{PATH}?cursor=abc"),
        await caller.get(f"{PATH}?cursor=%C3%A9"),
        await caller.get(f"{following}A"),
        await caller.as_(CLIENT, DEV_SECRET).get(following),
    ):
        assert (refused.status, refused.json) == (404, {"detail": "Invalid cursor"})


async def test_what_was_given_up_is_in_the_history_with_its_reason(
    caller: Caller, store: Store, tenant: Tenant
) -> None:
    await tried(store, tenant, 500)
    [hook] = (await caller.get("/v1/webhooks/")).json["results"]
    assert (await caller.call("PATCH", f"/v1/webhooks/{hook['id']}/", {"enabled": False})).json["enabled"] is False
    [note, first] = (await caller.get(PATH)).json["results"]
    assert note["webhook_id"] == first["webhook_id"]
    assert (note["attempt"], note["status_code"], note["latency_ms"]) == (2, None, None)
    assert "disabled" in note["error_message"]
    assert note["webhook_payload"] == first["webhook_payload"]
