"""A connection on which bytes go out as they are given: nothing is normalised, and nothing is followed."""

import asyncio
import json
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

TIMEOUT = 30.0


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    """Names in lower case."""
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)


class Wire:
    """To one server; opened anew whenever the server has closed it. Use it as a context manager."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *failed: object) -> None:
        await self.close()

    async def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None

    async def send(self, request: bytes) -> Answer:
        """The answer, held to what is true of every answer to a client: JSON or nothing, no redirect, and T4."""
        answer = await self.exchange(request)
        assert not 300 <= answer.status < 400, answer
        assert answer.status < 500 or answer.status == 501, answer
        if answer.content:
            assert answer.headers["content-type"] == "application/json", answer
            assert b"%" not in answer.content, answer.content
        return answer

    async def exchange(self, request: bytes) -> Answer:
        """Whatever comes back."""
        async with asyncio.timeout(TIMEOUT):
            if self._reader is None or self._writer is None:
                self._reader, self._writer = await asyncio.open_connection(self._url.hostname, self._url.port)
            self._writer.write(request)
            await self._writer.drain()
            answer = await _read(self._reader, is_head=request.startswith(b"HEAD "))
        if answer.headers.get("connection") == "close" or b"\r\nconnection: close\r\n" in request.lower():
            await self.close()
        return answer


async def _read(reader: asyncio.StreamReader, *, is_head: bool) -> Answer:
    """The next answer; "100 Continue" is none."""
    while True:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status = int(first.split(" ")[1])
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines if line)}
        if status >= 200:
            break
    length = 0 if is_head or status in (204, 304) else int(headers["content-length"])
    return Answer(status, headers, await reader.readexactly(length))
