"""What every operation has in common, held against each of them: methods, slashes, types, limits, and words."""

import re
from typing import Any

import msgspec
import pytest
from msgspec.structs import fields

from payproof import clock
from payproof.config import Settings
from payproof.contract import truv
from payproof.contract.openapi import truv_document
from payproof.contract.operation import Operation
from payproof.contract.unbuilt import unbuilt_paths
from payproof.store import Store
from tests.api.caller import Caller, Reply, Sink, fresh_caller
from tests.api.conftest import door_over
from tests.api.objects import body_of, path_of
from tests.api.world import World

PATHS = msgspec.json.decode(truv_document())["paths"]
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
WITH_BODY = [one for one in truv.OPERATIONS if one.request]
PAGED = [one for one in truv.OPERATIONS if one.is_paged]
THROTTLED = r"Request was throttled\. Expected available in ([0-9]+) seconds\."


def _name(operation: Operation) -> str:
    return operation.name


each = pytest.mark.parametrize("operation", truv.OPERATIONS, ids=_name)
each_with_body = pytest.mark.parametrize("operation", WITH_BODY, ids=_name)


@pytest.fixture
def caller(shared_store: Store, settings: Settings, sink: Sink) -> Caller:
    return fresh_caller(door_over(shared_store, settings, sink))


@pytest.fixture
def world(caller: Caller, shared_store: Store) -> World:
    return World(caller, shared_store)


def told(reply: Reply) -> list[str]:
    """The fields of a refusal, which is of the documented shape."""
    assert reply.status == 400, reply.content
    error = reply.json["error"]
    assert (error["code"], error["message"]) == ("incorrect_parameters", "Incorrect request parameters")
    assert set(error) == {"code", "message", "extra"}
    assert all(set(one) == {"field", "message"} and one["message"] for one in error["extra"]["invalid-params"])
    return [one["field"] for one in error["extra"]["invalid-params"]]


def is_documented(operation: Operation, reply: Reply) -> bool:
    """Whether the document knows this status there; and a refusal is JSON, whoever it is for."""
    return str(reply.status) in PATHS[operation.path][operation.method.lower()]["responses"] and (
        reply.status == 204 or reply.headers["content-type"] == "application/json"
    )


def at_once(operation: Operation, path: str) -> str:
    """There is no engine here: whoever would wait for one says that it does not."""
    waits = operation.query is not None and any(field.encode_name == "wait" for field in fields(operation.query))
    return f"{path}?wait=0" if waits else path


def successes(operation: Operation) -> set[int]:
    """Its own status, and the one for what is still under way, where there is such a thing."""
    known = PATHS[operation.path][operation.method.lower()]["responses"]
    return {operation.status} | ({202} & {int(status) for status in known})


@each
async def test_with_and_without_the_slash_and_never_elsewhere(
    operation: Operation, caller: Caller, world: World
) -> None:
    for path in (await path_of(operation, world), (await path_of(operation, world)).rstrip("/")):
        reply = await caller.call(operation.method, at_once(operation, path), await body_of(operation, world))
        assert is_documented(operation, reply)
        assert reply.status in successes(operation) or (reply.status in (400, 404) and operation.method != "GET")
        assert "location" not in reply.headers


@each
async def test_methods(operation: Operation, caller: Caller, world: World) -> None:
    path = await path_of(operation, world)
    there = {method.upper() for method in PATHS[operation.path]}
    to_come = {method for method, path_to_come in unbuilt_paths() if path_to_come == operation.path}
    for method in (*METHODS, "TRACE", "NONSENSE"):
        if method not in there | to_come:
            reply = await caller.call(method, path)
            assert (reply.status, reply.json) == (405, {"detail": f'Method "{method}" not allowed.'})
            assert {*reply.headers["allow"].split(", ")} >= there
    asked = await caller.as_(None, None).call("OPTIONS", path)
    assert (asked.status, asked.content) == (204, b"")
    assert {*asked.headers["allow"].split(", ")} >= {*there, "OPTIONS"}
    assert "access-control-allow-origin" not in asked.headers


@each
async def test_head_is_get_without_its_body(operation: Operation, caller: Caller, world: World) -> None:
    path = await path_of(operation, world)
    head = await caller.call("HEAD", path)
    if operation.method == "GET":
        assert (head.status, head.content) == (200, b"")
        assert int(head.headers["content-length"]) > 0
    elif "get" not in PATHS[operation.path]:
        assert (head.status, head.content) == (405, b"")


@each
async def test_only_json_is_given(operation: Operation, caller: Caller, world: World) -> None:
    path, body = await path_of(operation, world), await body_of(operation, world)
    reply = await caller.call(operation.method, path, body, accept="text/html")
    assert (reply.status, reply.json) == (406, {"detail": "Could not satisfy the request Accept header."})
    assert is_documented(operation, reply)


@each_with_body
async def test_only_json_is_taken_and_only_so_much(operation: Operation, caller: Caller, world: World) -> None:
    path, body = await path_of(operation, world), msgspec.json.encode(await body_of(operation, world))
    for headers in (
        {"content_type": "text/plain"},
        {"content_type": "application/x-www-form-urlencoded"},
        {"content_encoding": "gzip"},
    ):
        reply = await caller.call(operation.method, path, body, **headers)
        assert (reply.status, [*reply.json]) == (415, ["detail"])
    padded = body + b" " * (operation.max_bytes - len(body))
    too_much = await caller.call(operation.method, path, padded + b" ")
    assert (too_much.status, too_much.json) == (413, {"detail": "Request body is too large."})
    assert is_documented(operation, too_much)
    assert (await caller.call(operation.method, at_once(operation, path), padded)).status in successes(operation)


