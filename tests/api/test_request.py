"""The last calls at the door: what is shown of them, to whom, for how long; and what is struck out."""

import asyncio
from typing import Any

import msgspec
import pytest

from payproof.api.door import Door
from payproof.api.recent import Recent
from payproof.config import Settings
from payproof.model.request import NO_BODY, KeptBody, KeptRequest, RequestWish
from payproof.store import Store
from tests.api.caller import DEV_SECRET, OTHER_CLIENT, OTHER_SECRET, Caller, Reply, Sink
from tests.api.conftest import door_over
from tests.api.people import new_task, new_user
from tests.contract.samples import BEGAN

PATH = "/v1/sandbox/requests/"
SSN = "521830947"


async def looked(caller: Caller, query: str = "") -> Any:
    reply = await caller.get(f"{PATH}?{query}")
    assert reply.status == 200, reply.content
    return reply.json


async def ids(caller: Caller, query: str = "") -> list[str]:
    return [one["id"] for one in (await looked(caller, query))["results"]]


def id_of(reply: Reply) -> str:
    return reply.headers["x-request-id"]


async def test_a_call_is_shown_with_its_bodies_and_without_its_secrets(caller: Caller) -> None:
    said = {"external_user_id": "case 9", "first_name": "Ada", "ssn": SSN}
    made = await caller.post("/v1/users/?x=1&password=hush", said)
    (shown,) = (await looked(caller))["results"]
    assert shown == (await caller.get(f"{PATH}{id_of(made)}/")).json
    assert (shown["id"], shown["status"], shown["reason"]) == (id_of(made), 201, None)
    assert (shown["method"], shown["path"], shown["route"]) == ("POST", "/v1/users/", "/v1/users/")
    assert shown["query"] == {"x": "1", "password": "****"}
    assert shown["request_body"] == said | {"ssn": "****"}
    assert shown["response_body"] == made.json | {"ssn": "****"}
    assert (shown["request_body_note"], shown["response_body_note"]) == (None, None)
    assert shown["ms"] > 0
    assert set(shown) == {
        *("id", "at", "method", "path", "route", "query", "status", "ms", "reason"),
        *("request_body", "request_body_note", "response_body", "response_body_note"),
    }


async def test_a_refusal_is_shown_with_its_reason_and_its_code(caller: Caller) -> None:
    await caller.post("/v1/users/", {"ssn": "12", "email": "nobody"})
    (shown,) = (await looked(caller))["results"]
    assert (shown["status"], shown["reason"]) == (400, "invalid: external_user_id, email, ssn")
    error = shown["response_body"]["error"]
    assert error["code"] == "incorrect_parameters"
    assert [one["field"] for one in error["extra"]["invalid-params"]] == ["external_user_id", "email", "ssn"]


async def test_what_is_no_json_is_told_by_type_and_size(caller: Caller) -> None:
    await caller.post("/v1/users/", b"ssn=" + SSN.encode(), content_type="text/plain; charset=utf-8")
    await caller.post("/v1/users/", b'{"ssn": "' + SSN.encode())
    await caller.post("/v1/users/", {"first_name": "x" * 40_000}, content_length="40018")
    await caller.call("DELETE", "/v1/webhooks/0/", b"surplus", content_length="7")
    results = (await looked(caller))["results"]
    assert [one["request_body"] for one in results] == [None] * 4
    assert [one["request_body_note"] for one in results] == [
        "text/plain, 13 bytes, not JSON",
        "application/json, 18 bytes, not JSON",
        "application/json, 40018 bytes, not read",
        "application/json, 7 bytes, not read",
    ]


async def test_bodies_without_a_length_are_notes_too(caller: Caller) -> None:
    """The door is told of a body by either of two headers."""
    await caller.post("/v1/users/", b"[1]", transfer_encoding="chunked")
    await caller.call("DELETE", "/v1/webhooks/0/", b"surplus", transfer_encoding="chunked")
    await caller.post("/v1/users/", b'{"external_user_id": "x"}')
    shown = (await looked(caller))["results"]
    assert [one["request_body_note"] for one in shown] == [None, "application/json, of unknown size, not read", None]
    assert shown[0]["request_body"] == [1]


async def test_ids_in_a_path_are_shown_and_numbers_of_people_are_not(caller: Caller) -> None:
    user_id = await new_user(caller)
    paths = (f"/v1/users/{user_id}", f"/v1/users/{SSN}/", "/v1/users/a%20b/", f"/v1/tasks/?status={SSN}&page_size=20")
    for path in paths:
        await caller.get(path)
    results = (await looked(caller))["results"][1:]
    assert [one["path"] for one in results] == [f"/v1/users/{user_id}", "/v1/users/****/", *(
        "/v1/users/a%2520b/", "/v1/tasks/"
    )]  # fmt: skip
    assert results[0]["route"] == "/v1/users/{user_id}/"
    assert results[3]["query"] == {"status": "****", "page_size": "20"}


