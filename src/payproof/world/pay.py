"""What a job pays: every pay statement of the years shown, with year-to-date totals that add up. Pure."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache

from payproof.world.calendar import PERIODS, Period, periods
from payproof.world.draw import draw, joined
from payproof.world.money import cents
from payproof.world.person import Job
from payproof.world.statement import Earned, Statement

YEARS = 3
"""Complete years that are shown beside the current one."""

_NOTHING = Decimal(0)
_ALL = Decimal(1)
_SOCIAL_SECURITY, _MEDICARE = Decimal("0.062"), Decimal("0.0145")
_FEDERAL, _STATE = Decimal("0.112"), Decimal("0.0475")


@lru_cache(maxsize=64)
def pay_history(seed: str, username: str, job: Job, today: date) -> tuple[Statement, ...]:
    """Statements since the first day shown, oldest first. The same arguments give the same statements, for ever."""
    first = max(job.start, date(today.year - YEARS, 1, 1))
    who = joined(seed, username, job.number)
    made: list[Statement] = []
    for period in periods(job.frequency, first, today):
        employed = _employed(job, period)
        if employed.start <= employed.end:
            made.append(_statement(who, job, period, employed, made[-1] if made else None))
    return tuple(made)


def shown(job: Job, history: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """The statements the portal lists, newest first: those of about a year."""
    return history[-PERIODS[job.frequency] :][::-1]


def _employed(job: Job, period: Period) -> Period:
    """The part of a period that lies within the employment; it ends before it starts where none does."""
    if job.start <= period.start and (job.end is None or period.end <= job.end):
        return period
    return Period(max(period.start, job.start), min(period.end, job.end or period.end), period.pay_on)


def _statement(who: str, job: Job, period: Period, employed: Period, last: Statement | None) -> Statement:
    earned = dict(_earned(who, job, period, employed))
    paid = {name: pay.amount for name, pay in earned.items()}
    gross = sum(paid.values(), _NOTHING)
    withheld = _withheld(job.health, job.retirement_percent, gross)
    if last is not None and last.period.pay_on.year != period.pay_on.year:
        last = None
    return Statement(
        check=f"{_first_digits(who)}{period.pay_on.toordinal() % 100000:05d}",
        period=employed,
        gross=gross,
        earned=earned,
        earned_ytd=_added(last.earned_ytd, paid) if last else paid,
        withheld=withheld,
        withheld_ytd=_added(last.withheld_ytd, withheld) if last else withheld,
    )


@lru_cache(maxsize=64)
def _first_digits(who: str) -> int:
    return 100 + draw(900, who)


def _added(ytd: dict[str, Decimal], paid: dict[str, Decimal]) -> dict[str, Decimal]:
    later = dict(ytd)
    for name, amount in paid.items():
        later[name] = later.get(name, _NOTHING) + amount
    return later


_FIRST_PAY_BY = {"Weekly": 7, "Biweekly": 14, "Semi-monthly": 15, "Monthly": 31}
"""The day of a month by which its first pay has come."""


def _earned(who: str, job: Job, period: Period, employed: Period) -> Iterator[tuple[str, Earned]]:
    when = joined(who, period.pay_on)
    is_whole = employed == period
    share = _ALL if is_whole else _days(employed) / _days(period)
    hours = job.full_hours if is_whole else cents(job.full_hours * share)
    if job.basis == "Salary":
        yield "Regular", Earned(cents(job.full_pay * share), job.hourly, hours)
    else:
        hours = max(hours - draw(5, when, "off"), _ALL) if is_whole else hours
        yield "Regular", Earned(cents(job.hourly * hours), job.hourly, hours)
    if is_whole and draw(100, when, "overtime") < job.overtime_percent:
        extra = Decimal(1 + draw(8, when, "extra"))
        yield "Overtime", Earned(cents(job.overtime * extra), job.overtime, extra)
    if job.commission:
        yield "Commission", Earned(cents(job.commission * draw(101, when, "sold") / 100))
    if job.bonus and period.pay_on.month == 3 and period.pay_on.day <= _FIRST_PAY_BY[job.frequency]:
        yield "Bonus", Earned(job.bonus)


def _days(period: Period) -> Decimal:
    return Decimal((period.end - period.start).days + 1)


@lru_cache(maxsize=512)
def _withheld(of_health: Decimal, retirement_percent: int, gross: Decimal) -> dict[str, Decimal]:
    """Rates in the size of real ones: the two social taxes are the statutory shares, the income taxes are flat."""
    health = min(of_health, cents(gross / 4))
    retirement = cents(gross * retirement_percent / 100)
    taxable = gross - health - retirement
    lines = {
        "Federal income tax": cents(taxable * _FEDERAL),
        "Social Security tax": cents((gross - health) * _SOCIAL_SECURITY),
        "Medicare tax": cents((gross - health) * _MEDICARE),
        "State income tax": cents(taxable * _STATE),
        "Health insurance": health,
        "401(k)": retirement,
    }
    return {name: amount for name, amount in lines.items() if amount}
