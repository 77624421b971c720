"""A site on the loopback that answers what a test tells it to, byte for byte."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

from msgspec import Struct, field


class Asked(Struct):
    """A request as it came in."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


Respond = Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]


class Site(Struct):
    """Where the site is, and what it was asked."""

    port: int
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0

    def url(self, path: str = "/", *, scheme: str = "http", host: str = "127.0.0.1") -> str:
        return f"{scheme}://{host}:{self.port}{path}"


@asynccontextmanager
async def site(respond: Respond, tls: ssl.SSLContext | None = None) -> AsyncIterator[Site]:
    """A site for the length of the block; what is still open is cut at the end."""
    running: set[asyncio.Task[None]] = set()
    found = Site(port=0)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        found.connections += 1
        try:
            while (asked := await _read(reader)) is not None:
                found.asked.append(asked)
                await respond(asked, writer)
                await writer.drain()
        except (OSError, ValueError, asyncio.IncompleteReadError):  # cut, or not spoken to in HTTP
            return
        finally:
            writer.close()

    def start(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(serve(reader, writer))
        running.add(task)
        task.add_done_callback(running.discard)

    server = await asyncio.start_server(start, "127.0.0.1", 0, ssl=tls)
    found.port = server.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        server.close()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def answer(status: int = 200, body: bytes = b"", headers: Mapping[str, str] | None = None) -> bytes:
    """The bytes of a whole answer."""
    lines = [f"HTTP/1.1 {status} Such", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def always(sent: bytes) -> Respond:
    """The same answer to everybody."""

    async def respond(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(sent)

    return respond


def leading_to(location: str, status: int = 307) -> Respond:
    """A redirect from every path."""
    return always(answer(status, headers={"Location": location}))


async def _read(reader: asyncio.StreamReader) -> Asked | None:
    first = await reader.readline()
    if not first:
        return None
    method, target, _ = first.decode().split()
    headers = {}
    while line := (await reader.readline()).decode().strip():
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return Asked(method, target, headers, await reader.readexactly(int(headers.get("content-length", 0))))
