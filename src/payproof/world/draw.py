"""Chance that is the same every time: draws from a hash of the seed and of what is drawn."""

from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar

T = TypeVar("T")


def draw(below: int, *what: object) -> int:
    """A number from 0 to `below - 1` that only `what` decides."""
    text = "\x1f".join(str(part) for part in what)
    return int.from_bytes(sha256(text.encode()).digest()[:8]) % below


def pick(choices: Sequence[T], *what: object) -> T:
    """One of the choices, decided by `what`."""
    return choices[draw(len(choices), *what)]
