"""HTTP to the outside: one pool per policy, redirects followed and checked hop by hop, time and size bounded."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpcore2
import httpx2
from msgspec import Struct

from payproof.net.egress import Egress, Origin, RequestRefused
from payproof.net.pinned import PinnedBackend

MAX_HOPS = 5
IDLE_CONNECTIONS = 32
"""The pool looks at each idle connection before every request, so they are not free."""

_PORTS = {"http": 80, "https": 443}


class RequestFailed(Exception):
    """No usable answer came: refused, broken off, too slow, too large. The message is fit for a log and a history."""


class Answer(Struct, frozen=True):
    status_code: int
    headers: Mapping[str, str]
    """Names in lower case."""
    content: bytes
    url: str
    """Where the last hop ended."""
    is_cut: bool = False
    """The body was longer than asked for."""

    @property
    def text(self) -> str:
        return self.content.decode(errors="replace")


class GuardedClient:
    """Sends requests as far as its policy lets them. Shares one pool of connections; close it at the end."""

    def __init__(self, egress: Egress, *, connections: int = 200) -> None:
        self._transport = _GuardedTransport(egress, connections)
        self._client = self.new_client()

    def new_client(self, **options: Any) -> httpx2.AsyncClient:
        """A client with cookies of its own over the same pool; it needs no closing."""
        return httpx2.AsyncClient(
            transport=self._transport,
            trust_env=False,
            timeout=None,
            follow_redirects=True,
            max_redirects=MAX_HOPS,
            **options,
        )

    async def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        max_bytes: int = 65_536,
        seconds: float = 10.0,
    ) -> Answer:
        """One request with all its hops. A longer body is cut. Raises RequestFailed, RequestRefused."""
        try:
            request = self._client.build_request(method, url, headers=dict(headers or {}), content=body)
        except (httpx2.InvalidURL, ValueError) as failed:
            raise RequestFailed(_reason(failed)) from failed
        return await exchange(self._client, request, max_bytes=max_bytes, seconds=seconds, cut=True)

    async def close(self) -> None:
        await self._transport.aclose()


async def exchange(
    client: httpx2.AsyncClient, request: httpx2.Request, *, max_bytes: int, seconds: float, cut: bool = False
) -> Answer:
    """Send and read, all within `seconds`. A body over `max_bytes` is cut, or else raises RequestFailed."""
    try:
        async with asyncio.timeout(seconds):
            response = await client.send(request, stream=True)
            try:
                body, is_cut = await _read(response, max_bytes)
            finally:
                await response.aclose()
    except TimeoutError:
        raise RequestFailed(f"no answer within {seconds:g} seconds") from None
    except (httpx2.HTTPError, httpx2.InvalidURL, httpcore2.ConnectError, ssl.SSLError, ValueError) as failed:
        raise RequestFailed(_reason(failed)) from failed
    if is_cut and not cut:
        raise RequestFailed(f"the answer is longer than {max_bytes} bytes")
    return Answer(response.status_code, dict(response.headers), body, str(response.url), is_cut)


def origin_of(url: str) -> Origin:
    """The scheme, host and port of an address. Raises ValueError."""
    parts = urlsplit(url)
    return Origin(parts.scheme, parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0))


async def _read(response: httpx2.Response, max_bytes: int) -> tuple[bytes, bool]:
    """The decoded body up to the limit; a bomb is given up as soon as it has swollen past it."""
    parts: list[bytes] = []
    size = 0
    async for part in response.aiter_bytes(65_536):
        parts.append(part[: max_bytes - size])
        size += len(part)
        if size > max_bytes:
            return b"".join(parts), True
    return b"".join(parts), False


class _GuardedTransport(httpx2.AsyncBaseTransport):
    """Looks at every hop before it is sent."""

    def __init__(self, egress: Egress, connections: int) -> None:
        self._egress = egress
        self._connections = connections
        self._pools: dict[str, httpcore2.AsyncConnectionPool] = {}

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        url = request.url
        self._egress.check_url(url.scheme, url.host, url.port or _PORTS.get(url.scheme, 0))
        _refuse_downgrade(request)
        assert isinstance(request.stream, httpx2.AsyncByteStream)
        try:
            answer = await self._pool(url.scheme).handle_async_request(
                httpcore2.Request(
                    method=request.method,
                    url=httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.TimeoutException) as failed:
            raise httpx2.TransportError(_reason(failed)) from failed
        return httpx2.Response(answer.status, headers=answer.headers, stream=_Body(answer))

    def _pool(self, scheme: str) -> httpcore2.AsyncConnectionPool:
        """Made at first use: a process that speaks no https need not read the system's certificates."""
        if scheme not in self._pools:
            self._pools[scheme] = httpcore2.AsyncConnectionPool(
                ssl_context=_tls() if scheme == "https" else None,
                max_connections=self._connections,
                max_keepalive_connections=IDLE_CONNECTIONS,
                keepalive_expiry=15.0,
                network_backend=PinnedBackend(self._egress),
            )
        return self._pools[scheme]

    async def aclose(self) -> None:
        for pool in self._pools.values():
            await pool.aclose()


def _refuse_downgrade(request: httpx2.Request) -> None:
    """What was asked for under https is not sent on in the clear. The mark goes with the request from hop to hop."""
    if request.url.scheme == "https":
        request.extensions["was_https"] = True
    elif request.extensions.get("was_https"):
        raise RequestRefused("a redirect leads from https to http")


class _Body(httpx2.AsyncByteStream):
    """The answer's bytes as they come, faults translated."""

    def __init__(self, answer: httpcore2.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for part in self._answer.aiter_stream():
                yield part
        except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.TimeoutException) as failed:
            raise httpx2.TransportError(_reason(failed)) from failed

    async def aclose(self) -> None:
        await self._answer.aclose()


@cache
def _tls() -> ssl.SSLContext:
    """One for the process: reading the system's certificates takes a while."""
    return ssl.create_default_context()


def _reason(failed: Exception) -> str:
    words = str(failed).strip()
    return f"{type(failed).__name__}: {words}" if words else type(failed).__name__


__all__ = ["Answer", "Egress", "GuardedClient", "RequestFailed", "RequestRefused", "exchange", "origin_of"]
