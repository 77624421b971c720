"""How the portal writes money, days and files in the cells of its tables."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache

Row = dict[str, str]
"""A table row by column heading."""


def rows(table: list[list[str]]) -> list[Row]:
    heading, *body = table
    return [dict(zip(heading, cells, strict=True)) for cells in body]


def money(text: str) -> Decimal | None:
    return amount(text) if text else None


@lru_cache(maxsize=1024)
def amount(text: str) -> Decimal:
    """Remembered, since more than half of a page of pay are amounts that it has said before."""
    return Decimal(text.replace("$", "").replace(",", ""))


def day(text: str) -> date | None:
    """A date as the portal writes it: month/day/year."""
    return date(int(text[6:]), int(text[:2]), int(text[3:5])) if text else None


def digits(text: str) -> str | None:
    return "".join(letter for letter in text if letter.isdigit()) or None


def file_of(key: str, sums: Mapping[str, str]) -> tuple[str | None, str | None]:
    """The key and the MD5 sum of a file, if it was among what we brought home."""
    return (key, sums[key]) if key in sums else (None, None)
