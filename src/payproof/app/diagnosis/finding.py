"""What a check found, in words for whoever runs the server."""

from msgspec import Struct


class Finding(Struct, frozen=True):
    """One line of the diagnosis."""

    check: str
    is_ok: bool
    found: str
    cure: str | None
    """What to do about it, where something is wrong."""


def well(check: str, found: str) -> Finding:
    return Finding(check, True, found, None)


def wrong(check: str, found: str, cure: str) -> Finding:
    return Finding(check, False, found, cure)
