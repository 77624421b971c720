"""What a source gave, as it gave it: sealed, append-only, the ground on which facts can be read anew."""

from msgspec import Struct

UPLOAD_PREFIX = "upload/"
"""Raws under this prefix are files the person handed over: `upload/<n>/<file name>`."""


class Raw(Struct, frozen=True, kw_only=True):
    key: str
    """Unique within the task, stable between tries: storing the same key again changes nothing."""
    media_type: str
    body: bytes
    name: str | None = None
    """A file name, where the raw is a file somebody may download."""