async def test_tokens_are_struck_wherever_they_come_from(caller: Caller, store: Store) -> None:
    task = await new_task(store, await new_user(caller))
    secrets = [(await caller.post("/v1/keys/", {"env_type": "sandbox"})).json["secret"]]
    secrets.append(
        (await caller.post(f"/v1/users/{task.user_id}/tokens/", {"product_type": "income"})).json["bridge_token"]
    )
    secrets.append((await caller.post("/v1/sandbox/tenants/", {})).json["secret"])
    shown = (await looked(caller, "page_size=3"))["results"]
    assert [secret in msgspec.json.encode(shown).decode() for secret in secrets] == [False] * 3
    assert [one["response_body"].get("secret") for one in shown] == ["****", None, "****"]


async def test_looking_does_not_show_itself(caller: Caller) -> None:
    made = await caller.get("/v1/users/")
    await looked(caller)
    await caller.get(f"{PATH}{id_of(made)}/")
    assert await ids(caller) == [id_of(made)]


async def test_who_is_not_let_in_belongs_to_nobody(caller: Caller) -> None:
    await caller.get("/v1/users/")
    await caller.as_(None, None).get("/v1/users/")
    await caller.get("/v1/no-such-path/")
    await caller.as_(OTHER_CLIENT, OTHER_SECRET).get("/v1/links/")
    assert [one["path"] for one in (await looked(caller))["results"]] == ["/v1/users/"]


async def test_nobody_sees_the_calls_of_another(caller: Caller) -> None:
    other = caller.as_(OTHER_CLIENT, OTHER_SECRET)
    mine, theirs = id_of(await caller.get("/v1/users/")), id_of(await other.get("/v1/users/"))
    assert (await ids(caller), await ids(other)) == ([mine], [theirs])
    assert (await ids(caller, f"request_id={theirs}"), (await caller.get(f"{PATH}{theirs}/")).status) == ([], 404)


async def test_other_keys_than_sandbox_keys_are_neither_kept_nor_let_in(caller: Caller, door: Door) -> None:
    dev = caller.with_secret(DEV_SECRET)
    await dev.get("/v1/users/")
    assert (await dev.get(PATH)).json["error"]["code"] == "env_not_sandbox"
    recent = door._house.recent
    assert recent is not None
    assert recent._size == 0


async def test_one_goes_on_from_where_one_has_read(caller: Caller) -> None:
    made = [id_of(await caller.get("/v1/users/")) for _ in range(5)]
    last = await looked(caller, "page_size=2")
    assert [one["id"] for one in last["results"]] == made[3:]
    assert await ids(caller, f"after={last['next']}") == []
    assert (await looked(caller, "after=latest&wait=60"))["next"] == last["next"]
    made += [id_of(await caller.get("/v1/links/")) for _ in range(3)]
    first = await looked(caller, f"after={last['next']}&page_size=2")
    assert [one["id"] for one in first["results"]] == made[5:7]
    assert await ids(caller, f"after={first['next']}") == made[7:]


async def test_a_place_of_another_server_is_before_everything(caller: Caller) -> None:
    assert (await looked(caller))["next"] == "0-0"
    made = [id_of(await caller.get("/v1/users/")) for _ in range(2)]
    for after in ("0-0", "5f2a9c1d0b3e-17"):
        found = await looked(caller, f"after={after}&page_size=1")
        assert ([one["id"] for one in found["results"]], found["missed"]) == (made[:1], 0)
        assert await ids(caller, f"after={found['next']}") == made[1:]


async def test_what_is_wrong_with_a_question_is_named_at_once(caller: Caller) -> None:
    reply = await caller.get(f"{PATH}?after=yesterday&wait=61&page_size=none")
    assert reply.status == 400
    assert [one["field"] for one in reply.json["error"]["extra"]["invalid-params"]] == ["wait", "after"]


async def test_the_oldest_are_forgotten_and_that_is_told(store: Store, settings: Settings, sink: Sink) -> None:
    caller = Caller(door_over(store, settings, sink, keep_requests=3))
    await caller.get("/v1/users/")
    after = (await looked(caller))["next"]
    made = [id_of(await caller.get("/v1/users/")) for _ in range(5)]
    found = await looked(caller, f"after={after}")
    assert ([one["id"] for one in found["results"]], found["missed"]) == (made[2:], 2)
    assert (await caller.get(f"{PATH}{made[0]}/")).status == 404


