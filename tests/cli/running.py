"""What a command said when it had ended."""

from collections.abc import Callable
from typing import NamedTuple


class Told(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Told]
