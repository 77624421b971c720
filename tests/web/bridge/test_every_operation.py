"""What the widget's operations have in common: refusals in the shape of the contract, that every origin may read."""

import re
from typing import Any

import msgspec
import pytest
from msgspec.structs import fields

from payproof.config import Settings
from payproof.contract import bridge
from payproof.contract.operation import Operation
from payproof.store import Store
from payproof.web.bridge import BridgeDoor
from payproof.web.bridge.session import Sessions
from tests.api.caller import Caller, Reply, Sink, fresh_caller
from tests.api.conftest import PROVIDERS, door_over, migrated, settings, shared_store, sink
from tests.web.bridge.test_bridge import Widget, open_widget

__all__ = ["migrated", "settings", "shared_store", "sink"]

SHOP = "https://shop.example"
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
BODIES: dict[str, Any] = {
    "sessions_create": {"bridge_token": "f" * 32},
    "attempts_create": {"provider_id": "acme", "answers": {"username": "ada", "password": "secret"}},
    "attempts_answers": {"answers": {"answer": "1"}},
}
WITH_BODY = [one for one in bridge.OPERATIONS if one.request]

each = pytest.mark.parametrize("operation", bridge.OPERATIONS, ids=lambda one: one.name)
each_with_body = pytest.mark.parametrize("operation", WITH_BODY, ids=lambda one: one.name)


@pytest.fixture
def caller(shared_store: Store, settings: Settings, sink: Sink) -> Caller:
    door = door_over(shared_store, settings, sink)
    door._mounts = {"bridge": BridgeDoor(shared_store, PROVIDERS)}
    return fresh_caller(door)


@pytest.fixture
async def widget(caller: Caller) -> Widget:
    return await open_widget(caller, product_type="income")


async def sent(widget: Widget, operation: Operation, body: Any = None, **headers: str) -> Reply:
    """The call in a session of the widget's, with an attempt that nobody made where one is named."""
    path = operation.path.replace("{session_id}", widget.session_id).replace("{attempt_id}", "f" * 32)
    return await widget.call(operation.method, path.removeprefix("/bridge/v1/"), body, origin=SHOP, **headers)


def told(reply: Reply) -> list[str]:
    """The fields of a refusal, which is of the documented shape and may be read by the page."""
    assert reply.status == 400, reply.content
    error = reply.json["error"]
    assert (error["code"], error["message"]) == ("incorrect_parameters", "Incorrect request parameters")
    assert set(error) == {"code", "message", "extra"}
    assert reply.headers["access-control-allow-origin"] == "*"
    return [one["field"] for one in error["extra"]["invalid-params"]]


@each
async def test_a_browser_gets_leave_before_it_asks(operation: Operation, caller: Caller) -> None:
    path = re.sub("{.*?}", "x", operation.path)
    for there in (path, path.rstrip("/")):
        asked = {"origin": SHOP, "access_control_request_method": operation.method}
        leave = await caller.as_(None, None).call("OPTIONS", there, None, **asked)
        assert (leave.status, leave.content) == (204, b"")
        assert leave.headers["access-control-allow-origin"] == "*"
        assert operation.method in leave.headers["access-control-allow-methods"].split(", ")
        named = {*leave.headers["access-control-allow-headers"].split(", ")}
        assert named == {"authorization", "content-type", "last-event-id"}
        assert operation.method in leave.headers["allow"].split(", ")
        assert "access-control-allow-credentials" not in leave.headers


@each
async def test_other_methods_are_not_there(operation: Operation, caller: Caller) -> None:
    for method in {*METHODS} - {operation.method}:
        reply = await caller.call(method, re.sub("{.*?}", "x", operation.path), origin=SHOP)
        assert (reply.status, reply.json) == (405, {"detail": f'Method "{method}" not allowed.'})
        assert {operation.method, "OPTIONS"} <= {*reply.headers["allow"].split(", ")}
        assert reply.headers["access-control-allow-origin"] == "*"


@each
async def test_whoever_has_no_session_hears_so_and_nothing_else(operation: Operation, caller: Caller) -> None:
    path = re.sub("{.*?}", "f" * 32, operation.path)
    reply = await caller.as_(None, None).call(operation.method, path, BODIES.get(operation.name), origin=SHOP)
    if "{session_id}" in operation.path:
        assert (reply.status, reply.json) == (404, {"detail": "Not Found."})
    elif "{attempt_id}" in operation.path:
        assert (reply.status, reply.json["error"]["code"]) == (401, "authentication_failed")
    else:
        assert told(reply) == ["bridge_token"]
    assert reply.headers["access-control-allow-origin"] == "*"