async def test_a_server_that_keeps_nothing_says_so(store: Store, settings: Settings, sink: Sink) -> None:
    caller = Caller(door_over(store, settings, sink, keep_requests=0))
    made = await caller.get("/v1/users/")
    for path in (PATH, f"{PATH}{id_of(made)}/"):
        reply = await caller.get(path)
        assert (reply.status, "PAYPROOF_KEEP_REQUESTS" in reply.json["detail"]) == (404, True)


async def waiting(caller: Caller, query: str) -> "asyncio.Task[Reply]":
    """A call that has begun to wait."""
    changes = caller.door._house.recent._changes
    begun = asyncio.Event()

    def watch(subjects: Any) -> Any:
        begun.set()
        return type(changes).watch(changes, subjects)

    changes.watch = watch
    task = asyncio.create_task(caller.get(f"{PATH}?{query}"))
    await begun.wait()
    return task


async def test_a_call_that_comes_ends_the_waiting(caller: Caller) -> None:
    held = await waiting(caller, "wait=60")
    made = await caller.get("/v1/users/")
    assert [one["id"] for one in (await held).json["results"]] == [id_of(made)]
    held = await waiting(caller, f"wait=60&after={(await held).json['next']}")
    await caller.as_(OTHER_CLIENT, OTHER_SECRET).get("/v1/users/")
    made = await caller.get("/v1/links/")
    assert [one["id"] for one in (await held).json["results"]] == [id_of(made)]


async def test_waiting_holds_up_no_other_call_and_ends_with_the_server(caller: Caller, door: Door) -> None:
    held = [await waiting(caller, "wait=60") for _ in range(50)]
    assert (await caller.as_(OTHER_CLIENT, OTHER_SECRET).post("/v1/users/", {"external_user_id": "x"})).status == 201
    door.stop()
    assert [(await one).json["results"] for one in held] == [[]] * 50
    assert await ids(caller, "wait=60") == []


async def test_waiting_has_an_end(caller: Caller) -> None:
    assert await ids(caller, "wait=1") == []


@pytest.mark.parametrize("by", ["its maker", "itself"])
async def test_what_a_tenant_called_goes_with_it(caller: Caller, door: Door, by: str) -> None:
    made = (await caller.post("/v1/sandbox/tenants/", {})).json
    own = caller.as_(made["client_id"], made["secret"])
    child = (await own.post("/v1/sandbox/tenants/", {})).json
    await caller.as_(child["client_id"], child["secret"]).get("/v1/users/")
    recent = door._house.recent
    assert recent is not None
    assert {made["id"], child["id"]} <= {*recent._series}
    await (caller if by == "its maker" else own).call("DELETE", f"/v1/sandbox/tenants/{made['id']}/")
    assert not {made["id"], child["id"]} & {*recent._series}
    assert recent._size == sum(one.size for series in recent._series.values() for one in series.requests)


def kept(number: int, size: int = 0) -> KeptRequest:
    return KeptRequest(
        id=str(number),
        at=BEGAN,
        method="",
        path="",
        route="",
        query=b"",
        status=200,
        ms=1.0,
        reason=None,
        request=KeptBody(b"1" * size) if size else NO_BODY,
        response=NO_BODY,
    )


def found(recent: Recent, tenant: str) -> list[str]:
    return [one.id for one in recent.look(tenant, RequestWish()).found]


def test_all_tenants_together_have_a_bound_and_the_quietest_goes_first() -> None:
    recent = Recent(100, max_bytes=10_000)
    for number in range(3):
        recent.keep("quiet", kept(number))
    for number in range(3):
        recent.keep("busy", kept(number))
    recent.keep("quiet", kept(3))
    recent.keep("new", kept(0, 4_000))
    assert (found(recent, "quiet"), found(recent, "busy"), found(recent, "new")) == (["0", "1", "2", "3"], [], ["0"])
    recent.forget(["new", "quiet"])
    for number in range(20):
        recent.keep("alone", kept(number))
    assert found(recent, "alone") == [str(number) for number in range(10, 20)]
    assert recent._size == 10_000


def test_so_much_is_shown_at_once_and_the_rest_the_next_time() -> None:
    recent = Recent(100)
    for number in range(70):
        recent.keep("t", kept(number, 30_000))
    assert found(recent, "t") == [str(number) for number in range(38, 70)]
    start = recent.look("t", RequestWish(limit=1)).next
    seen, after = [], msgspec.structs.replace(start, number=0)
    while some := (page := recent.look("t", RequestWish(after=after))).found:
        assert sum(one.size for one in some) <= 1_000_000
        seen += [one.id for one in some]
        after = page.next
    assert seen == [str(number) for number in range(70)]


def test_a_tenant_that_is_gone_is_not_kept_by_a_late_call() -> None:
    recent = Recent(100)
    recent.forget(["t"])
    recent.keep("t", kept(1))
    assert found(recent, "t") == []
