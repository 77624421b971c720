"""Connections only to addresses that were resolved and checked by us: what was checked is what is connected to."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address

from payproof.net.egress import Egress, RequestRefused, is_public
from payproof.net.stream import ConnectError, Stream, connect

RESOLVE_SECONDS = 5.0
CONNECT_SECONDS = 3.0
"""For each address but the last, so that one dead address does not use up the request's time."""

_resolvers = ThreadPoolExecutor(max_workers=8, thread_name_prefix="payproof-resolve")
"""Threads of our own: a name server that hangs must not hold up whoever else works in threads."""


async def connect_pinned(egress: Egress, host: str, port: int) -> Stream:
    """Resolves once, refuses what the policy refuses, and connects to the address, never to the name.

    Raises RequestRefused, ConnectError.
    """
    addresses = await resolve(host, port)
    if not egress.may_be_private(host, port):
        addresses = [address for address in addresses if is_public(address)]
        if not addresses:
            raise RequestRefused(f"{host} has no public address")
    for address in addresses[:-1]:
        try:
            return await connect(address, port, CONNECT_SECONDS)
        except ConnectError:
            continue
    return await connect(addresses[-1], port, None)


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, each once, the preferred one first. Raises ConnectError."""
    if _is_address(host):
        return [host]
    work = asyncio.get_running_loop().run_in_executor(_resolvers, _look_up, host, port)
    try:
        async with asyncio.timeout(RESOLVE_SECONDS):
            return await work
    except (OSError, UnicodeError, TimeoutError) as failed:
        raise ConnectError(f"{host} cannot be resolved") from failed


def _look_up(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
