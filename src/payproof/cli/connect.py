"""Connecting without a browser: what the widget does, on the command line."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from payproof.cli.asking import Place, Server, place_of
from payproof.cli.ending import NOT_DONE, UNANSWERED, Stop
from payproof.cli.option import ClientId, Data, Json, Secret, Url, wants_json

if TYPE_CHECKING:
    from payproof.contract.session import AttemptBody, FinishBody


class Wish(NamedTuple):
    bridge_token: str | None
    user: str
    product: str
    provider: str | None
    username: str | None
    password: str | None
    answers: list[str]
    files: list[Path]


def connect(
    context: typer.Context,
    bridge_token: Annotated[str | None, typer.Option("--bridge-token", help="Made by your server.")] = None,
    user: Annotated[
        str, typer.Option("--user", help="Without --bridge-token: whom to make one for; `new` makes a user.")
    ] = "new",
    product: Annotated[
        str | None,
        typer.Option("--product", help="Without --bridge-token. [default: income; transactions with --file]"),
    ] = None,
    provider: Annotated[
        str | None, typer.Option("--provider", help="Such as sandbox_payroll or statement_file.")
    ] = None,
    username: Annotated[str | None, typer.Option("--username")] = None,
    password: Annotated[str | None, typer.Option("--password")] = None,
    answer: Annotated[
        list[str] | None,
        typer.Option("--answer", help="To the next question; repeatable. For a form: name=value."),
    ] = None,
    file: Annotated[list[Path] | None, typer.Option("--file", help="To hand over; repeatable.")] = None,
    url: Url = None,
    client_id: ClientId = None,
    secret: Secret = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Connect a person to a provider, as the widget would, and follow the task to its end.

    With --json prints one object with task_id, status, link_id, public_token, error_message and question.
    A question without an --answer is asked at a terminal; elsewhere, and with --json, it ends the command.
    Exit codes: 0 done; 1 refused, or no server; 2 wrong call; 3 a question is unanswered; 4 the task ended otherwise.
    """
    import asyncio

    chosen = product or ("transactions" if file else "income")
    wish = Wish(bridge_token, user, chosen, provider, username, password, answer or [], file or [])
    place = place_of(url, client_id, secret, data)
    asyncio.run(_connect(place, wish, as_json=wants_json(context, json)))


async def _connect(place: Place, wish: Wish, *, as_json: bool) -> None:
    from payproof.cli.bridge import open_session
    from payproof.cli.following import Material, follow, read_file
    from payproof.cli.progress import Progress
    from payproof.cli.reply import Replies
    from payproof.cli.starting import FILES, start
    from payproof.net.caller import Caller

    for path in wish.files:
        read_file(path)
    keys = {"X-Access-Client-Id": place.client_id, "X-Access-Secret": place.secret}
    caller, asker = Caller(place.url), Caller(place.url, keys)
    try:
        token = wish.bridge_token or await _make_token(Server(asker, place, as_json=as_json), place, wish)
        bridge = await open_session(caller, token)
        replies = Replies(wish.answers)
        with Progress(is_silent=as_json).shown() as progress:
            chosen = wish.provider or (FILES if wish.files else None)
            attempt = await start(bridge, chosen, _typed(wish), replies, progress.ask)
            attempt = await follow(bridge, attempt, Material(replies, wish.files), progress.ask, progress.tell)
        finished = await bridge.finish() if attempt.status == "done" else None
        _report(attempt, finished, as_json=as_json)
    finally:
        await caller.close()
        await asker.close()


async def _make_token(server: Server, place: Place, wish: Wish) -> str:
    import secrets

    if not place.secret:
        raise Stop("give --bridge-token, or keys to make one: --client-id and --secret, or --data of a `payproof dev`")
    user_id = wish.user
    if user_id == "new":
        body = {"external_user_id": f"connect-{secrets.token_hex(4)}", "first_name": "Ada", "last_name": "Lee"}
        user_id = (await server.call("POST", "/v1/users/", body))["id"]
    made = await server.call("POST", f"/v1/users/{user_id}/tokens/", {"product_type": wish.product})
    return str(made["bridge_token"])


def _typed(wish: Wish) -> dict[str, str]:
    said = {"username": wish.username, "password": wish.password}
    return {name: value for name, value in said.items() if value is not None}


def _report(attempt: "AttemptBody", finished: "FinishBody | None", *, as_json: bool) -> None:
    """Print what came of it, and end with the code that says so."""
    from payproof.cli.progress import question_in_words
    from payproof.cli.showing import show

    body: dict[str, Any] = {
        "task_id": attempt.id,
        "status": attempt.status,
        "link_id": finished.link_id if finished else attempt.link_id,
        "public_token": finished.public_token if finished else None,
        "error_message": attempt.error_message,
    }
    if as_json:
        show(body | {"question": attempt.question}, as_json=True)
    else:
        show({name: value for name, value in body.items() if value is not None}, as_json=False)
    if attempt.is_final:
        raise typer.Exit(0 if attempt.status == "done" else NOT_DONE)
    if not as_json:
        for line in question_in_words(attempt):
            typer.echo(line, err=True)
    raise typer.Exit(UNANSWERED)
