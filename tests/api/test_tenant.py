"""Tenants for tests at the door: made, listed, taken away; their keys die with them."""

from typing import Any

import pytest

from payproof.api.door import Door
from payproof.model.job import JobKind
from payproof.store import Store, SystemTx
from payproof.store.dialect import SystemSql
from tests.api.caller import CLIENT, DEV_SECRET, Caller, Sink
from tests.api.people import new_user

PATH = "/v1/sandbox/tenants/"
_OWED = SystemSql("SELECT subject FROM job WHERE kind = :kind")


async def make(caller: Caller, body: Any = None) -> dict[str, Any]:
    reply = await caller.post(PATH, body)
    assert reply.status == 201, reply.content
    made: dict[str, Any] = reply.json
    return made


def as_(caller: Caller, made: dict[str, Any]) -> Caller:
    return caller.as_(made["client_id"], made["secret"])


async def test_a_tenant_has_a_client_a_key_and_a_world_of_its_own(caller: Caller) -> None:
    made = await make(caller, {"seed": "seven", "name": "worker 1"})
    assert set(made) == {"id", "client_id", "secret", "seed", "name", "created_at"}
    assert (made["seed"], made["name"], made["secret"][:8]) == ("seven", "worker 1", "sandbox-")
    other = await make(caller)
    assert (other["seed"], other["name"]) == ("payproof", None)
    user_id = await new_user(as_(caller, made))
    assert (await as_(caller, made).get(f"/v1/users/{user_id}/")).status == 200
    assert (await as_(caller, other).get(f"/v1/users/{user_id}/")).status == 404
    assert (await caller.get(f"/v1/users/{user_id}/")).status == 404


async def test_a_list_shows_those_one_has_made_without_their_secrets(caller: Caller) -> None:
    made = [await make(caller, {"name": str(number)}) for number in range(3)]
    await make(as_(caller, made[0]))
    listed = (await caller.get(PATH + "?page_size=2")).json
    assert listed["count"] == 3
    assert [one["name"] for one in listed["results"]] == ["2", "1"]
    assert all("secret" not in one for one in listed["results"])
    assert listed["next"].endswith("/v1/sandbox/tenants/?page_size=2&page=2")


async def test_what_is_wrong_with_a_wish_is_named_at_once(caller: Caller) -> None:
    reply = await caller.post(PATH, {"seed": "two words", "name": 7})
    assert reply.status == 400
    assert [one["field"] for one in reply.json["error"]["extra"]["invalid-params"]] == ["seed", "name"]


@pytest.mark.parametrize("by", ["its maker", "itself"])
async def test_taken_away_its_key_is_nobodys_although_any_key_is_accepted(
    caller: Caller, store: Store, by: str
) -> None:
    made = await make(caller)
    own = as_(caller, made)
    await new_user(own)
    second = (await own.post("/v1/keys/", {"env_type": "sandbox"})).json["secret"]
    gone = await (caller if by == "its maker" else own).call("DELETE", f"{PATH}{made['id']}/")
    assert (gone.status, gone.content) == (204, b"")
    assert (await own.get("/v1/users/")).status == 401
    assert (await own.post("/v1/users/", {"external_user_id": "x"})).status == 401
    assert (await caller.as_(made["client_id"], second).get("/v1/users/")).status == 401
    assert (await caller.call("DELETE", f"{PATH}{made['id']}/")).status == 404
    assert await store.everywhere.read(_forgotten) == [made["id"]]


async def test_nobody_else_may_take_it_away(caller: Caller) -> None:
    first, second = await make(caller), await make(caller)
    child = await make(as_(caller, first))
    path = f"{PATH}{first['id']}/"
    assert (await as_(caller, second).call("DELETE", path)).status == 404
    assert (await as_(caller, child).call("DELETE", path)).status == 404
    assert (await caller.call("DELETE", f"{PATH}{child['id']}/")).status == 404
    assert (await caller.as_(CLIENT, DEV_SECRET).call("DELETE", path)).status == 403
    assert (await caller.call("DELETE", path)).status == 204
    assert (await as_(caller, child).get("/v1/users/")).status == 401


async def test_a_caller_who_is_overtaken_by_the_end_of_its_tenant_hears_401(
    caller: Caller, door: Door, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await make(caller)
    monkeypatch.setattr(door._truv._access, "recall", _remembering(door))
    await new_user(as_(caller, made))
    await caller.call("DELETE", f"{PATH}{made['id']}/")
    late = await as_(caller, made).post("/v1/users/", {"external_user_id": "x"})
    assert (late.status, late.json["error"]["code"]) == (401, "authentication_failed")
    assert b'"reason":"the tenant is gone"' in sink.getvalue()


def _remembering(door: Door) -> Any:
    """Access as it was a moment ago: admitted, then the tenant goes."""
    access = door._truv._access
    admitted: dict[str, Any] = {}
    find = access._find

    def recall(call: Any, given: Any) -> bool:
        key = admitted.get(given.client_id)
        if key is not None:
            access._grant(key, call, given)
        return key is not None

    def found(tx: SystemTx, given: Any) -> Any:
        key = find(tx, given)
        if key is not None:
            admitted[given.client_id] = key
        return key

    access._find = found  # type: ignore[method-assign]
    return recall


def _forgotten(tx: SystemTx) -> list[str]:
    return [row[0] for row in tx.all(_OWED, kind=JobKind.FORGET)]
