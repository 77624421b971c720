"""Access keys over the door, on both databases."""

import asyncio
from typing import Any

import pytest

from payproof.config import Settings
from payproof.model.secret import Secret
from payproof.store import Store
from payproof.store.key import hash_secret, key_by_secret
from tests.api.caller import Caller, Sink, fresh_caller
from tests.api.conftest import door_over


@pytest.fixture
def caller(shared_store: Store, settings: Settings, sink: Sink) -> Caller:
    return fresh_caller(door_over(shared_store, settings, sink))


async def new_key(caller: Caller) -> Any:
    reply = await caller.post("/v1/keys/", {"env_type": "sandbox"})
    assert reply.status == 201, reply.content
    return reply.json


async def test_a_third_live_key_is_refused(caller: Caller) -> None:
    made = await new_key(caller)
    refused = await caller.post("/v1/keys/", {"env_type": "sandbox"})
    assert refused.status == 400
    assert refused.json["error"]["extra"]["invalid-params"][0]["field"] == "env_type"
    await caller.post("/v1/keys/deactivate/", {"id": made["id"]})
    assert (await new_key(caller))["secret"] != made["secret"]


async def test_four_who_ask_at_once_get_one_key_between_them(caller: Caller) -> None:
    await caller.get("/v1/tasks/")
    replies = await asyncio.gather(*(caller.post("/v1/keys/", {"env_type": "sandbox"}) for _ in range(4)))
    assert sorted(reply.status for reply in replies) == [201, 400, 400, 400]


async def test_each_environment_has_its_own_two(caller: Caller) -> None:
    await new_key(caller)
    other = caller.in_environment("dev")
    assert (await other.post("/v1/keys/", {"env_type": "dev"})).status == 201
    assert (await other.post("/v1/keys/", {"env_type": "dev"})).status == 400
    refused = await caller.post("/v1/keys/", {"env_type": "dev"})
    assert refused.json["error"]["extra"]["invalid-params"] == [
        {"field": "env_type", "message": "The access key belongs to sandbox."}
    ]


async def test_a_key_may_end_itself_and_its_successor_goes_on(caller: Caller, shared_store: Store) -> None:
    user = (await caller.post("/v1/users/", {"external_user_id": "x"})).json
    made = await new_key(caller)
    successor = caller.with_secret(made["secret"])
    own = await shared_store.everywhere.read(key_by_secret, hash_secret(Secret(caller.secret)))
    assert own is not None
    assert (await caller.post("/v1/keys/deactivate/", {"id": own.id})).status == 200
    assert (await caller.get("/v1/tasks/")).status == 401
    assert (await successor.get(f"/v1/users/{user['id']}/")).status == 200


async def test_the_last_key_may_end_itself_too(caller: Caller) -> None:
    made = await new_key(caller)
    second = caller.with_secret(made["secret"])
    assert (await second.post("/v1/keys/deactivate/", {"id": made["id"]})).status == 200
    assert (await second.get("/v1/tasks/")).status == 401
    assert (await second.post("/v1/keys/deactivate/", {"id": made["id"]})).status == 401


async def test_a_secret_is_shown_once(caller: Caller) -> None:
    made = await new_key(caller)
    ended = (await caller.post("/v1/keys/deactivate/", {"id": made["id"]})).json
    assert set(ended) == {"id", "env_type", "created_at"}
    assert set(made) == {*ended, "secret"}
