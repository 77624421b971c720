"""HTTP to the outside: redirects followed and checked hop by hop, time and size bounded."""

import asyncio
from collections.abc import Mapping

import h11
from msgspec import Struct

from payproof.net.address import origin_of
from payproof.net.connection import Connection, Connections
from payproof.net.cookies import Cookies
from payproof.net.decoding import Decoder, DecodingError
from payproof.net.egress import Egress, RequestRefused
from payproof.net.hop import REDIRECTS, Hop, first_hop
from payproof.net.stream import ConnectError, ReadError

MAX_HOPS = 5


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
        self._egress = egress
        self._connections = Connections(egress, connections)

    async def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        cookies: Cookies | None = None,
        max_bytes: int = 65_536,
        cut: bool = True,
        seconds: float = 10.0,
    ) -> Answer:
        """One request with all its hops. A longer body is cut, or else it is a failure.

        Raises RequestFailed, RequestRefused.
        """
        try:
            async with asyncio.timeout(seconds):
                hop = first_hop(method, url, headers or {}, body)
                answer = await self._follow(hop, cookies or Cookies(), max_bytes)
        except TimeoutError:
            raise RequestFailed(f"no answer within {seconds:g} seconds") from None
        except (ConnectError, ReadError, h11.ProtocolError) as failed:
            raise RequestFailed(f"TransportError: {_reason(failed)}") from failed
        except (DecodingError, ValueError) as failed:
            raise RequestFailed(_reason(failed)) from failed
        if answer.is_cut and not cut:
            raise RequestFailed(f"the answer is longer than {max_bytes} bytes")
        return answer

    async def close(self) -> None:
        self._connections.close()

    async def _follow(self, hop: Hop, cookies: Cookies, max_bytes: int) -> Answer:
        for _ in range(MAX_HOPS + 1):
            origin = hop.address.origin
            self._egress.check_url(origin.scheme, origin.host, origin.port)
            answer = await self._ask(hop, cookies, max_bytes)
            if answer.status_code not in REDIRECTS or "location" not in answer.headers:
                return answer
            try:
                hop = hop.next(answer.status_code, answer.headers["location"])
            except ValueError as wrong:
                raise RequestFailed(f"RemoteProtocolError: Invalid URL in location header: {wrong}.") from None
        raise RequestFailed("TooManyRedirects: Exceeded maximum allowed redirects.")

    async def _ask(self, hop: Hop, cookies: Cookies, max_bytes: int) -> Answer:
        request = hop.request(cookies.header(hop.address.url))
        connection = await self._connections.take(hop.address)
        try:
            head = await connection.ask(request, hop.body)
            headers = _headers(head)
            if "set-cookie" in headers:
                cookies.set(hop.address.url, [_text(value) for name, value in head.headers if name == b"set-cookie"])
            body, is_cut = await _read(connection, Decoder(headers.get("content-encoding", "")), max_bytes)
        finally:
            self._connections.give_back(connection)
        return Answer(head.status_code, headers, body, hop.address.url, is_cut)


def _headers(head: h11.Response) -> dict[str, str]:
    found: dict[str, str] = {}
    for raw_name, raw_value in head.headers:
        name, value = raw_name.decode(), _text(raw_value)
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


async def _read(connection: Connection, decoder: Decoder, max_bytes: int) -> tuple[bytes, bool]:
    """The decoded body up to the limit; a bomb is given up as soon as it has swollen past it."""
    parts: list[bytes] = []
    size = 0
    while part := await connection.part():
        decoded = decoder.decode(part, max_bytes + 1 - size)
        parts.append(decoded)
        size += len(decoded)
        if size > max_bytes:
            return b"".join(parts)[:max_bytes], True
    return b"".join(parts), False


def _reason(failed: Exception) -> str:
    words = str(failed).strip()
    return f"{type(failed).__name__}: {words}" if words else type(failed).__name__


__all__ = ["Answer", "Egress", "GuardedClient", "RequestFailed", "RequestRefused", "origin_of"]
