"""The outermost door: gives every request an id and a log line, and hands it to whoever answers there."""

import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog

from payproof import clock
from payproof.api.answer import Answer
from payproof.api.body import Incoming, has_body
from payproof.api.call import Call, Receive, Scope, Send
from payproof.api.errors import MethodNotAllowed, MethodsAsked, NoSuchPath, refusal, server_error
from payproof.api.house import House
from payproof.api.log import Lines, RequestLine, where
from payproof.api.remote import Proxies
from payproof.api.request import keep
from payproof.api.tally import Tally
from payproof.api.truv import TruvDoor

App = Callable[[Scope, Receive, Send], Awaitable[None]]
Page = Callable[[Call], Awaitable[Answer]]

CLOSE = (b"connection", b"close")
_PAGE_METHODS = ("GET", "HEAD", "OPTIONS")

log = structlog.get_logger()


class Door:
    """An ASGI application without a middleware stack: this runs for every request of the hot path."""

    def __init__(
        self,
        truv: TruvDoor,
        house: House,
        *,
        pages: Mapping[str, Page],
        mounts: Mapping[str, App],
        proxies: Proxies | None,
        tally: Tally,
        lines: Lines,
    ) -> None:
        """`pages` answer GETs by the first part of the path, `mounts` take over all that is below theirs."""
        self._truv = truv
        self._house = house
        self._pages = pages
        self._mounts = mounts
        self._proxies = proxies
        self._tally = tally
        self._lines = lines
        self._draw = random.Random().getrandbits
        """Request ids are names, not secrets: drawn without a call into the system for each."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        started = clock.monotonic()
        request_id = f"{self._draw(128):032x}"
        first = _first(scope["path"])
        if first in self._mounts:
            await self._mounted(first, scope, receive, send, request_id, started)
            return
        call = self._call(scope)
        if has_body(call.headers):
            receive = Incoming(receive, call.headers)
        pattern = "?"
        try:
            if first == "v1":
                route, call.args = self._truv.routes.find(scope["method"], scope["path"])
                pattern = route.pattern
                answer = await self._truv.answer(route, call, receive)
            else:
                pattern = f"/{first}" if first in self._pages else "?"
                answer = await self._page(first, call)
        except Exception as failed:
            answer = self._failed(failed, call, request_id)
        if isinstance(receive, Incoming) and not await receive.drain():
            answer.headers.append(CLOSE)
        recent = self._house.recent
        if recent is not None:
            keep(recent, call, pattern, answer, request_id, _milliseconds(started))
        await _send(send, answer, request_id, is_head=scope["method"] == "HEAD")
        self._note(call, pattern, answer.status, answer.reason, request_id, started)

    def stop(self) -> None:
        """Answer whoever waits for something to happen."""
        if self._house.recent is not None:
            self._house.recent.stop()

    def _call(self, scope: Scope) -> Call:
        call = Call(scope, dict(scope["headers"]), self._house)
        if self._proxies is not None:
            self._proxies.look_behind(call, keeps_base=self._house.base_url is not None)
        return call

    async def _page(self, first: str, call: Call) -> Answer:
        page = self._pages.get(first)
        if page is None:
            raise NoSuchPath
        if call.scope["method"] == "OPTIONS":
            raise MethodsAsked(_PAGE_METHODS)
        if call.scope["method"] not in ("GET", "HEAD"):
            raise MethodNotAllowed(call.scope["method"], _PAGE_METHODS)
        return await page(call)

    def _failed(self, failed: Exception, call: Call, request_id: str) -> Answer:
        answer = refusal(failed, call.granted.environment if call.granted else None)
        if answer is None:
            log.error("fault", request_id=request_id, error_type=type(failed).__name__, where=where(failed))
            answer = server_error(request_id, type(failed).__name__)
        return answer

    async def _mounted(
        self, first: str, scope: Scope, receive: Receive, send: Send, request_id: str, started: float
    ) -> None:
        """A guest answers by itself; its answer gets our id, its faults our 500."""
        begun: dict[str, int] = {}
        call = self._call(scope)
        incoming = Incoming(receive, call.headers) if has_body(call.headers) else None

        async def passed_on(message: Any) -> None:
            if message["type"] == "http.response.start":
                begun["status"] = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
                if incoming is not None and not await incoming.drain():
                    message["headers"].append(CLOSE)
            await send(message)

        noted: dict[str, Any] = {"request_id": request_id, "route": f"/{first}", "reason": None, "base": call.base}
        scope["payproof"] = noted
        try:
            await self._mounts[first](scope, incoming or receive, passed_on)
        except Exception as failed:
            if begun:
                self._failed(failed, call, request_id)
                return self._note(call, noted["route"], 500, type(failed).__name__, request_id, started)
            await _send(send, self._failed(failed, call, request_id), request_id, is_head=False)
            begun["status"] = 500
        self._note(call, noted["route"], begun.get("status", 0), noted["reason"], request_id, started)

    def _note(self, call: Call, pattern: str, status: int, reason: str | None, request_id: str, started: float) -> None:
        self._tally.count(pattern, status)
        tenant = call.granted
        self._lines.request(
            RequestLine(
                clock.now(),
                "info",
                "request",
                call.scope["method"],
                pattern,
                status,
                _milliseconds(started),
                request_id,
                call.remote,
                tenant.client_id if tenant else None,
                tenant.environment.value if tenant else None,
                reason,
            )
        )


def _milliseconds(started: float) -> float:
    return round((clock.monotonic() - started) * 1000, 2)


def _first(path: str) -> str:
    """The first part of a path; nobody's for `*`, for the targets of proxies, and for a null that no store takes."""
    return path.split("/", 2)[1] if path.startswith("/") and "\0" not in path else "\0"


async def _send(send: Send, answer: Answer, request_id: str, *, is_head: bool) -> None:
    headers = answer.headers
    if answer.status != 204:
        headers.append((b"content-length", str(len(answer.body)).encode()))
    headers.append((b"x-request-id", request_id.encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if is_head else answer.body, "more_body": False})
