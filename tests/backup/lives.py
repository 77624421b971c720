"""A server's day: a row in every table there is, by what people and callers do over HTTP.

The round trip fails where a table stays empty: whoever adds one lives here too.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from payproof.testing.client import Client, Widget
from payproof.testing.receiver import Receiver
from tests.stories.bank_file import AMBIGUOUS_CSV, OFX

NOBODY = "http://127.0.0.1:9/hook"
"""An address at which nobody listens: what is due there stays owed."""
_ENDING = ("income", "employment", "refused", "file", "refresh")


async def live(client: Client, receiver: Receiver) -> dict[str, str]:
    """Ids of what came to be, by name. The tasks `asked` and `mapping` wait for their people."""
    await client.new_webhook(receiver.url)
    await client.new_webhook(NOBODY, ["task-status-updated"])
    gone = await client.new_webhook(f"{NOBODY}/gone")
    await client.call("DELETE", f"/v1/webhooks/{gone}/")
    made = {"user": await client.new_user("a person of many ways"), "idle": await client.new_user()}
    await asyncio.gather(
        _sign_in(client, made, "income", "goodpassword"),
        _sign_in(client, made, "employment", "goodpassword"),
        _sign_in(client, made, "refused", "wrong"),
        _ask(client, made),
        _read_file(client, made),
        _leave_file(client, made),
        _explain_file(client, made),
    )
    await client.post("/v1/sandbox/tenants/", {"name": "a test's own"})
    made["refresh"] = (await client.post("/v1/refresh/tasks/", {"access_token": made["income_token"]}))["task_id"]
    await receiver.until(lambda heard: _ends(heard) >= {made[name] for name in _ENDING})
    return made


async def read(client: Client, made: Mapping[str, str]) -> dict[str, Any]:
    """What a caller sees of it all, as far as nothing that is owed changes it; our own addresses left out."""
    return {name: _plain(await client.get(path), client.url) for name, path in _paths(made).items()}


def _plain(seen: Any, url: str) -> Any:
    match seen:
        case dict():
            return {name: _plain(value, url) for name, value in seen.items()}
        case list():
            return [_plain(value, url) for value in seen]
        case str() if seen.startswith(url):
            return "ours"
    return seen


def _paths(made: Mapping[str, str]) -> dict[str, str]:
    return {
        "user": f"/v1/users/{made['user']}/",
        "task": f"/v1/tasks/{made['income']}/",
        "refused": f"/v1/tasks/{made['refused']}/",
        "links": f"/v1/links/?user_id={made['user']}",
        "report": f"/v1/links/{made['income_link']}/income/report/",
        "employment": f"/v1/links/{made['employment_link']}/employment/report/",
        "accounts": f"/v1/links/{made['file_link']}/accounts/",
        "transactions": f"/v1/links/{made['file_link']}/transactions/",
        "webhooks": "/v1/webhooks/",
    }


async def _sign_in(client: Client, made: dict[str, str], name: str, password: str) -> None:
    product = "employment" if name == "employment" else "income"
    async with await client.open_widget(made["user"], product) as widget:
        ended = await widget.until(await widget.sign_in("goodlogin", password))
        made[name] = ended["id"]
        if ended["status"] == "done":
            done = await widget.finish()
            made[f"{name}_link"] = done["link_id"]
            given = await client.post("/v1/link-access-tokens/", {"public_token": done["public_token"]})
            made[f"{name}_token"] = given["access_token"]
            await client.get(f"/v1/links/{done['link_id']}/{product}/report/")


async def _ask(client: Client, made: dict[str, str]) -> None:
    async with await client.open_widget(made["user"]) as widget:
        asked = await widget.until_asked(await widget.sign_in("goodlogin", "mfa"))
        made |= {"asked": asked["id"], "asked_session": widget.session_id}


async def _read_file(client: Client, made: dict[str, str]) -> None:
    async with await client.open_widget(made["user"], "transactions") as widget:
        started = await widget.start("statement_file")
        await widget.hand_over(await widget.until_asked(started), {"bank.qfx": OFX})
        assert (await widget.until(started))["status"] == "done"
        made |= {"file": started["id"], "file_link": (await widget.finish())["link_id"]}


async def _leave_file(client: Client, made: dict[str, str]) -> None:
    """Nobody says which of two ways to read it is meant."""
    async with await client.open_widget(made["user"], "transactions") as widget:
        made["mapping"] = (await _hand_over_riddle(widget))["id"]


async def _explain_file(client: Client, made: dict[str, str]) -> None:
    """What is told of a file's columns is remembered for the next one."""
    async with await client.open_widget(made["idle"], "transactions") as widget:
        asked = await _hand_over_riddle(widget)
        told = {field["name"]: field["options"][0]["value"] for field in asked["question"]["fields"]}
        await widget.answer(asked, **told)
        assert (await widget.until(asked))["status"] == "done"


async def _hand_over_riddle(widget: Widget) -> dict[str, Any]:
    """A file whose columns can be read in two ways. Returns the attempt that asks about it."""
    started = await widget.start("statement_file")
    first = await widget.until_asked(started)
    await widget.hand_over(first, {"bank.csv": AMBIGUOUS_CSV})
    question = first["question"]["id"]
    return await widget.until(started, lambda one: one["question"] is not None and one["question"]["id"] != question)


def _ends(heard: list[Any]) -> set[str]:
    return {one.payload["task_id"] for one in heard if one.payload.get("status") in ("done", "login_error")}
