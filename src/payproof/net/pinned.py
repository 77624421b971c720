"""Connections only to addresses that were resolved and checked by us: what was checked is what is connected to."""

import asyncio
import socket
from collections.abc import Iterable
from typing import Any

import httpcore2
from httpcore2 import AsyncNetworkBackend, AsyncNetworkStream
from httpcore2._backends.auto import AutoBackend

from payproof.net.egress import Egress, RequestRefused, is_public

RESOLVE_SECONDS = 5.0


class PinnedBackend(AsyncNetworkBackend):
    """Resolves once, refuses what the policy refuses, and hands the connection the address, never the name."""

    def __init__(self, egress: Egress) -> None:
        self._egress = egress
        self._inner = AutoBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> AsyncNetworkStream:
        addresses = await resolve(host, port)
        if not self._egress.may_be_private(host, port):
            addresses = [address for address in addresses if is_public(address)]
            if not addresses:
                raise RequestRefused(f"{host} has no public address")
        return await self._connect_first(addresses, port, timeout)

    async def _connect_first(self, addresses: list[str], port: int, timeout: float | None) -> AsyncNetworkStream:
        failed: Exception = httpcore2.ConnectError("no address")
        for address in addresses:
            try:
                return await self._inner.connect_tcp(address, port, timeout)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as refused:
                failed = refused
        raise failed

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, each once. Raises httpcore2.ConnectError."""
    try:
        async with asyncio.timeout(RESOLVE_SECONDS):
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, TimeoutError) as failed:
        raise httpcore2.ConnectError(f"{host} cannot be resolved") from failed
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
