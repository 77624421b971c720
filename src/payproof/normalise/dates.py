"""Printed days: the orders and month names of many countries, to one date. A day is never shifted by a zone."""

import re
from datetime import date
from functools import cache, lru_cache

from payproof.normalise.text import folded, plain_spaces
from payproof.normalise.words import month_names

LONGEST = 60
FIXED = "fixed"
"""The order of a day that can be read in one way only."""

_TIME = r"(?:[T ,.]\s*(?:at )?\d{1,2}[:.hH]\d{2}.{0,24}|[T ]\d{4,6}.{0,16}|Z|[+-]\d{2}:\d{2})?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.: ])\s?(\d{{1,2}})\2\s?(\d{{1,2}})\.?{_TIME}")
_COMPACT = re.compile(rf"(\d{{2}})(\d{{2}})(\d{{2}})(\d{{2}})(?:\d{{4}}|\d{{6}})?{_TIME}")
_NUMBERS = re.compile(rf"(\d{{1,2}})([-/. ])\s?(\d{{1,2}})\2\s?(\d{{4}}|'?\d{{2}})\.?{_TIME}")
_WEEKDAY = r"(?:[^\W\d_]{2,12}[.,]*\s+)?"
_LINK = r"[\s\-/.,]*(?:de |del )?"
_NAMED = re.compile(
    rf"{_WEEKDAY}(\d{{1,2}})(?:st|nd|rd|th|er|º|°)?\.?{_LINK}([^\W\d_]{{3,12}})\.?{_LINK}(\d{{4}}|\d{{2}}){_TIME}"
)
_NAME_FIRST = re.compile(
    rf"{_WEEKDAY}([^\W\d_]{{3,12}})\.?[\s\-]*(\d{{1,2}})(?:st|nd|rd|th)?[\s,\-]+(\d{{4}}|\d{{2}}){_TIME}"
)
_NAME_BETWEEN = re.compile(rf"(\d{{4}})[\s\-/.]+([^\W\d_]{{3,12}})\.?[\s\-/.]+(\d{{1,2}}){_TIME}")
_AS_OF = re.compile(r" as of [\d/.-]{6,10}$")
"""Brokers print the day of booking, then the day for which it counts."""
_OFX = re.compile(
    r"(\d{4})(\d{2})(\d{2})(?:[T ]?(?:\d{2}){1,3}(?:[.,:]\d{0,9})?)?\s*(?:\[[^\[\]]{0,40}\]?|[+-]\d{1,2}:?\d{0,2}|Z)?"
)


def real_date(year: int, month: int, day: int) -> date | None:
    """The date, or None where there is no such day or no bank."""
    try:
        return date(year, month, day) if 1900 <= year <= 2199 else None
    except ValueError:
        return None


def ofx_day(text: str) -> date | None:
    """The printed day of an OFX date, with any time, fraction and zone behind it; None where it is not one."""
    found = _OFX.fullmatch(text)
    if found:
        return real_date(int(found[1]), int(found[2]), int(found[3]))
    found = _YEAR_FIRST.fullmatch(text) if len(text) <= LONGEST else None
    return real_date(int(found[1]), int(found[3]), int(found[4])) if found else None


@lru_cache(maxsize=1 << 14)
def readings(text: str) -> dict[str, date]:
    """Every way to read a printed day: by `dmy`, `mdy`, `ymd` where the order matters, else under `FIXED`."""
    cell = " ".join(plain_spaces(text).split()) if len(text) <= 4 * LONGEST else ""
    cell = _AS_OF.sub("", cell)
    if not cell or len(cell) > LONGEST:
        return {}
    if found := _YEAR_FIRST.fullmatch(cell):
        return _fixed(int(found[1]), int(found[3]), int(found[4]))
    if found := _NUMBERS.fullmatch(cell):
        return _by_order(int(found[1]), int(found[3]), found[4].lstrip("'"), dotted=found[2] == ".")
    if found := _COMPACT.fullmatch(cell):
        return _compact(found[1], found[2], found[3], found[4])
    if "[" in cell and (on := ofx_day(cell)):
        return {FIXED: on}
    return _named(cell)


def _fixed(year: int, month: int, day: int) -> dict[str, date]:
    on = real_date(year, month, day)
    return {FIXED: on} if on else {}


def _by_order(first: int, second: int, last: str, *, dotted: bool) -> dict[str, date]:
    """Dots stand only between day, month and year in this order: no country prints months first with dots."""
    year = _full_year(last)
    found = {"dmy": real_date(year, second, first)}
    if not dotted:
        found["mdy"] = real_date(year, first, second)
    if len(last) == 2 and not any(found.values()):
        found["ymd"] = real_date(_full_year(f"{first:02}"), second, int(last))
    return {order: on for order, on in found.items() if on}


def _compact(a: str, b: str, c: str, d: str) -> dict[str, date]:
    if a in ("19", "20", "21") and (on := real_date(int(a + b), int(c), int(d))):
        return {FIXED: on}
    return _by_order(int(a), int(b), c + d, dotted=False)


def _named(cell: str) -> dict[str, date]:
    if found := _NAMED.fullmatch(cell):
        day, name, year = found[1], found[2], found[3]
    elif found := _NAME_FIRST.fullmatch(cell):
        name, day, year = found[1], found[2], found[3]
    elif found := _NAME_BETWEEN.fullmatch(cell):
        year, name, day = found[1], found[2], found[3]
    else:
        return {}
    month = _months().get(folded(name))
    return _fixed(_full_year(year), month, int(day)) if month else {}


def _full_year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (1900 if year >= 70 else 2000)


@cache
def _months() -> dict[str, int]:
    """Month names of every language with their unmistakable beginnings of three letters and more."""
    meant: dict[str, set[int]] = {}
    for names in month_names():
        for number, name in enumerate(names, 1):
            for length in range(3, len(name) + 1):
                meant.setdefault(name[:length], set()).add(number)
    return {name: numbers.pop() for name, numbers in meant.items() if len(numbers) == 1}
