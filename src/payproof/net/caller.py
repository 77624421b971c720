"""JSON calls to one server, as a program that is its client makes them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from payproof.net.egress import Egress
from payproof.net.events import Happened, happenings
from payproof.net.http import GuardedClient, exchange

MAX_BYTES = 64_000_000
SECONDS = 60.0

T = TypeVar("T")


class Part(Struct, frozen=True):
    """A file to be sent."""

    name: str
    body: bytes


class Reply(Struct, frozen=True):
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300

    @property
    def body(self) -> Any:
        """The JSON value, or None where there is none."""
        return self.read(Any)

    def read(self, kind: type[T]) -> T | None:
        """The body as a wire shape; None where it is empty, no JSON or of another shape."""
        try:
            return msgspec.json.decode(self.content, type=kind)
        except msgspec.DecodeError:
            return None


class Caller:
    """Knows the server's address and what every call carries. Private addresses are fine: the user named this one.

    Raises net.http.RequestFailed where no answer comes. Close it at the end.
    """

    def __init__(self, base_url: str, headers: Mapping[str, str] | None = None) -> None:
        self.base_url = base_url.rstrip("/")
        self._guarded = GuardedClient(Egress(allow_private=True))
        self._client = self._guarded.new_client(headers=dict(headers or {}))

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        seconds: float = SECONDS,
    ) -> Reply:
        """One call. A `body` is sent as JSON."""
        sent = dict(headers or {})
        if body is not None:
            sent["content-type"] = "application/json"
        request = self._client.build_request(
            method,
            self.base_url + path,
            params=dict(query) if query else None,
            headers=sent,
            content=None if body is None else msgspec.json.encode(body),
        )
        answer = await exchange(self._client, request, max_bytes=MAX_BYTES, seconds=seconds)
        return Reply(answer.status_code, answer.headers, answer.content)

    async def send_files(self, path: str, parts: Sequence[Part], *, headers: Mapping[str, str] | None = None) -> Reply:
        """The files as multipart/form-data, all under the name `file`."""
        files = [("file", (part.name, part.body)) for part in parts]
        request = self._client.build_request("POST", self.base_url + path, files=files, headers=dict(headers or {}))
        answer = await exchange(self._client, request, max_bytes=MAX_BYTES, seconds=SECONDS * 5)
        return Reply(answer.status_code, answer.headers, answer.content)

    def events(self, path: str, *, patience_seconds: float = 30.0) -> AsyncIterator[Happened]:
        """Server-sent events for as long as the caller listens; see `happenings`."""
        return happenings(self._client, self.base_url + path, patience_seconds=patience_seconds)

    async def close(self) -> None:
        await self._guarded.close()
