"""`payproof tail`: the calls of your program as the server hears and answers them."""

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from payproof.cli.asking import Server, asks, good
from payproof.cli.ending import MISUSED, Stop, say
from payproof.cli.showing import to_json

if TYPE_CHECKING:
    from payproof.net.caller import Reply

PATH = "/v1/sandbox/requests/"
WAIT_SECONDS = 30
PAUSE_SECONDS = 0.5
"""Between two answers: a busy server tells of many calls at once, and the limit of calls is not used up by looking."""

_MANY = 500


@asks()
async def tail(
    server: Server,
    request_id: Annotated[str | None, typer.Option("--request-id", help="Show this one call, and end.")] = None,
    status: Annotated[
        str | None, typer.Option("--status", help="Only these, such as 404 or 4xx; several with commas.")
    ] = None,
    path: Annotated[str | None, typer.Option("--path", help="Only where the path contains this.")] = None,
    last: Annotated[int, typer.Option("--last", min=0, max=_MANY, help="So many that are over come first.")] = 10,
    bodies: Annotated[
        bool | None,
        typer.Option(
            "--bodies/--no-bodies", help="With what was sent and answered, or without. [default: with, where refused]"
        ),
    ] = None,
) -> Any:
    """Show the calls of your sandbox keys as they come, secrets struck out, until Ctrl-C."""
    import asyncio

    wanted = _Wanted(status, path)
    if request_id:
        _print(await server.call("GET", f"{PATH}{request_id}/"), server, with_bodies=bodies is not False)
        return
    try:
        async for record in _records(server, wanted, last):
            with_bodies = record["status"] >= 400 if bodies is None else bodies
            _print(record, server, with_bodies=with_bodies)
    except asyncio.CancelledError:
        return  # Ctrl-C is how this ends


class _Wanted:
    def __init__(self, status: str | None, path: str | None) -> None:
        """Raises Stop for what is no status."""
        self._statuses = [one.strip().lower() for one in status.split(",")] if status else []
        self._path = path or ""
        for one in self._statuses:
            if len(one) != 3 or one[0] not in "12345" or not (one[1:] == "xx" or one[1:].isdecimal()):
                raise Stop(f"--status takes 404 or 4xx, not {one}", MISUSED)

    def __call__(self, record: dict[str, Any]) -> bool:
        status = str(record["status"])
        is_status = not self._statuses or any(status.startswith(one.rstrip("x")) for one in self._statuses)
        return is_status and self._path in record["path"]


async def _records(server: Server, wanted: _Wanted, last: int) -> AsyncIterator[dict[str, Any]]:
    """The last ones, then what comes, for as long as somebody listens."""
    import asyncio

    found = await server.call("GET", PATH, page_size=_MANY)
    over = [one for one in found["results"] if wanted(one)]
    for record in over[len(over) - min(last, len(over)) :]:
        yield record
    while True:
        found = await _later(server, found["next"])
        if found["missed"]:
            say(f"{found['missed']} calls came faster than they could be shown")
        for record in filter(wanted, found["results"]):
            yield record
        if found["results"]:
            await asyncio.sleep(PAUSE_SECONDS)


async def _later(server: Server, after: str) -> Any:
    """What came after that; waits for a server that is away. `Stop` where it refuses."""
    import asyncio

    is_away = False
    while True:
        reply = await _tried(server, after)
        if reply is not None and reply.status not in (429, 502, 503, 504):
            if is_away:
                say("it is back")
            return good(reply).body
        if reply is None and not is_away:
            say(f"no answer from {server.caller.base_url}: waiting for it")
            is_away = True
        seconds = reply.headers.get("retry-after", "") if reply is not None else ""
        await asyncio.sleep(int(seconds) if seconds.isdecimal() else PAUSE_SECONDS)


async def _tried(server: Server, after: str) -> "Reply | None":
    from payproof.net.http import RequestFailed

    query = {"after": after, "wait": str(WAIT_SECONDS), "page_size": str(_MANY)}
    try:
        return await server.caller.call("GET", PATH, query=query)
    except RequestFailed:
        return None


def _print(record: dict[str, Any], server: Server, *, with_bodies: bool) -> None:
    if server.as_json:
        typer.echo(to_json(record))
        return
    typer.echo(line_of(record))
    if with_bodies:
        for line in body_lines(record):
            typer.echo(line)


def line_of(record: dict[str, Any]) -> str:
    """One call on one line. What the caller chose comes last, and cannot steer the terminal."""
    from urllib.parse import quote, urlencode

    query = urlencode(record["query"], quote_via=quote, safe="*:,@")
    target = record["path"] + (f"?{query}" if query else "")
    words = f"{record['at'][11:19]}  {record['id']}  {record['status']}  {record['ms']:>8.1f} ms"
    return f"{words}  {record['method']:<7} {target}" + (f"  ({record['reason']})" if record["reason"] else "")


def body_lines(record: dict[str, Any]) -> Iterator[str]:
    """What was sent, then what was answered, indented under the call."""
    for sign, name in ((">", "request_body"), ("<", "response_body")):
        if note := record[f"{name}_note"]:
            yield f"    {sign} [{note}]"
        elif record[name] is not None:
            yield from (f"    {sign} {line}" for line in _indented(record[name]).split("\n"))


def _indented(value: Any) -> str:
    """In ASCII: a text may hold signs that steer a terminal."""
    import json

    return json.dumps(value, indent=2)
