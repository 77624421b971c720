"""Four people at every route: the owner, the owner with another environment's key, another client, and nobody."""

import re

import pytest

from payproof.api.routes import READS, WAITS, WRITES
from payproof.config import Settings
from payproof.contract import truv
from payproof.contract.operation import Operation
from payproof.store import Store
from tests.api.caller import Caller, Sink, fresh_caller
from tests.api.conftest import door_over
from tests.api.objects import (
    BODIES,
    NAMED,
    OBJECTS,
    OWNED,
    PLAIN,
    PUBLIC,
    QUERIES,
    body_of,
    fields_that_name,
    path_of,
    prefixes,
)
from tests.api.working import working
from tests.api.world import World

HERE = "tests/api/objects.py"


def _name(operation: Operation) -> str:
    return operation.name


@pytest.fixture
def caller(shared_store: Store, settings: Settings, sink: Sink) -> Caller:
    """The owner, of whom nobody has heard before."""
    return fresh_caller(door_over(shared_store, settings, sink))


@pytest.fixture
def world(caller: Caller, shared_store: Store) -> World:
    return World(caller, shared_store)


@pytest.fixture
def elsewhere(caller: Caller) -> Caller:
    """The owner, with another environment's key."""
    return caller.in_environment("dev")


@pytest.fixture
def foreigner(caller: Caller) -> Caller:
    return fresh_caller(caller.door)


@pytest.mark.parametrize("operation", truv.OPERATIONS, ids=_name)
def test_it_is_known_how_to_make_what_an_operation_names(operation: Operation) -> None:
    for prefix in prefixes(operation):
        assert prefix in OBJECTS or prefix in PUBLIC, f"{HERE}: say in OBJECTS how to make what {prefix} names"
    if operation.request:
        assert operation.name in BODIES, f"{HERE}: say in BODIES what {operation.name} is sent"
    for field in fields_that_name(operation):
        known = (operation.name, field) in NAMED or (operation.name, field) in QUERIES
        assert known, f"{HERE}: say in NAMED or QUERIES whose object the {field} of {operation.name} is, or in PLAIN"


def test_nothing_is_made_for_operations_that_are_gone() -> None:
    names = {one.name for one in truv.OPERATIONS}
    assert {*BODIES} == {one.name for one in truv.OPERATIONS if one.request}
    assert {name for name, _ in (*NAMED, *QUERIES)} <= names
    assert {*OBJECTS, *PUBLIC} == {prefix for one in truv.OPERATIONS for prefix in prefixes(one)}
    assert not PLAIN & {field for _, field in (*NAMED, *QUERIES)}


@pytest.mark.parametrize("operation", OWNED, ids=_name)
async def test_four_people(
    operation: Operation, caller: Caller, elsewhere: Caller, foreigner: Caller, world: World
) -> None:
    path, body = await path_of(operation, world), await body_of(operation, world)
    for who, status in ((caller.as_(None, None), 401), (foreigner, 404), (elsewhere, 403)):
        assert (await who.call(operation.method, path, body)).status == status
    reply = await caller.call(operation.method, path, body)
    assert reply.status == operation.status, reply.content
    assert (await caller.call(operation.method, re.sub(r"{.*?}", "f" * 32, operation.path), body)).status == 404


@pytest.mark.parametrize("operation", truv.OPERATIONS, ids=_name)
async def test_nobody_is_let_in(operation: Operation, caller: Caller) -> None:
    reply = await caller.as_(None, None).call(operation.method, operation.path.replace("{", "").replace("}", ""))
    assert (reply.status, reply.json["error"]["code"]) == (401, "authentication_failed")


@pytest.mark.parametrize(("operation", "field"), [*NAMED], ids="-".join)
async def test_four_people_name_an_object_in_a_body(
    operation: str,
    field: str,
    caller: Caller,
    elsewhere: Caller,
    foreigner: Caller,
    world: World,
    shared_store: Store,
) -> None:
    (one,) = [each for each in truv.OPERATIONS if each.name == operation]
    named = NAMED[operation, field]
    for who, status in ((caller.as_(None, None), 401), (foreigner, named.foreign), (elsewhere, named.elsewhere)):
        user_id = await _new_user(who)
        reply = await who.call(one.method, one.path.format(user_id=user_id), await named.body(world, user_id))
        assert reply.status == status
        if status == 400:
            assert [wrong["field"] for wrong in reply.json["error"]["extra"]["invalid-params"]] == [field]
    body = await named.body(world, await world.user())
    async with working(shared_store):
        assert (await caller.call(one.method, await path_of(one, world), body)).status == one.status


async def _new_user(who: Caller) -> str:
    """A user of theirs, where they can have one."""
    made = await who.post("/v1/users/", {"external_user_id": "theirs"})
    return str(made.json.get("id"))


@pytest.mark.parametrize(("operation", "field"), [*QUERIES], ids="-".join)
async def test_four_people_ask_for_what_belongs_to_an_object(
    operation: str, field: str, caller: Caller, elsewhere: Caller, foreigner: Caller, world: World
) -> None:
    (one,) = [each for each in truv.OPERATIONS if each.name == operation]
    path = f"{await path_of(one, world)}?{field}={await world.object(QUERIES[operation, field])}"
    assert (await caller.as_(None, None).get(path)).status == 401
    assert (await caller.get(path)).json["results"]
    for other in (elsewhere, foreigner):
        reply = await other.get(path)
        assert reply.status == 403 if other is elsewhere and "/sandbox/" in path else reply.json["results"] == []


async def test_a_webhook_removed_is_gone_for_its_owner_too(caller: Caller, elsewhere: Caller, world: World) -> None:
    path = f"/v1/webhooks/{await world.webhook()}/"
    assert (await caller.call("DELETE", path)).status == 204
    assert (await caller.call("DELETE", path)).status == 404
    assert (await elsewhere.get(path)).status == 404


def test_every_operation_has_its_act() -> None:
    assert {one.name for one in truv.OPERATIONS} == {*READS, *WRITES, *WAITS}
    assert len(READS) + len(WRITES) + len(WAITS) == len({*READS, *WRITES, *WAITS})


async def test_the_sandbox_is_for_sandbox_keys(elsewhere: Caller) -> None:
    refused = await elsewhere.get("/v1/sandbox/scenarios/")
    assert (refused.status, refused.json["error"]["code"]) == (403, "env_not_sandbox")
