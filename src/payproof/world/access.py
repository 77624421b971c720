"""Who is calling, and the access log that says what came in.

One JSON line a request when it has been answered, and one more at the very moment a password or a code arrives: a
visitor that is killed while its post is under way has posted all the same. Passwords and answers stand in it as
SHA-256 only.
"""

import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import msgspec
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from payproof.world.memory import TenantGone

VISITOR = "visitor"
"""The tenant of somebody who names none: a human who looks at the portal with a browser."""


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """For whom a request comes, and when."""

    tenant: str
    seed: str
    now: datetime
    task: str | None = None
    is_refresh: bool = False
    """The visitor comes without the person. No portal can know that; the published logins for refreshes do."""


class AccessLog:
    """A file that only grows; without a path nothing is written."""

    def __init__(self, path: Path | None) -> None:
        self._file = -1
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(path, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)

    def write(self, caller: Caller, event: str, **facts: object) -> None:
        """Append one line in one write, so that lines of several requests never mix."""
        if self._file < 0:
            return
        line = {
            "at": datetime.now(UTC).isoformat(),
            "world_at": caller.now.isoformat(),
            "event": event,
            "tenant": caller.tenant,
            "task": caller.task,
            **facts,
        }
        os.write(self._file, msgspec.json.encode(line) + b"\n")

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def digest(secret: str) -> str:
    """How a password or an answer stands in the log."""
    return sha256(secret.encode()).hexdigest()


def caller_of(request: Request) -> Caller:
    """Read the visitor's headers. A time that cannot be read counts as none."""
    told = {name: value.decode("latin-1") for name, value in request.scope["headers"] if name.startswith(b"x-world-")}
    return Caller(
        tenant=told.get(b"x-world-tenant") or VISITOR,
        seed=told.get(b"x-world-seed") or "payproof",
        now=_time(told.get(b"x-world-time")),
        task=told.get(b"x-world-task"),
        is_refresh=told.get(b"x-world-refresh") == "1",
    )


def _time(text: str | None) -> datetime:
    try:
        told = datetime.fromisoformat(text or "")
    except ValueError:
        return datetime.now(UTC)
    return told.astimezone(UTC) if told.tzinfo else told.replace(tzinfo=UTC)


Page = Callable[[Request, Caller], Awaitable[Response]]


class Logged:
    """A page as an endpoint: it learns its caller and leaves a line in the access log.

    It may set `request.state.outcome`. An ASGI app, since a framework puts more layers around a function.
    """

    def __init__(self, page: Page) -> None:
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        caller = caller_of(request)
        try:
            answer = await self._page(request, caller)
        except TenantGone:
            answer = PlainTextResponse("The visitor's tenant is gone.", 410)
        else:
            _note(request, caller, answer)
        await answer(scope, receive, send)


def _note(request: Request, caller: Caller, answer: Response) -> None:
    log: AccessLog = request.scope["access_log"]
    log.write(
        caller,
        "request",
        method=request.method,
        path=request.scope["path"],
        status=answer.status_code,
        outcome=getattr(request.state, "outcome", None),
    )
