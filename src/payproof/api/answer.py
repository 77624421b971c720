"""What a door gives back, and how it is written as JSON."""

from typing import Any

import msgspec

Header = tuple[bytes, bytes]

_encode = msgspec.json.Encoder(decimal_format="string", uuid_format="hex").encode
_JSON = (b"content-type", b"application/json")


class Answer:
    """A finished response. `reason` is for our log only."""

    __slots__ = ("body", "headers", "reason", "status")

    def __init__(self, status: int, body: bytes, headers: list[Header], reason: str | None = None) -> None:
        self.status = status
        self.body = body
        self.headers = headers
        self.reason = reason


def encode(body: Any) -> bytes:
    """JSON without a percent sign: a public client prints answers through a format string and breaks on one."""
    text = _encode(body)
    return text.replace(b"%", b"\\u0025") if b"%" in text else text


def json_answer(status: int, body: Any, reason: str | None = None, *headers: Header) -> Answer:
    return Answer(status, encode(body), [_JSON, *headers], reason)


def text_answer(status: int, body: bytes, media_type: str, *headers: Header) -> Answer:
    return Answer(status, body, [(b"content-type", media_type.encode()), *headers])


def empty_answer() -> Answer:
    return Answer(204, b"", [])
