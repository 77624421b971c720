"""What happens to a connection over which a body came that nobody wanted."""

import asyncio

import pytest

from tests.stories.server import Dev


@pytest.mark.parametrize("path", ["/v1/users/", "/bridge/v1/sessions/"])
async def test_it_serves_the_next_request(dev: Dev, path: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(dev.url.rpartition(":")[2]))
    body = b"x" * 300_000
    head = f"POST {path} HTTP/1.1\r\nhost: here\r\ncontent-type: text/plain\r\ncontent-length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body + b"GET /healthz HTTP/1.1\r\nhost: here\r\n\r\n")
    assert await _status(reader) in (400, 401, 415)
    assert await _status(reader) == 200
    writer.close()


async def _status(reader: asyncio.StreamReader) -> int:
    """The next answer's, its body taken away."""
    async with asyncio.timeout(20):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = next(line for line in head.splitlines() if line.startswith("content-length:"))
        await reader.readexactly(int(length.partition(":")[2]))
    return int(head.split()[1])
