"""The application under /bridge/: routes, refusals, and leave for every origin to call."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from payproof.contract.bridge import OPERATIONS
from payproof.contract.openapi import bridge_document
from payproof.model.provider import Provider
from payproof.store import Store
from payproof.web.bridge.attempt import Attempts
from payproof.web.bridge.events import Events
from payproof.web.bridge.house import House
from payproof.web.bridge.refusal import REFUSALS
from payproof.web.bridge.session import Sessions

Endpoint = Callable[[Request], Awaitable[Response]]
_LEAVE = [(b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", b"x-request-id")]
"""For every origin, and on every answer: a refusal that a page may not read tells its person nothing."""


class BridgeDoor:
    """An ASGI application for everything under /bridge/; `stop` ends the event streams that are open."""

    def __init__(self, store: Store, providers: Sequence[Provider], *, smoke_tests: bool = False) -> None:
        house = House(store, providers, smoke_tests=smoke_tests)
        sessions, attempts = Sessions(house), Attempts(house)
        self._events = Events(house)
        endpoints: dict[str, Endpoint] = {
            "sessions_create": sessions.create,
            "sessions_providers": sessions.providers,
            "sessions_finish": sessions.finish,
            "sessions_events": self._events.stream,
            "attempts_create": attempts.create,
            "attempts_read": attempts.read,
            "attempts_answers": attempts.answer,
            "attempts_files": attempts.take_files,
        }
        routes = [
            Route(one.path.rstrip("/"), _noted(one.path, endpoints[one.name]), methods=[one.method])
            for one in OPERATIONS
        ]
        routes.append(Route("/bridge/openapi.json", _noted("/bridge/openapi.json", _description)))
        self._app = Starlette(routes=routes, exception_handlers=REFUSALS)
        self._app.router.redirect_slashes = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """The slash at the end is optional, and nothing is redirected."""

        async def sent(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_LEAVE]
            await send(message)

        await self._app(scope | {"path": scope["path"].rstrip("/")}, receive, sent)

    def stop(self) -> None:
        self._events.stop()


def _noted(pattern: str, endpoint: Endpoint) -> Endpoint:
    """Tells the outermost door which route it was: the path itself holds session ids and must not be logged."""

    async def answer(request: Request) -> Response:
        request.scope.get("payproof", {})["route"] = pattern
        return await endpoint(request)

    return answer


async def _description(request: Request) -> Response:
    body = await asyncio.to_thread(bridge_document)
    return Response(body, media_type="application/json")
