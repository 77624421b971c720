"""Taking a body in: only JSON, only so much, and only from whoever was let in."""

from functools import lru_cache

from payproof.api.call import Call, Receive
from payproof.api.errors import NotAcceptable, TooLarge, UnsupportedMediaType

LIMIT = 1_000_000


class CallerLeft(Exception):
    """The connection closed before the body was whole."""


def check_accept(call: Call) -> None:
    """Raises NotAcceptable for a caller who does not take JSON."""
    accept = call.headers.get(b"accept")
    if accept is not None and not _takes_json(accept):
        raise NotAcceptable


async def take_body(call: Call, receive: Receive, limit: int = LIMIT) -> None:
    """Fills `call.body`. Raises UnsupportedMediaType, TooLarge."""
    length = call.headers.get(b"content-length", b"")
    if length.isdigit() and int(length[:18]) > limit:
        raise TooLarge
    parts: list[bytes] = []
    size, is_more = 0, True
    while is_more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise CallerLeft
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            raise TooLarge
        parts.append(part)
        is_more = message.get("more_body", False)
    call.body = b"".join(parts)
    if call.body and not _is_json(call.headers.get(b"content-type", b"application/json")):
        raise UnsupportedMediaType


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
