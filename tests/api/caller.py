"""Calls a door as a server would, one request at a time."""

import io
from secrets import token_hex
from typing import Any

import msgspec

from payproof.api.call import Receive, Scope, Send

CLIENT = "c0ffee00" * 4
OTHER_CLIENT = "0ddba110" * 4
SECRET = "sandbox-" + "1" * 40
DEV_SECRET = "dev-" + "2" * 40
OTHER_SECRET = "sandbox-" + "3" * 40


class Sink(io.BytesIO):
    """Where log lines go."""

    def said(self) -> list[dict[str, Any]]:
        return [msgspec.json.decode(line) for line in self.getvalue().splitlines()]


class Reply(msgspec.Struct, frozen=True):
    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.content)


class Caller:
    """Holds one pair of keys; `None` for either means: not sent."""

    def __init__(self, door: Any, client_id: str | None = CLIENT, secret: str | None = SECRET) -> None:
        self.door = door
        self._keys = {"x-access-client-id": client_id, "x-access-secret": secret}

    def as_(self, client_id: str | None, secret: str | None) -> "Caller":
        return Caller(self.door, client_id, secret)

    def in_environment(self, environment: str) -> "Caller":
        """The same client, with a key of its own for that environment."""
        return self.with_secret(f"{environment}-{token_hex(20)}")

    def with_secret(self, secret: str) -> "Caller":
        """The same client with another key."""
        return self.as_(self._keys["x-access-client-id"], secret)

    @property
    def secret(self) -> str:
        secret = self._keys["x-access-secret"]
        assert secret is not None
        return secret

    async def get(self, path: str, **headers: str) -> Reply:
        return await self.call("GET", path, None, **headers)

    async def post(self, path: str, body: Any = None, **headers: str) -> Reply:
        return await self.call("POST", path, body, **headers)

    async def call(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        """`body` is bytes, or goes out as JSON. Header names are written with underscores."""
        content = body if isinstance(body, bytes) else b"" if body is None else msgspec.json.encode(body)
        given = {"host": "testserver", **self._keys, **{name.replace("_", "-"): text for name, text in headers.items()}}
        if content and "content-type" not in given:
            given["content-type"] = "application/json"
        return await ask(self.door, method, path, {k: v for k, v in given.items() if v is not None}, content)


def fresh_caller(door: Any) -> Caller:
    """With sandbox keys that nobody had before."""
    return Caller(door, token_hex(16), f"sandbox-{token_hex(20)}")


async def ask(door: Any, method: str, path: str, headers: dict[str, str], content: bytes) -> Reply:
    route, _, query = path.partition("?")
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": route,
        "raw_path": route.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.encode(), text.encode()) for name, text in headers.items()],
        "client": ("203.0.113.7", 50_000),
        "server": ("testserver", 80),
    }
    parts = [content[at : at + 65_536] for at in range(0, len(content), 65_536)] or [b""]
    said: list[Any] = []

    async def receive() -> Any:
        if not parts:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

    async def send(message: Any) -> None:
        said.append(message)

    typed: tuple[Receive, Send] = (receive, send)
    await door(scope, *typed)
    start = said[0]
    return Reply(
        start["status"],
        {name.decode(): text.decode() for name, text in start["headers"]},
        b"".join(message.get("body", b"") for message in said[1:]),
    )
