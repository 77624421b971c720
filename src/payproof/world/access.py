"""Who is calling, and the access log that says what came in.

One JSON line a request when it has been answered, and one more at the very moment a password or a code arrives: a
visitor that is killed while its post is under way has posted all the same. Passwords and answers stand in it as
SHA-256 only.
"""

import json
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import wraps
from hashlib import sha256
from pathlib import Path

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

VISITOR = "visitor"
"""The tenant of somebody who names none: a human who looks at the portal with a browser."""


class Caller(Struct, frozen=True, kw_only=True):
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
        os.write(self._file, json.dumps(line).encode() + b"\n")

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def digest(secret: str) -> str:
    """How a password or an answer stands in the log."""
    return sha256(secret.encode()).hexdigest()


def caller_of(request: Request) -> Caller:
    """Read the visitor's headers. A time that cannot be read counts as none."""
    headers = request.headers
    return Caller(
        tenant=headers.get("x-world-tenant") or VISITOR,
        seed=headers.get("x-world-seed") or "payproof",
        now=_time(headers.get("x-world-time")),
        task=headers.get("x-world-task"),
        is_refresh=headers.get("x-world-refresh") == "1",
    )


def _time(text: str | None) -> datetime:
    try:
        told = datetime.fromisoformat(text or "")
    except ValueError:
        return datetime.now(UTC)
    return told.astimezone(UTC) if told.tzinfo else told.replace(tzinfo=UTC)


Page = Callable[[Request, Caller], Awaitable[Response]]


def logged(page: Page) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that knows its caller and leaves a line in the access log. It may set `request.state.outcome`."""

    @wraps(page)
    async def endpoint(request: Request) -> Response:
        caller = caller_of(request)
        answer = await page(request, caller)
        log: AccessLog = request.app.state.access_log
        log.write(
            caller,
            "request",
            method=request.method,
            path=request.url.path,
            status=answer.status_code,
            outcome=getattr(request.state, "outcome", None),
        )
        return answer

    return endpoint
