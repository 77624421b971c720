"""Commands that call a server: where it is, with which keys, and what its refusals mean."""

import functools
import inspect
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import typer

from payproof.cli.ending import Stop, guarded
from payproof.cli.option import DATA, ClientId, Data, Json, Secret, Url, wants_json
from payproof.cli.remembered import recall
from payproof.cli.showing import show

if TYPE_CHECKING:
    from payproof.net.caller import Caller, Reply

_SHARED: dict[str, tuple[Any, Any]] = {
    "url": (Url, None),
    "client_id": (ClientId, None),
    "secret": (Secret, None),
    "data": (Data, None),
    "json": (Json, False),
}


class Place(NamedTuple):
    """A server and the keys to it; empty where nobody said."""

    url: str
    client_id: str
    secret: str


class Server:
    """The server as the commands see it: an answer, or `Stop` with its reason."""

    def __init__(self, caller: "Caller", place: "Place", *, as_json: bool) -> None:
        self.caller = caller
        self.environment = place.secret.partition("-")[0]
        self.as_json = as_json

    async def call(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """The body of a good answer. `query` values that are None do not count."""
        said = {name: str(value) for name, value in query.items() if value is not None}
        return good(await reached(self.caller.base_url, self.caller.call(method, path, body, query=said))).body


def place_of(url: str | None, client_id: str | None, secret: str | None, data: Any) -> Place:
    """What was said on the command line or in the environment, else what `payproof dev` left word of."""
    import os

    left = recall(data or DATA)
    port = os.environ.get("PAYPROOF_PORT")
    found = url or (f"http://127.0.0.1:{port}" if port else None) or (left.url if left else "http://127.0.0.1:8000")
    keys = (client_id or "", secret or "")
    if left is not None and not secret and client_id in (None, left.client_id):
        keys = (left.client_id, left.secret)
    return Place(found if "://" in found else f"http://{found}", *keys)


def asks(*columns: str) -> Callable[[Callable[..., Awaitable[Any]]], Callable[..., None]]:
    """Makes a command of a coroutine function whose first parameter is the `Server`; prints what it returns."""

    def decorate(command: Callable[..., Awaitable[Any]]) -> Callable[..., None]:
        @functools.wraps(command)
        def run(context: typer.Context, **given: Any) -> None:
            place = place_of(*(given.pop(name) for name in ("url", "client_id", "secret", "data")))
            as_json = wants_json(context, given.pop("json"))
            import asyncio

            answer = asyncio.run(_with_server(command, place, as_json, given))
            show(answer, as_json=as_json, columns=columns)

        _sign(run, command)
        return guarded(run)

    return decorate


async def reached(url: str, calling: "Awaitable[Reply]") -> "Reply":
    """The answer, or `Stop` with the cure where there is none."""
    from payproof.net.egress import RequestRefused
    from payproof.net.http import RequestFailed

    try:
        return await calling
    except (RequestFailed, RequestRefused) as failed:
        raise Stop(f"no server at {url} ({failed}): start one with `payproof dev`, or name one with --url") from None


def good(reply: "Reply") -> "Reply":
    """The answer itself, or `Stop` with the server's reason."""
    if reply.is_good:
        return reply
    request = reply.headers.get("x-request-id", "")
    raise Stop(f"the server refuses: {reason(reply)}" + (f" [{reply.status}, request {request}]" if request else ""))


def reason(reply: "Reply") -> str:
    """In words, from either of the two shapes a refusal has."""
    body = reply.body if isinstance(reply.body, dict) else {}
    error = body.get("error")
    if not isinstance(error, dict):
        return str(body.get("detail") or f"status {reply.status}").rstrip(".")
    wrong = (error.get("extra") or {}).get("invalid-params") or []
    fields = "; ".join(f"{one.get('field')}: {one.get('message')}" for one in wrong)
    return fields or str(error.get("message") or error.get("code"))


async def _with_server(command: Any, place: Place, as_json: bool, given: dict[str, Any]) -> Any:
    from payproof.net.caller import Caller

    if not place.secret:
        raise Stop("no keys: give --client-id and --secret, or --data of a `payproof dev`")
    caller = Caller(place.url, {"X-Access-Client-Id": place.client_id, "X-Access-Secret": place.secret})
    try:
        return await command(Server(caller, place, as_json=as_json), **given)
    finally:
        await caller.close()


def _sign(run: Any, command: Callable[..., Any]) -> None:
    """Typer reads options off the signature: the command's own, then the shared ones."""
    own: Sequence[inspect.Parameter] = list(inspect.signature(command).parameters.values())[1:]
    keyword = inspect.Parameter.KEYWORD_ONLY
    shared = [inspect.Parameter(n, keyword, default=d, annotation=a) for n, (a, d) in _SHARED.items()]
    context = inspect.Parameter("context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    parameters = [context, *(one.replace(kind=keyword) for one in own), *shared]
    run.__signature__ = inspect.Signature(parameters)
    run.__annotations__ = {one.name: one.annotation for one in parameters}


__all__ = ["Place", "Server", "asks", "good", "place_of", "reached", "reason"]
