"""A connection as the HTTP client wants it, straight on asyncio.

The client's pool asks every idle connection before every request whether it is still good. Here that is a look at two
fields; with the client's own stream it was two system calls and most of what a request cost.
"""

import asyncio
import ssl
from collections.abc import Awaitable
from typing import Any, TypeVar, cast

import httpcore2
from httpcore2 import AsyncNetworkStream

MAX_WAITING_BYTES = 262_144
"""What may lie unread before the peer is asked to pause."""

MAX_UNSENT_BYTES = 65_536

T = TypeVar("T")


async def connect(address: str, port: int, seconds: float | None) -> "Stream":
    """A connection to an address, never a name. Raises httpcore2.ConnectError, httpcore2.ConnectTimeout."""
    loop = asyncio.get_running_loop()
    try:
        _, stream = await _within(loop.create_connection(Stream, address, port), seconds)
    except TimeoutError:
        raise httpcore2.ConnectTimeout(f"{address} does not answer") from None
    except OSError as failed:
        raise httpcore2.ConnectError(failed.strerror or str(failed)) from failed
    return stream


class Stream(asyncio.Protocol, AsyncNetworkStream):
    """Both ends of the seam: asyncio calls the first half, the HTTP client the second."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._waiting = bytearray()
        self._unsent = bytearray()
        """Head and body of a request come in pieces; held until the answer is awaited, they leave in one packet."""
        self._is_over = False
        self._failed: Exception | None = None
        self._arrived: asyncio.Future[None] | None = None
        self._may_write: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        if len(self._waiting) > MAX_WAITING_BYTES and self._transport is not None:
            self._transport.pause_reading()
        self._wake(self._arrived)

    def eof_received(self) -> None:
        self._is_over = True
        self._wake(self._arrived)

    def connection_lost(self, failed: Exception | None) -> None:
        self._is_over = True
        self._failed = failed
        self._wake(self._arrived)
        self._wake(self._may_write)

    def pause_writing(self) -> None:
        self._may_write = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        self._wake(self._may_write)
        self._may_write = None

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        if self._unsent:
            await self._send(timeout)
        if not self._waiting and not self._is_over:
            self._arrived = asyncio.get_running_loop().create_future()
            try:
                await _within(self._arrived, timeout)
            except TimeoutError:
                raise httpcore2.ReadTimeout("no answer in time") from None
            finally:
                self._arrived = None
        if self._failed is not None and not self._waiting:
            raise httpcore2.ReadError(str(self._failed)) from self._failed
        return self._take(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        self._unsent += buffer
        if len(self._unsent) > MAX_UNSENT_BYTES:
            await self._send(timeout)

    async def _send(self, seconds: float | None) -> None:
        if self._transport is None or self._transport.is_closing():
            raise httpcore2.WriteError("the connection is closed")
        self._transport.write(bytes(self._unsent))
        self._unsent.clear()
        if self._may_write is not None:
            try:
                await _within(asyncio.shield(self._may_write), seconds)
            except TimeoutError:
                raise httpcore2.WriteTimeout("the peer does not read") from None

    async def aclose(self) -> None:
        if self._transport is not None:
            self._transport.close()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> AsyncNetworkStream:
        assert self._transport is not None
        loop = asyncio.get_running_loop()
        plain = self._transport
        try:
            self._transport = await _within(
                loop.start_tls(plain, self, ssl_context, server_hostname=server_hostname), timeout
            )
        except TimeoutError:
            plain.abort()
            raise httpcore2.ConnectTimeout("no TLS handshake in time") from None
        except OSError as failed:
            plain.abort()
            raise httpcore2.ConnectError(str(failed)) from failed
        if self._transport is None:
            raise httpcore2.ConnectError("the connection was closed during the TLS handshake")
        return self

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":
            return self._is_over or bool(self._waiting)
        name = {"ssl_object": "ssl_object", "server_addr": "peername", "client_addr": "sockname", "socket": "socket"}
        return self._transport.get_extra_info(name[info]) if self._transport is not None and info in name else None

    def _take(self, max_bytes: int) -> bytes:
        taken = bytes(self._waiting[:max_bytes])
        del self._waiting[:max_bytes]
        if not self._waiting and self._transport is not None and not self._is_over:
            self._transport.resume_reading()
        return taken

    @staticmethod
    def _wake(waiter: asyncio.Future[None] | None) -> None:
        if waiter is not None and not waiter.done():
            waiter.set_result(None)


async def _within(awaited: Awaitable[T], seconds: float | None) -> T:
    if seconds is None:
        return await awaited
    async with asyncio.timeout(seconds):
        return await awaited
