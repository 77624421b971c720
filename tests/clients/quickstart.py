"""How the three quickstarts put a call on the wire, and what they make of a webhook.

Written from what was observed of them, in the bytes that the HTTP libraries of their languages send. All of them have
their host fixed: through a TLS front, `Host` arrives as prod.truv.com.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

HOST = "prod.truv.com"
FINISHED = (
    "done", "login_error", "mfa_error", "config_error", "account_locked", "no_data", "unavailable", "error",
)  # fmt: skip
"""Where they stop asking for a refresh. They know no other end: what has another name is asked for for ever."""


class Keys(NamedTuple):
    client_id: str
    secret: str


class Quickstart(NamedTuple):
    """One language's."""

    headers: Callable[[Keys, int], list[tuple[str, str]]]
    """In their order and spelling, from the keys and the length of the body."""
    dump: Callable[[Any], str]
    token: Mapping[str, str]
    """What it sends for a bridge token besides the product and the tracking text."""
    refresh_slash: str
    """What stands at the end where it asks for a refresh."""

    def call(self, keys: Keys, method: str, path: str, body: Any = None) -> bytes:
        content = b"" if body is None else self.dump(body).encode()
        lines = [f"{method} /v1/{path} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in self.headers(keys, len(content))]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + content


def is_signed(headers: Mapping[str, str], body: bytes, secret: str) -> bool:
    """All three read the raw body as text, sign it anew, and compare the two letter by letter."""
    signed = hmac.new(secret.encode(), body.decode("utf-8").encode(), hashlib.sha256).hexdigest()
    return headers["x-webhook-sign"] == f"v1={signed}"


def _python(keys: Keys, length: int) -> list[tuple[str, str]]:
    """It names the type of a body even where there is none."""
    return [
        ("Host", HOST),
        ("User-Agent", "python-requests/2.32.3"),
        ("Accept-Encoding", "gzip, deflate"),
        ("Accept", "application/json"),
        ("Connection", "keep-alive"),
        ("X-Access-Client-Id", keys.client_id),
        ("X-Access-Secret", keys.secret),
        ("Content-Type", "application/json;charset=UTF-8"),
        *([("Content-Length", str(length))] if length else []),
    ]


def _node(keys: Keys, length: int) -> list[tuple[str, str]]:
    """Names in lower case, and a connection for each call."""
    return [
        ("accept", "application/json"),
        ("accept-encoding", "gzip, deflate, br"),
        *([("content-length", str(length))] if length else []),
        ("content-type", "application/json"),
        ("user-agent", "node-fetch"),
        ("x-access-client-id", keys.client_id),
        ("x-access-secret", keys.secret),
        ("Host", HOST),
        ("Connection", "close"),
    ]


def _go(keys: Keys, length: int) -> list[tuple[str, str]]:
    """It does not say what it accepts."""
    return [
        ("Host", HOST),
        ("User-Agent", "Go-http-client/1.1"),
        *([("Content-Length", str(length))] if length else []),
        ("Content-Type", "application/json"),
        ("X-Access-Client-Id", keys.client_id),
        ("X-Access-Secret", keys.secret),
        ("Accept-Encoding", "gzip"),
    ]


def _spaced(body: Any) -> str:
    """Everything beyond ASCII is an escape."""
    return json.dumps(body)


def _compact(body: Any) -> str:
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False)


def _safe_for_html(body: Any) -> str:
    """What could begin a tag is an escape."""
    return "".join(f"\\u{ord(sign):04x}" if sign in "<>&" else sign for sign in _compact(body))


ALL = {
    "python": Quickstart(_python, _spaced, {}, "/"),
    "node": Quickstart(_node, _compact, {"client_name": "Truv Quickstart"}, ""),
    "go": Quickstart(_go, _safe_for_html, {"client_name": ""}, ""),
}
