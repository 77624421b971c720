"""When people are paid: every pay period of a frequency, in order."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from itertools import takewhile

from msgspec import Struct

PERIODS = {"Weekly": 52, "Biweekly": 26, "Semi-monthly": 24, "Monthly": 12}
"""Pay periods of a year, by frequency."""

_MONDAY = date(2018, 1, 1).toordinal()


class Period(Struct, frozen=True):
    start: date
    end: date
    pay_on: date


@lru_cache(maxsize=64)
def periods(frequency: str, first: date, last_pay_on: date) -> tuple[Period, ...]:
    """The periods paid from `first` on, up to the one paid on or before `last_pay_on`. The same for many people."""
    if "week" in frequency.lower():
        every = _by_weeks(7 if frequency == "Weekly" else 14, first)
    else:
        every = _by_months(frequency, first)
    due = takewhile(lambda period: period.pay_on <= last_pay_on, every)
    return tuple(period for period in due if period.pay_on >= first)


def _by_weeks(days: int, first: date) -> Iterator[Period]:
    """Monday to Sunday, paid on the Friday after."""
    start = first.toordinal() - (first.toordinal() - _MONDAY) % days - days
    while True:
        end = start + days - 1
        yield Period(date.fromordinal(start), date.fromordinal(end), date.fromordinal(end + 5))
        start += days


def _by_months(frequency: str, first: date) -> Iterator[Period]:
    """The calendar month or its halves, paid on the last day."""
    year, month = first.year, first.month
    while True:
        ends = _month_end(year, month)
        middle = date(year, month, 15)
        if frequency == "Semi-monthly":
            yield Period(date(year, month, 1), middle, middle)
            yield Period(date(year, month, 16), ends, ends)
        else:
            yield Period(date(year, month, 1), ends, ends)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def _month_end(year: int, month: int) -> date:
    return (date(year + 1, 1, 1) if month == 12 else date(year, month + 1, 1)) - timedelta(days=1)
