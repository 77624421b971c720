"""HTTP/1.1 over connections that are kept for the next request. What is said and heard is h11's to write and read."""

import asyncio
import ssl
from functools import cache

import h11

from payproof.net.address import Address
from payproof.net.egress import Egress, Origin
from payproof.net.pinned import connect_pinned
from payproof.net.stream import Stream

MAX_HEAD_BYTES = 102_400
IDLE_CONNECTIONS = 32
IDLE_SECONDS = 15.0


class Connection:
    """Asks one thing after the other. Raises h11.ProtocolError, ReadError."""

    def __init__(self, origin: Origin, stream: Stream) -> None:
        self.origin = origin
        self.idle_since = 0.0
        self.stream = stream
        self._h11 = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD_BYTES)

    async def ask(self, request: h11.Request, body: bytes) -> h11.Response:
        """The head of the answer."""
        sent = self._h11.send(request) or b""
        if body:
            sent += self._h11.send(h11.Data(body)) or b""
        self.stream.write(sent + (self._h11.send(h11.EndOfMessage()) or b""))
        while not isinstance(event := await self._event(), h11.Response):
            pass
        return event

    async def part(self) -> bytes:
        """The next piece of the answer's body; nothing at its end."""
        event = await self._event()
        return bytes(event.data) if isinstance(event, h11.Data) else b""

    def is_ready(self) -> bool:
        """Whether one may ask again: both have said all, and nothing lies there that nobody asked for."""
        is_said = self._h11.our_state is h11.DONE and self._h11.their_state is h11.DONE
        if not is_said or self._h11.trailing_data[0] or not self.stream.is_quiet:
            return False
        self._h11.start_next_cycle()
        return True

    async def _event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        while (event := self._h11.next_event()) is h11.NEED_DATA:
            data = await self.stream.read()
            if not data and self._h11.their_state is h11.SEND_RESPONSE:
                raise h11.RemoteProtocolError("Server disconnected without sending a response.")
            self._h11.receive_data(data)
        return event


class Connections:
    """Those of one policy, kept open for a while after each request. Close them at the end."""

    def __init__(self, egress: Egress, limit: int) -> None:
        self._egress = egress
        self._room = asyncio.Semaphore(limit)
        self._idle: list[Connection] = []
        """The one that was used last is last."""

    async def take(self, address: Address) -> Connection:
        """To be given back. Raises RequestRefused, ConnectError."""
        await self._room.acquire()
        try:
            return self._kept(address.origin) or await self._new(address)
        except BaseException:
            self._room.release()
            raise

    def give_back(self, connection: Connection) -> None:
        self._room.release()
        if connection.is_ready():
            connection.idle_since = asyncio.get_running_loop().time()
            self._idle.append(connection)
        else:
            connection.stream.abort()
        if len(self._idle) > IDLE_CONNECTIONS:
            self._idle.pop(0).stream.close()

    def close(self) -> None:
        while self._idle:
            self._idle.pop().stream.close()

    def _kept(self, origin: Origin) -> Connection | None:
        oldest = asyncio.get_running_loop().time() - IDLE_SECONDS
        while self._idle and self._idle[0].idle_since < oldest:
            self._idle.pop(0).stream.close()
        for found in reversed(self._idle):
            if found.origin == origin:
                self._idle.remove(found)
                if found.stream.is_open():
                    return found
                found.stream.close()
        return None

    async def _new(self, address: Address) -> Connection:
        stream = await connect_pinned(self._egress, address.host, address.origin.port)
        if address.origin.scheme == "https":
            try:
                await stream.start_tls(tls(), address.host)
            except BaseException:
                stream.abort()
                raise
        return Connection(address.origin, stream)


@cache
def tls() -> ssl.SSLContext:
    """One for the process, made at first use: reading the system's certificates takes a while."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
