"""A connection as the HTTP parser wants it, straight on asyncio: whoever asks for bytes waits, and nothing is timed.

One time limit rules the whole of a request.
"""

import asyncio
import select
import ssl
from typing import cast

MAX_WAITING_BYTES = 262_144
"""What may lie unread before the peer is asked to pause."""


class ConnectError(Exception):
    """Nobody answers there, or does not prove to be who was called."""


class ReadError(Exception):
    """The connection broke."""


async def connect(address: str, port: int, seconds: float | None) -> "Stream":
    """A connection to an address, never a name. Raises ConnectError."""
    try:
        async with asyncio.timeout(seconds):
            _, stream = await asyncio.get_running_loop().create_connection(Stream, address, port)
    except TimeoutError:
        raise ConnectError(f"{address} does not answer") from None
    except OSError as failed:
        raise ConnectError(failed.strerror or str(failed)) from failed
    return stream


class Stream(asyncio.Protocol):
    """Both ends of the seam: asyncio calls the first half, the HTTP connection the second."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport
        self._waiting = bytearray()
        self._is_over = False
        self._failed: Exception | None = None
        self._arrived: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        if len(self._waiting) > MAX_WAITING_BYTES:
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        self._is_over = True
        self._wake()

    def connection_lost(self, failed: Exception | None) -> None:
        self._is_over = True
        self._failed = failed
        self._wake()

    @property
    def is_quiet(self) -> bool:
        """Whether it is open, and nothing has come that was not asked for."""
        return not self._is_over and not self._waiting

    def is_open(self) -> bool:
        """Whether it is quiet and the system knows of no end either: the loop may not have been told yet."""
        if not self.is_quiet:
            return False
        looking = select.poll()
        looking.register(self._transport.get_extra_info("socket"), select.POLLIN)
        return not looking.poll(0)

    async def read(self) -> bytes:
        """What has come, as soon as something has; nothing at the end. Raises ReadError."""
        if self.is_quiet:
            self._arrived = asyncio.get_running_loop().create_future()
            await self._arrived
        if self._failed is not None and not self._waiting:
            raise ReadError(str(self._failed)) from self._failed
        taken = bytes(self._waiting)
        self._waiting.clear()
        if len(taken) > MAX_WAITING_BYTES and not self._is_over:
            self._transport.resume_reading()
        return taken

    def write(self, data: bytes) -> None:
        """Nothing where it is over already: what was the matter is read."""
        if not self._is_over:
            self._transport.write(data)

    def close(self) -> None:
        self._transport.close()

    def abort(self) -> None:
        """Without sending what is unsent."""
        self._transport.abort()

    async def start_tls(self, context: ssl.SSLContext, host: str) -> None:
        """Raises ConnectError."""
        loop = asyncio.get_running_loop()
        try:
            secure = (
                None if self._is_over else await loop.start_tls(self._transport, self, context, server_hostname=host)
            )
        except OSError as failed:
            raise ConnectError(str(failed)) from failed
        if secure is None:
            raise ConnectError("the connection was closed during the TLS handshake")
        self._transport = secure

    def _wake(self) -> None:
        if self._arrived is not None and not self._arrived.done():
            self._arrived.set_result(None)
