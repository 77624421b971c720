"""JSON calls to one server, as a program that is its client makes them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

import msgspec
from msgspec import Struct

from payproof.net.cookies import Cookies
from payproof.net.egress import Egress
from payproof.net.http import GuardedClient

if TYPE_CHECKING:
    from payproof.net.events import Happened

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
        self._client = GuardedClient(Egress(allow_private=True))
        self._headers = dict(headers or {})
        self._cookies = Cookies()

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
        content = b"" if body is None else msgspec.json.encode(body)
        as_json = {} if body is None else {"Content-Type": "application/json"}
        asked = f"{path}?{urlencode(query)}" if query else path
        return await self._send(method, asked, {**(headers or {}), **as_json}, content, seconds)

    async def send_files(self, path: str, parts: Sequence[Part], *, headers: Mapping[str, str] | None = None) -> Reply:
        """The files as multipart/form-data, all under the name `file`."""
        import httpx2

        form = httpx2.Request("POST", self.base_url + path, files=[("file", (part.name, part.body)) for part in parts])
        sent = {**(headers or {}), "Content-Type": form.headers["content-type"]}
        return await self._send("POST", path, sent, form.read(), SECONDS * 5)

    def events(self, path: str, *, patience_seconds: float = 30.0) -> AsyncIterator["Happened"]:
        """Server-sent events for as long as the caller listens; see `happenings`."""
        from payproof.net.events import happenings

        return happenings(self.base_url + path, self._headers, patience_seconds=patience_seconds)

    async def close(self) -> None:
        await self._client.close()

    async def _send(self, method: str, path: str, headers: Mapping[str, str], body: bytes, seconds: float) -> Reply:
        answer = await self._client.send(
            method,
            self.base_url + path,
            headers={**self._headers, **headers},
            body=body,
            cookies=self._cookies,
            max_bytes=MAX_BYTES,
            cut=False,
            seconds=seconds,
        )
        return Reply(answer.status_code, answer.headers, answer.content)
