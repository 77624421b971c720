"""Server-sent events are followed over cuts, from where they broke off."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from payproof.net.caller import Caller
from payproof.net.http import RequestFailed

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@asynccontextmanager
async def answering(answer: Callable[[str, int], bytes]) -> AsyncIterator[tuple[Caller, list[str]]]:
    """A server that answers each connection with bytes and cuts it; and the request heads it saw."""
    heads: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append((await reader.readuntil(b"\r\n\r\n")).decode().lower())
        writer.write(answer(heads[-1], len(heads)))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    caller = Caller(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    try:
        yield caller, heads
    finally:
        await caller.close()
        server.close()


async def test_goes_on_after_a_cut_with_the_last_id() -> None:
    def answer(head: str, number: int) -> bytes:
        return HEAD + b"retry: 1\n\n: a comment\n\nid: %d\nevent: attempt\ndata: {}\n\n" % number

    async with answering(answer) as (caller, heads):
        events = caller.events("/events/")
        seen = [await anext(events) for _ in range(2)]
        await events.aclose()  # type: ignore[attr-defined]
    assert [(one.id, one.name, one.data) for one in seen] == [("1", "attempt", "{}"), ("2", "attempt", "{}")]
    assert "last-event-id" not in heads[0]
    assert "last-event-id: 1\r\n" in heads[1]


async def test_a_server_that_starts_is_asked_again() -> None:
    def answer(head: str, number: int) -> bytes:
        return b"HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n" if number == 1 else HEAD + b"data: 1\n\n"

    async with answering(answer) as (caller, heads):
        assert (await anext(caller.events("/"))).data == "1"
    assert len(heads) == 2


async def test_a_refusal_ends_it() -> None:
    async with answering(lambda *_: b"HTTP/1.1 404 No\r\ncontent-length: 0\r\n\r\n") as (caller, heads):
        with pytest.raises(RequestFailed, match="404"):
            await anext(caller.events("/"))
    assert len(heads) == 1


async def test_a_server_that_stays_away_is_given_up() -> None:
    caller = Caller("http://127.0.0.1:9")
    with pytest.raises(RequestFailed):
        await anext(caller.events("/", patience_seconds=0.1))
    await caller.close()
