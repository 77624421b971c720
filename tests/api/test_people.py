"""Four people at every route: the owner, the owner with another environment's key, another client, and nobody."""

import re

import pytest

from payproof.api.routes import READS, WAITS, WRITES
from payproof.contract import truv
from payproof.contract.operation import Operation
from payproof.store import Store
from tests.api.caller import CLIENT, DEV_SECRET, OTHER_CLIENT, OTHER_SECRET, Caller
from tests.api.people import new_task, new_user

_OWN = {"user_id": "user", "link_id": "link", "id": "task", "webhook_id": "webhook"}
_OBJECT_ROUTES = [one for one in truv.OPERATIONS if any(f"{{{name}}}" in one.path for name in _OWN)]
_BODIES = {"users_tokens": {"product_type": "income"}}


async def _ids(caller: Caller, store: Store) -> dict[str, str]:
    user_id = await new_user(caller)
    task = await new_task(store, user_id)
    hook = {"name": "n", "webhook_url": "https://example.com/", "env_type": "sandbox"}
    webhook_id = (await caller.post("/v1/webhooks/", hook)).json["id"]
    return {"user_id": user_id, "link_id": str(task.link_id), "id": task.id, "webhook_id": webhook_id}


async def _status(caller: Caller, operation: Operation, ids: dict[str, str]) -> int:
    body = None if operation.request is None else _BODIES.get(operation.name, {})
    return (await caller.call(operation.method, operation.path.format(**ids), body)).status


@pytest.mark.parametrize("operation", _OBJECT_ROUTES, ids=lambda one: one.name)
async def test_four_people(operation: Operation, caller: Caller, store: Store) -> None:
    ids = await _ids(caller, store)
    assert await _status(caller.as_(None, None), operation, ids) == 401
    assert await _status(caller.as_(OTHER_CLIENT, OTHER_SECRET), operation, ids) == 404
    assert await _status(caller.as_(CLIENT, DEV_SECRET), operation, ids) == 403
    assert await _status(caller, operation, ids) == operation.status
    assert await _status(caller, operation, dict.fromkeys(ids, "f" * 32)) == 404


@pytest.mark.parametrize("operation", truv.OPERATIONS, ids=lambda one: one.name)
async def test_nobody_is_let_in(operation: Operation, caller: Caller) -> None:
    path = re.sub(r"\{\w+\}", "x", operation.path)
    assert (await caller.as_(None, None).call(operation.method, path)).status == 401


async def test_a_webhook_removed_is_gone_for_its_owner_too(caller: Caller, store: Store) -> None:
    ids = await _ids(caller, store)
    path = f"/v1/webhooks/{ids['webhook_id']}/"
    assert (await caller.call("DELETE", path)).status == 204
    assert (await caller.call("DELETE", path)).status == 404
    assert (await caller.as_(CLIENT, DEV_SECRET).get(path)).status == 404


def test_every_operation_has_its_act() -> None:
    assert {one.name for one in truv.OPERATIONS} == {*READS, *WRITES, *WAITS}
    assert len(READS) + len(WRITES) + len(WAITS) == len({*READS, *WRITES, *WAITS})


async def test_the_sandbox_is_for_sandbox_keys(caller: Caller) -> None:
    refused = await caller.as_(CLIENT, DEV_SECRET).get("/v1/sandbox/scenarios/")
    assert (refused.status, refused.json["error"]["code"]) == (403, "env_not_sandbox")
