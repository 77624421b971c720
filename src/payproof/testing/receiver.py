"""A receiver of webhooks for tests: checks each signature as a client would, and keeps what it heard."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Self

from msgspec import Struct


class Heard(Struct, frozen=True):
    """One request, as it came."""

    path: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    is_signed: bool
    """The signature is there and right."""
    answered: int

    @property
    def payload(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


class Receiver:
    """Listens on a free port of this machine for as long as the block lasts.

    `answers` are the statuses of the next requests, then 200 for all that follow. A status below 0 closes the
    connection without an answer.
    """

    def __init__(self, secret: str, *, answers: Sequence[int] = (), answer_headers: Mapping[str, str] | None = None):
        self._secret = secret.encode()
        self._answers = list(answers)
        self._answer_headers = dict(answer_headers or {})
        self._changed = asyncio.Condition()
        self._open: dict[asyncio.StreamWriter, asyncio.Task[None] | None] = {}
        self.heard: list[Heard] = []
        self.url = ""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/hook"
        return self

    async def __aexit__(self, *failed: object) -> None:
        self._server.close()
        for writer in self._open:
            writer.close()
        await asyncio.gather(*(task for task in self._open.values() if task is not None))

    async def until(self, is_enough: Callable[[list[Heard]], bool], *, seconds: float = 20.0) -> list[Heard]:
        """Wait for requests. Raises TimeoutError, naming what was heard."""
        try:
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(lambda: is_enough(self.heard))
        except TimeoutError:
            heard = [f"{one.payload.get('event_type')} {one.payload.get('status', '')}" for one in self.heard]
            raise TimeoutError(f"heard only {heard}") from None
        return self.heard

    def statuses(self, task_id: str) -> list[str]:
        """Those announced of a task, in the order in which they happened: they may arrive in another.

        Where a clock stands they have the same moment, but the ids of later webhooks sort after those of earlier ones.
        """
        told = [one.payload for one in self.heard if one.payload.get("task_id") == task_id and "status" in one.payload]
        found = {one["webhook_id"]: one for one in told}
        return [
            one["status"]
            for one in sorted(found.values(), key=lambda one: (one["event_created_at"], one["webhook_id"]))
        ]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, as long as it is kept alive."""
        self._open[writer] = asyncio.current_task()
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                headers = {
                    name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)
                }
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                status = await self._note(head[0].split(" ")[1], headers, body)
                if status < 0:
                    break
                writer.write(self._answer(status))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            del self._open[writer]
            writer.close()

    async def _note(self, path: str, headers: Mapping[str, str], body: bytes) -> int:
        status = self._answers.pop(0) if self._answers else 200
        right = "v1=" + hmac.new(self._secret, body, hashlib.sha256).hexdigest()
        is_signed = hmac.compare_digest(headers.get("x-webhook-sign", ""), right)
        async with self._changed:
            self.heard.append(Heard(path, headers, body, is_signed, status))
            self._changed.notify_all()
        return status

    def _answer(self, status: int) -> bytes:
        more = "".join(f"{name}: {value}\r\n" for name, value in self._answer_headers.items())
        return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n{more}content-length: 0\r\n\r\n".encode()
