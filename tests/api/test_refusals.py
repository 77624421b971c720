"""Every way to be refused, and what it says."""

from typing import Any

import pytest

from payproof.api.door import Door
from payproof.config import Settings
from payproof.store import Store
from tests.api.caller import CLIENT, DEV_SECRET, OTHER_CLIENT, OTHER_SECRET, SECRET, Caller, Sink
from tests.api.conftest import door_over
from tests.api.people import new_user

FAILED = {"error": {"code": "authentication_failed", "message": "Incorrect authentication credentials."}}


@pytest.mark.parametrize(
    ("client_id", "secret"),
    [
        (None, None),
        (CLIENT, None),
        (None, SECRET),
        (CLIENT, "prod" + "1" * 40),
        (CLIENT, "live-" + "1" * 40),
        ("a b", "sandbox-" + "5" * 40),
    ],
)
async def test_malformed_keys_are_401(caller: Caller, client_id: str | None, secret: str | None) -> None:
    reply = await caller.as_(client_id, secret).get("/v1/tasks/")
    assert (reply.status, reply.json) == (401, FAILED)


async def test_unknown_keys_are_401_where_not_any_key_is_accepted(store: Store, settings: Settings, sink: Sink) -> None:
    door = door_over(store, settings, sink, accept_any_key=False)
    assert (await Caller(door).get("/v1/tasks/")).status == 401


async def test_a_key_of_one_client_is_no_key_of_another(store: Store, settings: Settings, sink: Sink) -> None:
    assert (await Caller(door_over(store, settings, sink)).get("/v1/tasks/")).status == 200
    strict = Caller(door_over(store, settings, sink, accept_any_key=False))
    assert (await strict.get("/v1/tasks/")).status == 200
    assert (await strict.as_(OTHER_CLIENT, SECRET).get("/v1/tasks/")).status == 401


async def test_two_clients_may_choose_the_same_secret_where_any_key_is_accepted(caller: Caller) -> None:
    user_id = await new_user(caller)
    other = caller.as_(OTHER_CLIENT, SECRET)
    assert (await other.get(f"/v1/users/{user_id}/")).status == 404
    assert (await other.get("/v1/users/")).json["count"] == 0
    assert (await caller.get("/v1/users/")).json["count"] == 1


async def test_a_deactivated_key_ends_at_once(caller: Caller) -> None:
    made = (await caller.post("/v1/keys/", {"env_type": "sandbox"})).json
    assert made["secret"].startswith("sandbox-")
    follower = caller.as_(CLIENT, made["secret"])
    assert (await follower.get("/v1/tasks/")).status == 200
    assert (await caller.post("/v1/keys/", {"env_type": "sandbox"})).status == 400
    assert (await caller.post("/v1/keys/deactivate/", {"id": made["id"]})).status == 200
    assert (await follower.get("/v1/tasks/")).status == 401
    assert (await caller.post("/v1/keys/deactivate/", {"id": made["id"]})).status == 404


async def test_nothing_is_read_of_whoever_has_no_access(caller: Caller) -> None:
    reply = await caller.as_(None, None).post("/v1/users/", b"x" * 2_000_000)
    assert reply.status == 401


async def test_a_body_that_is_too_large_is_413(caller: Caller) -> None:
    reply = await caller.post("/v1/users/", b'"' + b"x" * 1_000_000 + b'"')
    assert (reply.status, reply.json) == (413, {"detail": "Request body is too large."})


async def test_a_form_is_415(caller: Caller) -> None:
    reply = await caller.post("/v1/users/", b"a=1", content_type="application/x-www-form-urlencoded")
    assert reply.status == 415
    assert (await caller.post("/v1/users/", b"{}", content_type="application/json;charset=UTF-8")).status == 400


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/json", 200),
        ("*/*", 200),
        ("text/html, application/*;q=0.1", 200),
        ("text/html", 406),
        ("application/json;q=0", 406),
        ("text/html;q=0.9, application/json; q=0.0", 406),
    ],
)
async def test_only_json_is_spoken(caller: Caller, accept: str, status: int) -> None:
    assert (await caller.get("/v1/tasks/", accept=accept)).status == status


