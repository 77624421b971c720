"""Taking a body in: only JSON, only so much, and only from whoever was let in."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from payproof.api.call import Call, Receive
from payproof.api.errors import CutOff, NotAcceptable, TooLarge, UnsupportedMediaType

DRAIN = 1_000_000
"""So much of a body that nobody wanted is read, to keep the connection for the caller's next request."""


class Incoming:
    """A request's body on its way in; callable like the `receive` it wraps."""

    def __init__(self, receive: Receive, headers: Mapping[bytes, bytes]) -> None:
        self._receive = receive
        self._is_held_back = b"expect" in headers or _length(headers) > DRAIN
        """The caller waits for leave to send it, or is to hear at once that it is too much."""
        self._is_whole = False
        self._is_cut_off = False

    async def __call__(self) -> Any:
        self._is_held_back = False
        message = await self._receive()
        self._is_cut_off = message["type"] == "http.disconnect"
        self._is_whole = not self._is_cut_off and not message.get("more_body", False)
        return message

    async def drain(self) -> bool:
        """Before an answer: read what is left of the body. False where the connection cannot be kept for another one.

        A server that leaves a body unread closes the connection, and the caller's next request on it would be lost.
        """
        if self._is_held_back:
            return False
        size = 0
        while not (self._is_whole or self._is_cut_off) and size <= DRAIN:
            message = await self()
            size += len(message.get("body", b""))
        return self._is_whole


def has_body(headers: Mapping[bytes, bytes]) -> bool:
    return headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in headers


def check_accept(call: Call) -> None:
    """Raises NotAcceptable for a caller who does not take JSON."""
    accept = call.headers.get(b"accept")
    if accept is not None and not _takes_json(accept):
        raise NotAcceptable


async def take_body(call: Call, receive: Receive, limit: int) -> None:
    """Fills `call.body`. Raises UnsupportedMediaType, TooLarge, CutOff."""
    if _length(call.headers) > limit:
        raise TooLarge
    parts: list[bytes] = []
    size, is_more = 0, True
    while is_more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise CutOff
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            raise TooLarge
        parts.append(part)
        is_more = message.get("more_body", False)
    call.body = b"".join(parts)
    if call.body and not (
        _is_json(call.headers.get(b"content-type", b"application/json"))
        and call.headers.get(b"content-encoding", b"identity").lower() == b"identity"
    ):
        raise UnsupportedMediaType


def _length(headers: Mapping[bytes, bytes]) -> int:
    """What the caller says of it; 0 where that is nothing."""
    said = headers.get(b"content-length", b"")
    return int(said[:18]) if said.isdigit() else 0


@lru_cache(maxsize=256)
def _takes_json(accept: bytes) -> bool:
    for choice in accept.decode("latin-1").lower().split(","):
        name, *options = (part.strip() for part in choice.split(";"))
        if name in ("*/*", "application/*", "application/json") and not _is_refused(options):
            return True
    return not accept.strip()


def _is_refused(options: list[str]) -> bool:
    return any(option.replace(" ", "").rstrip("0").rstrip(".") in ("q=", "q=0") for option in options)


@lru_cache(maxsize=64)
def _is_json(content_type: bytes) -> bool:
    name = content_type.decode("latin-1").partition(";")[0].strip().lower()
    return name == "application/json" or (name.startswith("application/") and name.endswith("+json"))
