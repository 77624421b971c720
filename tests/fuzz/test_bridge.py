"""Calls generated for the widget's operations, each in a session of its own, and each gets to a 2xx."""

from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import pytest

from payproof.contract import bridge
from payproof.contract.operation import Operation
from payproof.testing.client import Client, Widget
from tests.fuzz.holding import LONG, QUICK, Prepared, Target, hold
from tests.fuzz.world import Distant

ENDLESS = "sessions_events"
"""A stream: `tests/web/bridge` listens to it."""

LOGIN = {"username": "goodlogin", "password": "goodpassword"}

OPERATIONS = [one for one in bridge.OPERATIONS if one.name != ENDLESS]
each = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)


@each
def test_ten_calls_of_each_operation(operation: Operation, bridge_target: Target) -> None:
    prepared = anyio.run(_prepared, operation.name, bridge_target.url)
    hold(operation, prepared, bridge_target, cases=QUICK, is_same_each_time=True)


@pytest.mark.slow
@each
def test_a_hundred_calls_of_each_operation(operation: Operation, bridge_target: Target) -> None:
    prepared = anyio.run(_prepared, operation.name, bridge_target.url)
    hold(operation, prepared, bridge_target, cases=LONG, is_same_each_time=False)


async def _prepared(name: str, url: str) -> Prepared:
    keys = Distant(url).keys
    async with Client(url, *keys.values()) as client:
        token = await _token(client)
        async with await Widget.open(url, token) as widget:
            bearer = {"authorization": f"Bearer {widget.session_id}"}
            made = await MAKE[name](widget) if name in MAKE else {}
            path = {"session_id": widget.session_id, "attempt_id": made.pop("attempt_id", "")}
            return Prepared(bearer, path, {"bridge_token": token} if name == "sessions_create" else made)


async def _token(client: Client) -> str:
    path = f"/v1/users/{await client.new_user()}/tokens/"
    return str((await client.post(path, {"product_type": "income"}))["bridge_token"])


async def _start(widget: Widget) -> dict[str, Any]:
    return {"provider_id": "sandbox_payroll", "answers": LOGIN}


async def _connected(widget: Widget) -> dict[str, Any]:
    attempt = await widget.until(await widget.sign_in(*LOGIN.values()))
    return {"attempt_id": attempt["id"]}


async def _asked(widget: Widget) -> dict[str, Any]:
    attempt = await widget.until_asked(await widget.sign_in("goodlogin", "mfa"))
    return {"attempt_id": attempt["id"], "question_id": attempt["question"]["id"], "answers": {"answer": "12345"}}


async def _waiting(widget: Widget) -> dict[str, Any]:
    return {"attempt_id": (await widget.start("statement_file"))["id"]}


MAKE: dict[str, Callable[[Widget], Awaitable[dict[str, Any]]]] = {
    "attempts_create": _start,
    "sessions_finish": _connected,
    "attempts_read": _connected,
    "attempts_answers": _asked,
    "attempts_files": _waiting,
}
