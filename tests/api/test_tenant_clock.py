"""The tenant's clock at the door: set, frozen, advanced by what is due, never set back."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from payproof.clock import to_micros
from payproof.engine.work import Work
from payproof.model.job import JobKind
from payproof.services.tenant_clock import set_clock
from payproof.store import Store, Tx, job
from payproof.store.dialect import Sql
from tests.api.caller import CLIENT, DEV_SECRET, Caller
from tests.api.people import new_user, tenant_of
from tests.api.working import working

PATH = "/v1/sandbox/clocks/"
START = "2026-02-01T08:00:00Z"


class Slow:
    """Does its jobs when it may."""

    def __init__(self) -> None:
        self.has_begun = asyncio.Event()
        self.may = asyncio.Event()

    async def step(self, work: Work) -> None:
        self.has_begun.set()
        await self.may.wait()
        await work.finish(lambda tx: None)

    async def give_up(self, work: Work) -> None:
        await work.bury(lambda tx: None)


@pytest.fixture
async def slow(store: Store) -> AsyncIterator[Slow]:
    """The jobs that bring clocks forward are done while the test runs; deliveries when it says so."""
    made = Slow()
    async with working(store, deliver=made):
        yield made
        made.may.set()


async def frozen(caller: Caller, at: str = START) -> str:
    reply = await caller.post(PATH, {"frozen_at": at})
    assert (reply.status, reply.json["frozen_at"]) == (201, at), reply.json
    clock_id: str = reply.json["id"]
    return clock_id


def problems(reply: Any) -> list[str]:
    assert reply.status == 400, reply.content
    return [one["field"] for one in reply.json["error"]["extra"]["invalid-params"]]


async def test_a_tenant_has_one_clock_which_ticks_with_the_wall_at_first(caller: Caller) -> None:
    listed = (await caller.get(PATH)).json
    [found] = listed["results"]
    assert (listed["count"], found["status"], found["frozen_at"], found["target"]) == (1, "ready", None, None)
    assert found["offset"] == 0
    assert (await caller.get(f"{PATH}{found['id']}")).json["id"] == found["id"]
    assert (await caller.get(f"{PATH}{'0' * 32}/")).status == 404


async def test_a_clock_that_another_call_has_set_meanwhile_stands_where_it_stands(caller: Caller, store: Store) -> None:
    await new_user(caller)

    def overtaken(tx: Tx) -> tuple[datetime, datetime]:
        later = tx.now + timedelta(hours=1)
        tx.put(Sql("UPDATE tenant SET clock_frozen_at = :later WHERE id = :tenant"), later=to_micros(later))
        return later, set_clock(tx, frozen_at=None, offset=None).now

    later, now = await store.of(await tenant_of(store)).write(overtaken)
    assert now == later


async def test_a_tenant_that_has_seen_nothing_may_begin_at_any_time(caller: Caller) -> None:
    clock_id = await frozen(caller, "2026-02-01T08:00:00Z")
    await frozen(caller, "2020-02-01T08:00:00Z")
    user_id = await new_user(caller)
    assert (await caller.get(f"/v1/users/{user_id}")).json["created_at"] == "2020-02-01T08:00:00Z"
    assert problems(await caller.post(PATH, {"frozen_at": "2020-01-01T00:00:00Z"})) == ["non_field_errors"]
    assert problems(await caller.post(f"{PATH}{clock_id}/freeze/", {"at": "2020-01-01"})) == ["non_field_errors"]


async def test_ticking_again_it_is_not_set_back(caller: Caller) -> None:
    ahead = datetime.now(UTC) + timedelta(days=30)
    clock_id = await frozen(caller, ahead.isoformat(timespec="seconds").replace("+00:00", "Z"))
    await new_user(caller)
    assert (await caller.call("DELETE", f"{PATH}{clock_id}/")).status == 204
    [found] = (await caller.get(PATH)).json["results"]
    assert found["frozen_at"] is None
    assert found["offset"] > 29 * 86400
    made = (await caller.get(f"/v1/users/{await new_user(caller)}")).json
    assert datetime.fromisoformat(made["created_at"]) >= ahead.replace(microsecond=0)


async def test_a_clock_ticks_ahead_of_the_wall(caller: Caller) -> None:
    reply = await caller.post(PATH, {"offset": "P30D"})
    assert (reply.json["frozen_at"], round(reply.json["offset"])) == (None, 30 * 86400)


@pytest.mark.parametrize(
    "by", [15638400, 15638400.0, "181 days", "181days", "P181D", "P25W6D", "PT4344H", "15638400 seconds"]
)
@pytest.mark.usefixtures("slow")
async def test_time_passes_by_a_span(caller: Caller, by: Any) -> None:
    clock_id = await frozen(caller)
    reply = await caller.post(f"{PATH}{clock_id}/advance/?wait=10", {"by": by})
    assert (reply.status, reply.json["status"], reply.json["now"]) == (202, "ready", "2026-08-01T08:00:00Z")


async def test_where_nothing_is_owed_it_is_there_at_once(caller: Caller, store: Store) -> None:
    """Nobody works here, and nothing is left to be done."""
    clock_id = await frozen(caller)
    reply = await caller.post(f"{PATH}{clock_id}/advance/", {"by": "181 days"})
    assert (reply.status, reply.json["status"], reply.json["now"]) == (202, "ready", "2026-08-01T08:00:00Z")
    assert not await store.of(await tenant_of(store)).read(job.open_kinds)
    back = await caller.post(f"{PATH}{clock_id}/advance/", {"to": START})
    assert problems(back) == ["non_field_errors"]


async def test_without_wait_one_is_told_that_it_is_on_its_way(caller: Caller, store: Store) -> None:
    clock_id = await frozen(caller)
    await store.of(await tenant_of(store)).write(_owe)
    begun = (await caller.post(f"{PATH}{clock_id}/advance/", {"to": "2026-03-01T00:00:00Z"})).json
    assert (begun["status"], begun["now"], begun["target"]) == ("advancing", START, "2026-03-01T00:00:00Z")
    further = (await caller.post(f"{PATH}{clock_id}/advance/", {"by": "1 day"})).json
    assert further["target"] == "2026-03-02T00:00:00Z"
    back = await caller.post(f"{PATH}{clock_id}/advance/", {"to": "2026-02-25T00:00:00Z"})
    assert problems(back) == ["non_field_errors"]
    assert "2026-03-02" in back.json["error"]["extra"]["invalid-params"][0]["message"]
    stopped = (await caller.post(f"{PATH}{clock_id}/freeze/")).json
    assert (stopped["status"], stopped["now"], stopped["target"]) == ("ready", START, None)


async def test_a_look_waits_until_it_is_ready(caller: Caller, store: Store, slow: Slow) -> None:
    """What is due on the way is waited for, too."""
    clock_id = await frozen(caller)
    await store.of(await tenant_of(store)).write(_owe)
    await caller.post(f"{PATH}{clock_id}/advance/", {"by": "2 days"})
    await slow.has_begun.wait()
    found = (await caller.get(f"{PATH}{clock_id}/?wait=0.1")).json
    assert (found["status"], found["now"]) == ("advancing", "2026-02-02T08:00:00Z")
    waiting = asyncio.create_task(caller.get(f"{PATH}{clock_id}/?wait=30"))
    await asyncio.sleep(0)
    slow.may.set()
    assert (await waiting).json["status"] == "ready"


async def test_nobody_waits_for_a_server_that_stops(caller: Caller, store: Store) -> None:
    clock_id = await frozen(caller)
    await store.of(await tenant_of(store)).write(_owe)
    await caller.post(f"{PATH}{clock_id}/advance/", {"by": 60})
    waiting = asyncio.create_task(caller.get(f"{PATH}{clock_id}/?wait=60"))
    await asyncio.sleep(0)
    store.changes.stop()
    async with asyncio.timeout(20):
        assert (await waiting).json["status"] == "advancing"


@pytest.mark.parametrize(
    ("path", "body", "wrong"),
    [
        ("", {"frozen_at": "soon", "offset": "a while"}, ["frozen_at", "offset"]),
        ("", {"frozen_at": START, "offset": 5}, ["frozen_at", "offset"]),
        ("", {"offset": "60000 days"}, ["non_field_errors"]),
        ("", {"frozen_at": "2999-01-01T00:00:00Z"}, ["non_field_errors"]),
        ("", {"frozen_at": "0001-01-01T00:00:00Z"}, ["non_field_errors"]),
        ("{id}/advance/", {}, ["to", "by"]),
        ("{id}/advance/", {"to": START, "by": 5}, ["to", "by"]),
        ("{id}/advance/", {"by": True}, ["by"]),
        ("{id}/advance/", {"to": 5, "by": "P1M"}, ["to", "by"]),
        ("{id}/advance/", {"by": -5}, ["by"]),
        ("{id}/advance/", {"by": "P"}, ["by"]),
        ("{id}/advance/", {"by": 1e300}, ["by"]),
        ("{id}/advance/", {"by": "9999999999 weeks"}, ["by"]),
        ("{id}/advance/", {"to": "2020-01-01T00:00:00Z"}, ["non_field_errors"]),
        ("{id}/advance/", {"to": "9999-01-01T00:00:00Z"}, ["non_field_errors"]),
        ("{id}/advance/?wait=61", {"by": 5}, ["wait"]),
        ("{id}/freeze/", {"at": []}, ["at"]),
    ],
)
async def test_what_makes_no_sense_is_refused(caller: Caller, path: str, body: Any, wrong: list[str]) -> None:
    clock_id = await frozen(caller)
    assert problems(await caller.post(PATH + path.format(id=clock_id), body)) == wrong
    assert (await caller.get(f"{PATH}{clock_id}/")).json["now"] == START


async def test_clocks_are_for_the_sandbox(caller: Caller) -> None:
    refused = await caller.as_(CLIENT, DEV_SECRET).post(PATH, {})
    assert (refused.status, refused.json["error"]["code"]) == (403, "env_not_sandbox")


def _owe(tx: Tx) -> None:
    job.enqueue(tx, JobKind.DELIVER, "nobody does this", at=tx.now + timedelta(days=1))
