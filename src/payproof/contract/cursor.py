"""Pages of histories that grow while they are read: a cursor names a place, not a number of rows."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Generic, TypeVar

from msgspec import Struct

from payproof.contract.page import Address
from payproof.model.webhook_request import Place

T = TypeVar("T")


class CursorPage(Struct, Generic[T], frozen=True):
    next: str | None
    previous: str | None
    results: list[T]


class InvalidCursor(Exception):
    """Not one that this tenant was given: 404 with a text of its own."""


def write_cursor(place: Place, owner: str) -> str:
    """Opaque, and of no use to anybody but its owner."""
    direction = "newer" if place.is_upward else "older"
    said = f"{direction} {place.position} {place.created_at.isoformat()}".encode()
    return base64.urlsafe_b64encode(_mark(said, owner) + said).decode().rstrip("=")


def read_cursor(text: str, owner: str) -> Place:
    """Raises InvalidCursor."""
    try:
        read = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise InvalidCursor from None
    mark, said = read[:8], read[8:]
    if not hmac.compare_digest(mark, _mark(said, owner)):
        raise InvalidCursor
    direction, position, at = said.decode().split(" ")
    return Place(datetime.fromisoformat(at), int(position), is_upward=direction == "newer")


def cursor_page(
    address: Address, owner: str, place: Place | None, size: int, found: Sequence[Place], results: list[T]
) -> CursorPage[T]:
    """The envelope. `found` are the places of `results` as they were read: one more than a page where there is more."""
    has_more = len(found) > size
    found, results = found[:size], results[:size]
    is_upward = place is not None and place.is_upward
    if is_upward:
        found, results = found[::-1], results[::-1]
    if not found:
        return CursorPage(None, None, results)
    newer = _address(address, found[0], owner, is_upward=True) if (has_more if is_upward else place) else None
    older = _address(address, found[-1], owner, is_upward=False) if (is_upward or has_more) else None
    return CursorPage(older, newer, results)


def _address(address: Address, at: Place, owner: str, *, is_upward: bool) -> str:
    return address.at(write_cursor(Place(at.created_at, at.position, is_upward), owner))


def _mark(said: bytes, owner: str) -> bytes:
    return hashlib.blake2b(said, digest_size=8, key=owner.encode()).digest()
