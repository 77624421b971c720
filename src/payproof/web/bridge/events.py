"""Attempts as they change, as server-sent events: each event is the whole attempt, so none needs to be kept."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from payproof import clock
from payproof.contract.session import attempt_body
from payproof.model.session import Attempt, Session
from payproof.model.tenant import Tenant
from payproof.services.attempt import attempts
from payproof.web.bridge.house import House

LOOK_SECONDS = 1.0
"""A look at the store even when nobody rang: a ring may be lost with a connection."""
COMMENT_SECONDS = 15.0
"""Proxies close connections on which nothing moves."""


class Events:
    def __init__(self, house: House) -> None:
        self._house = house
        self._open: set[asyncio.Event] = set()
        self._is_stopping = False

    def stop(self) -> None:
        """End all streams: a server cannot shut down while one is open."""
        self._is_stopping = True
        for changed in self._open:
            changed.set()

    async def stream(self, request: Request) -> Response:
        tenant, session = await self._house.session(request)
        return StreamingResponse(
            self._events(request, tenant, session),
            media_type="text/event-stream",
            headers={"cache-control": "no-store", "x-accel-buffering": "no"},
        )

    async def _events(self, request: Request, tenant: Tenant, session: Session) -> AsyncIterator[bytes]:
        seen = _last_seen(request.headers.get("last-event-id", ""))
        spoken = clock.monotonic()
        yield b"retry: 1000\n\n"
        with self._house.store.changes.watch([session.id]) as changed:
            self._open.add(changed)
            try:
                while not self._is_stopping:
                    changed.clear()
                    for event in await self._news(request, tenant, session, seen):
                        spoken = clock.monotonic()
                        yield event
                    if clock.monotonic() - spoken >= COMMENT_SECONDS:
                        spoken = clock.monotonic()
                        yield b": still here\n\n"
                    with suppress(TimeoutError):
                        await asyncio.wait_for(changed.wait(), LOOK_SECONDS)
            finally:
                self._open.discard(changed)

    async def _news(self, request: Request, tenant: Tenant, session: Session, seen: dict[str, int]) -> list[bytes]:
        """Events for the attempts that changed since they were last shown; marks them as shown."""
        found = await self._house.store.of(tenant).read(attempts, session)
        news = [one for one in found if one.task.version > seen.get(one.task.id, 0)]
        seen.update((one.task.id, one.task.version) for one in news)
        return [await self._event(request, one) for one in news]

    async def _event(self, request: Request, attempt: Attempt) -> bytes:
        body = attempt_body(attempt, await self._house.ref(attempt.task.provider_id, request))
        name = f"{attempt.task.id}:{attempt.task.version}"
        return b"event: attempt\nid: %b\ndata: %b\n\n" % (name.encode(), msgspec.json.encode(body))


def _last_seen(event_id: str) -> dict[str, int]:
    """What the caller has seen before a reconnection: one attempt at one version. The others are shown again."""
    task_id, _, version = event_id.partition(":")
    return {task_id: int(version[:18])} if version.isascii() and version.isdigit() else {}
