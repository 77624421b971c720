"""The tenant's test clock, over HTTP: for sandbox keys."""

from typing import Annotated, Any

import typer

from payproof.cli.asking import Server, asks
from payproof.cli.ending import MISUSED, Stop

app = typer.Typer(name="clock", help="The time of a sandbox tenant.", rich_markup_mode=None)

_CLOCKS = "/v1/sandbox/clocks/"
_WAIT_SECONDS = 30


@app.command("show")
@asks()
async def show_clock(server: Server) -> Any:
    """Show the clock of the keys' tenant."""
    return await _clock(server)


@app.command("freeze")
@asks()
async def freeze_clock(
    server: Server,
    at: Annotated[
        str | None, typer.Argument(metavar="[MOMENT]", help="ISO 8601, not before the present. [default: the present]")
    ] = None,
) -> Any:
    """Let the clock stand. A tenant that has seen nothing yet may begin at any time."""
    return await server.call("POST", _CLOCKS, {"frozen_at": at} if at else {})


@app.command("advance")
@asks()
async def advance_clock(
    server: Server,
    by: Annotated[
        str | None, typer.Argument(metavar="[SPAN]", help='Such as "181 days", P181D or a number of seconds.')
    ] = None,
    to: Annotated[str | None, typer.Option("--to", help="A moment instead, in ISO 8601.")] = None,
) -> Any:
    """Let time pass, with all that falls due on the way; ends when the clock has arrived, and stands there."""
    if (by is None) == (to is None):
        raise Stop("say a span, such as `payproof clock advance '181 days'`, or --to a moment", MISUSED)
    path = f"{_CLOCKS}{(await _clock(server))['id']}/"
    body = {"to": to} if to else {"by": _number(by or "")}
    found = await server.call("POST", f"{path}advance/", body, wait=_WAIT_SECONDS)
    while found["status"] == "advancing":
        found = await server.call("GET", path, wait=_WAIT_SECONDS)
    return found


@app.command("tick")
@asks()
async def tick_clock(server: Server) -> Any:
    """Let the clock run on from where it is."""
    await server.call("DELETE", f"{_CLOCKS}{(await _clock(server))['id']}/")
    return await _clock(server)


async def _clock(server: Server) -> Any:
    return (await server.call("GET", _CLOCKS))["results"][0]


def _number(said: str) -> str | float:
    """Seconds, where it is a number."""
    try:
        return float(said)
    except ValueError:
        return said