@each_with_body
@pytest.mark.parametrize(
    "body", [b"[]", b'"x"', b"7", b"null", b"{", b"\xff\xfe{}", b'{"a":"\\ud800"}', b'{"a":1e999}', b"{" * 2000]
)
async def test_what_is_no_object_is_refused_as_a_whole(
    operation: Operation, body: bytes, caller: Caller, world: World
) -> None:
    reply = await caller.call(operation.method, await path_of(operation, world), body)
    assert told(reply) == ["non_field_errors"]


@each_with_body
async def test_every_field_of_a_wrong_type_is_named_at_once(operation: Operation, caller: Caller, world: World) -> None:
    assert operation.request is not None
    wrong = {field.encode_name: [{"not": "it"}] for field in fields(operation.request) if field.type is not Any}
    reply = await caller.call(operation.method, await path_of(operation, world), wrong)
    assert {re.split(r"[.\[]", field)[0] for field in told(reply)} == {*wrong}
    assert b"not" not in reply.content.replace(b"Not a valid", b"").replace(b"may not", b"")


@each_with_body
async def test_every_field_that_is_missing_is_named_at_once(operation: Operation, caller: Caller, world: World) -> None:
    assert operation.request is not None
    required = [field.encode_name for field in fields(operation.request) if field.required]
    if required:
        reply = await caller.call(operation.method, await path_of(operation, world), {})
        problems = reply.json["error"]["extra"]["invalid-params"]
        assert set(told(reply)) >= set(required)
        assert {one["message"] for one in problems if one["field"] in required} == {"This field is required."}


@each_with_body
async def test_texts_without_end_and_with_nulls_are_named(operation: Operation, caller: Caller, world: World) -> None:
    assert operation.request is not None
    path, body = await path_of(operation, world), await body_of(operation, world)
    for field in fields(operation.request):
        if field.encode_name in ("user", "account"):
            continue
        for text in ("\0", "x\0", "x" * (operation.max_bytes // 2)):
            reply = await caller.call(operation.method, path, body | {field.encode_name: text})
            assert [re.split(r"[.\[]", name)[0] for name in told(reply)] == [field.encode_name]


@pytest.mark.parametrize("operation", [one for one in truv.OPERATIONS if one.query], ids=_name)
async def test_every_bad_filter_is_named_at_once(operation: Operation, caller: Caller, world: World) -> None:
    assert operation.query is not None
    names = [field.encode_name for field in fields(operation.query) if field.encode_name != "page_size"]
    path = await path_of(operation, world)
    body = await body_of(operation, world)
    reply = await caller.call(operation.method, path + "?" + "&".join(f"{name}=%00" for name in names), body)
    assert [re.split(r"[.\[]", field)[0] for field in told(reply)] == names
    assert is_documented(operation, reply)
    if operation.method == "GET":
        unsaid = "&".join(f"{name}=" for name in names)
        assert (await caller.get(f"{path}?unknown=1&&=&%ff=%ff&{unsaid}")).status == 200


MOMENTS = {"created_at__gte", "created_at__lte", "transacted_at_from", "transacted_at_to"}


@pytest.mark.parametrize("operation", [one for one in truv.OPERATIONS if one.query], ids=_name)
async def test_a_filter_by_time_takes_a_day_and_every_zone(operation: Operation, caller: Caller, world: World) -> None:
    assert operation.query is not None
    path = await path_of(operation, world)
    today = clock.now().date()
    for name in MOMENTS & {field.encode_name for field in fields(operation.query)}:
        for text in (f"{today}", f"{today}T00:00:00Z", f"{today}T00:00:00", f"{today}T00:00:00.5%2B02:00"):
            reply = await caller.get(f"{path}?{name}={text}")
            assert reply.status == 200, reply.content


@pytest.mark.parametrize("operation", PAGED, ids=_name)
async def test_pages(operation: Operation, caller: Caller, world: World) -> None:
    path = await path_of(operation, world)
    for page in ("0", "-1", "x", "1.5", "999999999", "9" * 40, "%C2%B2", "%00"):
        reply = await caller.get(f"{path}?page={page}")
        assert (reply.status, reply.json) == (404, {"detail": "Invalid page."})
        assert is_documented(operation, reply)
    for size in ("0", "-1", "x", "501", "9" * 40, ""):
        found = (await caller.get(f"{path}?page=1&page_size={size}")).json
        assert {*found} >= {"count", "next", "previous"}


@each
async def test_the_limit_says_when_to_come_again(
    operation: Operation, shared_store: Store, settings: Settings, sink: Sink
) -> None:
    caller = fresh_caller(door_over(shared_store, settings, sink, rate_limit_per_minute=1))
    path = re.sub(r"{.*?}", "f" * 32, operation.path)
    await caller.call(operation.method, path, {})
    reply = await caller.call(operation.method, path, {})
    assert (reply.status, reply.json["error"]["code"]) == (429, "throttled")
    assert is_documented(operation, reply)
    again = re.fullmatch(THROTTLED, reply.json["error"]["message"])
    assert again is not None
    assert again[1] == reply.headers["retry-after"]


@each_with_body
async def test_no_body_names_a_status(operation: Operation, caller: Caller, world: World) -> None:
    """`not_supported` is what nothing else here leads to."""
    task, link = f"/v1/tasks/{await world.task()}/", f"/v1/links/{await world.link()}/"
    path, body = await path_of(operation, world), await body_of(operation, world)
    named = body | {"status": "not_supported", "task_status": "not_supported", "task": {"status": "not_supported"}}
    reply = await caller.call(operation.method, at_once(operation, path), named)
    assert reply.status in {*successes(operation), 400}
    for where in (task, link):
        found = await caller.get(where)
        assert found.status in (200, 401), found.content
        assert b"not_supported" not in found.content
