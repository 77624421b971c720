"""Chance that is the same every time: draws from a hash of the seed and of what is drawn."""

from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar

T = TypeVar("T")


def draw(below: int, *what: object) -> int:
    """A number from 0 to `below - 1` that only `what` decides."""
    return int.from_bytes(sha256(joined(*what).encode()).digest()[:8]) % below


def joined(*what: object) -> str:
    """Several parts as one, which draws the same as they do."""
    return "\x1f".join(map(str, what))


def pick(choices: Sequence[T], *what: object) -> T:
    """One of the choices, decided by `what`."""
    return choices[draw(len(choices), *what)]
