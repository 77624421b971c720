"""JSON calls to a server without an event loop, over connections that are kept: for tests that are plain functions."""

import http.client
import json
import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

SECONDS = 90.0
"""Longer than the server may hold an answer back."""
_DROPPED = (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError)


class Refused(AssertionError):
    """A call that was to succeed did not."""

    def __init__(self, method: str, path: str, status: int, body: Any) -> None:
        self.status = status
        self.body = body
        super().__init__(f"{method} {path}: {status} {body}")


class Calling:
    """A server by its URL. Every thread has a connection of its own."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        parts = urlsplit(self.url)
        self._kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._place, self._prefix = parts.netloc, parts.path
        self._own = threading.local()
        self._opened: list[http.client.HTTPConnection] = []

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: Mapping[str, str],
        query: Mapping[str, Any] | None = None,
    ) -> Any:
        """The body of a good answer, None where it has none. Raises Refused."""
        content = None if body is None else json.dumps(body).encode()
        sent = dict(headers) | ({"Content-Type": "application/json"} if content else {})
        status, answer = self._exchange(method, self._prefix + path + _asked(query), content, sent)
        if not 200 <= status < 300:
            raise Refused(method, path, status, answer)
        return answer

    def close(self) -> None:
        """Every thread's connection; a later call opens one again."""
        for connection in self._opened:
            connection.close()

    def _exchange(self, method: str, path: str, content: bytes | None, headers: dict[str, str]) -> tuple[int, Any]:
        """Once more where the server had closed a connection on which nothing was going on."""
        connection = self._connection()
        was_open = connection.sock is not None
        try:
            return _exchange(connection, method, path, content, headers)
        except _DROPPED:
            if not was_open:
                raise
            return _exchange(connection, method, path, content, headers)

    def _connection(self) -> http.client.HTTPConnection:
        held: http.client.HTTPConnection | None = getattr(self._own, "connection", None)
        if held is None:
            held = self._own.connection = self._kind(self._place, timeout=SECONDS)
            self._opened.append(held)
        return held


def _exchange(
    connection: http.client.HTTPConnection, method: str, path: str, content: bytes | None, headers: dict[str, str]
) -> tuple[int, Any]:
    """A connection on which that failed is closed, and opens itself again."""
    try:
        connection.request(method, path, content, headers)
        response = connection.getresponse()
        text = response.read()
    except BaseException:
        connection.close()
        raise
    if "json" in response.headers.get("Content-Type", ""):
        return response.status, json.loads(text)
    return response.status, text or None


def _asked(query: Mapping[str, Any] | None) -> str:
    said = {name: value for name, value in (query or {}).items() if value is not None}
    return f"?{urlencode(said)}" if said else ""