@each_with_body
async def test_no_body_names_a_status(operation: Operation, widget: Widget) -> None:
    """`not_supported` is what nothing else here leads to."""
    begun = (await widget.attempt(username="ada", password="secret")).json
    named = BODIES[operation.name] | {"status": "not_supported", "task": {"status": "not_supported"}, "is_final": True}
    path = operation.path.replace("{session_id}", widget.session_id).replace("{attempt_id}", begun["id"])
    reply = await widget.call(operation.method, path.removeprefix("/bridge/v1/"), named)
    assert reply.status in (201, 400)
    assert b"not_supported" not in reply.content
    assert (await widget.read(begun["id"]))["status"] == "new"


@each_with_body
async def test_a_body_is_taken_up_to_its_limit(operation: Operation, widget: Widget) -> None:
    body = msgspec.json.encode(BODIES[operation.name])
    padded = body + b" " * (operation.max_bytes - len(body))
    taken = await sent(widget, operation, padded)
    assert taken.status in (201, 400, 404)
    refused = await sent(widget, operation, padded + b" ")
    assert (refused.status, refused.json) == (413, {"detail": "Request body is too large."})
    assert refused.headers["access-control-allow-origin"] == "*"


@each_with_body
@pytest.mark.parametrize("body", [b"[]", b'"x"', b"7", b"null", b"{", b"\xff\xfe{}", b'{"a":"\\ud800"}', b"{" * 2000])
async def test_what_is_no_object_is_refused_as_a_whole(operation: Operation, body: bytes, widget: Widget) -> None:
    assert told(await sent(widget, operation, body)) == ["non_field_errors"]


@each_with_body
async def test_every_bad_field_is_named_at_once_and_never_said_again(operation: Operation, widget: Widget) -> None:
    assert operation.request is not None
    for wrong in ([{"not": "it"}], 7, "x\0", ["x\0"]):
        body = {field.encode_name: wrong for field in fields(operation.request)}
        reply = await sent(widget, operation, body)
        assert {field.partition("[")[0] for field in told(reply)} == {*body}
        assert b"it" not in reply.content.replace(b"items", b"")


@each_with_body
async def test_every_field_that_is_missing_is_named(operation: Operation, widget: Widget) -> None:
    assert operation.request is not None
    required = [field.encode_name for field in fields(operation.request) if field.required]
    assert told(await sent(widget, operation, {})) == required


async def test_answers_have_their_limits_and_are_named(widget: Widget) -> None:
    for answers, named in (
        ({"username": 7, "password": None, "code": "1"}, ["answers.username", "answers.password"]),
        ({"username": "x" * 4097}, ["answers.username"]),
        ({"username": "x\0"}, ["answers.username"]),
        ({"x\0": "x"}, ["answers"]),
        (["x"], ["answers"]),
        ({str(number): 7 for number in range(101)}, ["answers"]),
    ):
        body = {"provider_id": "acme", "answers": answers}
        assert told(await widget.call("POST", f"sessions/{widget.session_id}/attempts/", body)) == named


async def test_a_page_may_read_a_fault_too(
    shared_store: Store, settings: Settings, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(sessions: Sessions, request: Any) -> Any:
        raise RuntimeError("the secret")

    monkeypatch.setattr(Sessions, "create", fails)
    door = door_over(shared_store, settings, sink)
    door._mounts = {"bridge": BridgeDoor(shared_store, PROVIDERS)}
    reply = await Caller(door).post("/bridge/v1/sessions/", {}, origin=SHOP)
    assert (reply.status, reply.json["error"]["code"]) == (500, "server_error")
    assert reply.json["error"]["request_id"] == reply.headers["x-request-id"]
    assert reply.headers["access-control-allow-origin"] == "*"
    assert b"secret" not in reply.content


@pytest.mark.parametrize("path", ["/bridge", "/bridge/", "/bridge/v1/", "/bridge/v1/nothing", "/bridge/v2/sessions/"])
async def test_what_is_nowhere_is_404(caller: Caller, path: str) -> None:
    reply = await caller.get(path, origin=SHOP)
    assert (reply.status, reply.json) == (404, {"detail": "Not Found."})
    assert reply.headers["access-control-allow-origin"] == "*"