async def test_methods_that_are_not_there_are_405(caller: Caller) -> None:
    reply = await caller.call("PUT", "/v1/users/")
    assert (reply.status, reply.json) == (405, {"detail": 'Method "PUT" not allowed.'})
    assert reply.headers["allow"] == "GET, POST, HEAD, OPTIONS"


@pytest.mark.parametrize("path", ["/v2/", "/v1/", "/v1/nothing/", "/v1//", "/nothing", "/v1/users//tokens/"])
async def test_what_is_nowhere_is_404(caller: Caller, path: str) -> None:
    reply = await caller.get(path)
    assert (reply.status, reply.json) == (404, {"detail": "Not Found."})


async def test_the_limit_is_exact_and_says_when_to_come_again(store: Store, settings: Settings, sink: Sink) -> None:
    caller = Caller(door_over(store, settings, sink, rate_limit_per_minute=3))
    statuses = [(await caller.get("/v1/tasks/")).status for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    reply = await caller.get("/v1/tasks/")
    assert reply.json["error"]["code"] == "throttled"
    assert 1 <= int(reply.headers["retry-after"]) <= 60
    assert reply.headers["retry-after"] in reply.json["error"]["message"]
    assert (await caller.as_(CLIENT, DEV_SECRET).get("/v1/tasks/")).status == 200


async def test_guessing_is_slowed_down_and_keeps_nobody_else_out(store: Store, settings: Settings, sink: Sink) -> None:
    caller = Caller(door_over(store, settings, sink, failed_auth_limit_per_minute=2))
    guesser = caller.as_(CLIENT, "guess")
    assert [(await guesser.get("/v1/tasks/")).status for _ in range(3)] == [401, 401, 429]
    assert (await caller.get("/v1/tasks/")).status == 200


async def test_a_fault_of_ours_is_500_without_a_trace(door: Door, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise ZeroDivisionError("with a secret in it")

    caller = Caller(door)
    await new_user(caller)
    monkeypatch.setattr("payproof.api.user._links", fail)
    reply = await caller.get("/v1/users/?list_links=true")
    assert reply.status == 500
    assert reply.json["error"]["request_id"] == reply.headers["x-request-id"]
    assert b"secret" not in reply.content
    (line,) = [line for line in sink.said() if line["status"] == 500]
    assert line["reason"] == "ZeroDivisionError"
    assert line["request_id"] == reply.headers["x-request-id"]


async def test_each_refusal_is_logged_with_its_reason_and_nothing_of_the_body(caller: Caller, sink: Sink) -> None:
    await caller.post("/v1/users/", {"external_user_id": 7, "ssn": "991919991"})
    await caller.as_(CLIENT, OTHER_SECRET[:-1]).get("/v1/tasks/?user_id=hidden")
    await caller.as_(CLIENT, "live-" + "7" * 40).get("/v1/tasks/4711/")
    lines = sink.said()
    assert [line["reason"] for line in lines] == ["invalid: external_user_id", None, "unknown key"]
    assert lines[2]["route"] == "/v1/tasks/{id}/"
    for hidden in (b"991919991", b"hidden", b"4711", SECRET.encode(), OTHER_SECRET[:-1].encode()):
        assert hidden not in sink.getvalue()


@pytest.mark.parametrize("body", [b"[" * 30_000, b'{"a":' * 5_000])
async def test_a_body_nested_beyond_all_reason_is_400(caller: Caller, body: bytes) -> None:
    reply = await caller.post("/v1/users/", body)
    assert reply.status == 400
    assert reply.json["error"]["code"] == "incorrect_parameters"


async def test_production_takes_only_https_webhooks(store: Store, settings: Settings, sink: Sink) -> None:
    strict = Caller(door_over(store, settings, sink, allow_plain_webhooks=False))
    wish = {"name": "n", "webhook_url": "http://example.com/", "env_type": "sandbox"}
    refused = await strict.post("/v1/webhooks/", wish)
    assert refused.json["error"]["extra"]["invalid-params"] == [
        {"field": "webhook_url", "message": "The address must begin with https://."}
    ]
    made = await strict.post("/v1/webhooks/", wish | {"webhook_url": "https://example.com/"})
    assert made.status == 201
    changed = await strict.call("PATCH", f"/v1/webhooks/{made.json['id']}/", {"webhook_url": "http://example.com/"})
    assert changed.status == 400
