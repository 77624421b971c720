"""Connections in one call: what they answer when they are done, when they fail, and when they cannot go on."""

import asyncio
from typing import Any

import pytest

from payproof.store import Store
from tests.api.caller import Caller
from tests.api.people import new_user
from tests.api.working import working

PATH = "/v1/sandbox/connections/"
ALL = ["product_type", "provider_id"]
CLOCKS = "/v1/sandbox/clocks/"


async def connect(caller: Caller, query: str = "", **said: Any) -> Any:
    user_id = said.pop("user_id", None) or await new_user(caller)
    body = {"user_id": user_id, "product_type": "income", "provider_id": "acme"} | said
    return await caller.post(PATH + query, {name: value for name, value in body.items() if value is not None})


def problems(reply: Any) -> list[str]:
    assert reply.status == 400, reply.content
    return sorted(one["field"] for one in reply.json["error"]["extra"]["invalid-params"])


async def test_one_call_gives_all_that_a_widget_would(caller: Caller, store: Store) -> None:
    user_id = await new_user(caller)
    async with working(store):
        reply = await connect(caller, user_id=user_id, username="x", tracking_info="1338")
    assert reply.status == 201, reply.content
    made = reply.json
    assert set(made) == {"task_id", "link_id", "public_token", "access_token", "status", "error_message"}
    assert (made["status"], made["error_message"]) == ("done", None)
    task = (await caller.get(f"/v1/tasks/{made['task_id']}/")).json
    assert (task["user_id"], task["link_id"], task["tracking_info"]) == (user_id, made["link_id"], "1338")
    assert len(task["bridge_token"]) == 32
    exchanged = (await caller.post("/v1/link-access-tokens/", {"public_token": made["public_token"]})).json
    assert exchanged["access_token"] == made["access_token"]
    report = await caller.get(f"/v1/links/{made['link_id']}/income/report/")
    assert report.json["employments"][0]["company"]["name"] == "Example Ltd"


async def test_what_is_asked_on_the_way_is_answered_or_the_task_fails(caller: Caller, store: Store) -> None:
    """The scripted connector takes another answer than the sandbox's portal: it refuses ours."""
    async with working(store):
        made = (await connect(caller, username="ask")).json
    assert (made["status"], made["public_token"], made["access_token"]) == ("mfa_error", None, None)
    assert made["link_id"] == (await caller.get(f"/v1/tasks/{made['task_id']}/")).json["link_id"]


async def test_a_failure_is_a_connection_too(caller: Caller, store: Store) -> None:
    async with working(store):
        refused = await connect(caller, username="refuse")
        unsupported = await connect(caller, username="x", product_type="transactions")
    assert (refused.status, refused.json["status"]) == (201, "login_error")
    assert (unsupported.status, unsupported.json["status"]) == (201, "not_supported")
    assert "income" in unsupported.json["error_message"]


async def test_a_clock_that_stands_holds_up_who_has_to_wait(caller: Caller, store: Store) -> None:
    clock_id = (await caller.post(CLOCKS, {"frozen_at": "2026-02-01T08:00:00Z"})).json["id"]
    async with working(store):
        reply = await connect(caller, "?wait=60", username="wait")
        assert (reply.status, reply.json["status"], reply.json["public_token"]) == (202, "login", None)
        await caller.post(f"{CLOCKS}{clock_id}/advance/?wait=30", {"by": 5})
        assert (await caller.get(f"/v1/tasks/{reply.json['task_id']}/")).json["status"] == "done"


async def test_who_waits_while_the_tenant_is_taken_away_hears_401(caller: Caller) -> None:
    made = (await caller.post("/v1/sandbox/tenants/", {})).json
    tenant = caller.as_(made["client_id"], made["secret"])
    waiting = asyncio.create_task(connect(tenant, "?wait=60", username="x"))
    while (await tenant.get("/v1/tasks/")).json["count"] == 0:
        pass
    assert (await caller.call("DELETE", f"/v1/sandbox/tenants/{made['id']}/")).status == 204
    assert (await waiting).status == 401


async def test_nobody_waits_longer_than_they_want(caller: Caller) -> None:
    """No engine runs: nothing will ever come of it."""
    reply = await connect(caller, "?wait=0", username="x")
    assert (reply.status, reply.json["status"]) == (202, "new")
    assert problems(await connect(caller, "?wait=soon", username="x")) == ["wait"]


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"provider_id": None}, ["provider_id"]),
        ({"provider_id": "nobody", "status": "mfa"}, ["provider_id", "status"]),
        ({"provider_id": "bank"}, ["provider_id"]),
        ({"provider_id": 5, "product_type": "x", "status": "done", "username": "x"}, [*ALL, "username"]),
        ({"username": "", "password": 7, "tracking_info": []}, ["password", "tracking_info", "username"]),
        ({"password": "x", "status": "done"}, ["password"]),
        ({"status": ["done"]}, ["status"]),
    ],
)
async def test_all_that_is_wrong_is_named_at_once(caller: Caller, said: dict[str, Any], wrong: list[str]) -> None:
    assert problems(await connect(caller, **said)) == wrong


async def test_a_user_nobody_has_is_not_found(caller: Caller) -> None:
    assert (await connect(caller, user_id="f" * 32, username="x")).status == 404
