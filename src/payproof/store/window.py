"""Which part of a list is wanted."""

from msgspec import Struct


class Window(Struct, frozen=True):
    limit: int = 100
    offset: int = 0
