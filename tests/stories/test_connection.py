"""What happens to a connection over which a body came that nobody wanted, that is no body, or that is held back."""

import asyncio

import pytest

from tests.stories.server import Dev

PATHS = ["/v1/users/", "/bridge/v1/sessions/"]
CLOSED = "\r\nconnection: close\r\n"


@pytest.mark.parametrize("path", PATHS)
async def test_it_serves_the_next_request(dev: Dev, path: str) -> None:
    reader, writer = await _open(dev)
    writer.write(_head(path, "content-type: text/plain", "content-length: 300000") + b"x" * 300_000)
    writer.write(b"GET /healthz HTTP/1.1\r\nhost: here\r\n\r\n")
    assert (await _answer(reader))[0] in (400, 401, 413, 415)
    assert (await _answer(reader))[0] == 200
    writer.close()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("chunks", [b"zz\r\n{}\r\n", b"2\r\n{}XX\r\n0\r\n\r\n"], ids=["no number", "no end"])
async def test_broken_chunks_are_400_in_the_usual_shape(dev: Dev, path: str, chunks: bytes) -> None:
    reader, writer = await _open(dev)
    keys = (f"x-access-client-id: {dev.client_id}", f"x-access-secret: {dev.secret}")
    writer.write(_head(path, *keys, "content-type: application/json", "transfer-encoding: chunked") + chunks)
    status, head, body = await _answer(reader)
    assert status == 400
    assert CLOSED in head
    assert b'"code":"incorrect_parameters"' in body
    assert b'"field":"non_field_errors"' in body
    writer.close()


@pytest.mark.parametrize("path", PATHS)
async def test_whoever_announces_too_much_hears_so_before_sending_it(dev: Dev, path: str) -> None:
    reader, writer = await _open(dev)
    keys = (f"x-access-client-id: {dev.client_id}", f"x-access-secret: {dev.secret}")
    writer.write(_head(path, *keys, "content-type: application/json", "content-length: 9999999999"))
    status, head, _ = await _answer(reader)
    assert status == 413
    assert CLOSED in head
    writer.close()


async def test_whoever_waits_for_leave_is_refused_without_it(dev: Dev) -> None:
    reader, writer = await _open(dev)
    writer.write(_head("/v1/users/", "content-length: 24", "expect: 100-continue"))
    status, head, _ = await _answer(reader)
    assert status == 401
    assert CLOSED in head
    writer.close()


async def _open(dev: Dev) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", int(dev.url.rpartition(":")[2]))


def _head(path: str, *headers: str) -> bytes:
    return "\r\n".join([f"POST {path} HTTP/1.1", "host: here", *headers, "", ""]).encode()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, str, bytes]:
    """Status, head and body of the next."""
    async with asyncio.timeout(20):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = next(line for line in head.splitlines() if line.startswith("content-length:"))
        return int(head.split()[1]), head, await reader.readexactly(int(length.partition(":")[2]))
