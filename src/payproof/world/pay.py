"""What a job pays: every pay statement of the years shown, with year-to-date totals that add up. Pure."""

from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from payproof.world.calendar import PERIODS, Period, periods
from payproof.world.draw import draw
from payproof.world.person import Job
from payproof.world.statement import Line, Statement

YEARS = 3
"""Complete years that are shown beside the current one."""

_CENT = Decimal("0.01")


@lru_cache(maxsize=512)
def pay_history(seed: str, username: str, job: Job, today: date) -> tuple[Statement, ...]:
    """Statements since the first day shown, oldest first. The same arguments give the same statements, for ever."""
    first = max(job.start, date(today.year - YEARS, 1, 1))
    made: list[Statement] = []
    totals: dict[str, Decimal] = {}
    for period in periods(job.frequency, first, today):
        worked = _part_worked(job, period)
        if not worked:
            continue
        if made and made[-1].period.pay_on.year != period.pay_on.year:
            totals = {}
        made.append(_statement((seed, username, job.number), job, period, worked, totals))
    return tuple(made)


def shown(job: Job, history: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """The statements the portal lists, newest first: those of about a year."""
    return history[-PERIODS[job.frequency] :][::-1]


def _part_worked(job: Job, period: Period) -> Decimal:
    """The share of the period's days that lie within the employment."""
    begin = max(period.start, job.start)
    end = min(period.end, job.end or period.end)
    days = (end - begin).days + 1
    return Decimal(max(days, 0)) / Decimal((period.end - period.start).days + 1)


def _statement(
    who: tuple[str, str, str], job: Job, period: Period, worked: Decimal, totals: dict[str, Decimal]
) -> Statement:
    earned = tuple(_earned(who, job, period, worked))
    gross = sum((amount for _, amount, _, _ in earned), Decimal(0))
    for name, amount, _, _ in earned:
        totals[name] = totals.get(name, Decimal(0)) + amount
    withheld = _withheld(job.health, job.retirement_percent, gross)
    for name, amount in withheld:
        totals[name] = totals.get(name, Decimal(0)) + amount
    return Statement(
        check=_check_number(who, period),
        period=Period(max(period.start, job.start), min(period.end, job.end or period.end), period.pay_on),
        hours=sum((units for _, _, _, units in earned if units is not None), Decimal(0)),
        earnings=tuple(
            Line(name=name, amount=amount, ytd=totals[name], rate=rate, units=units)
            for name, amount, rate, units in earned
        )
        + _paid_earlier(totals, earned),
        deductions=tuple(Line(name=name, amount=amount, ytd=totals[name]) for name, amount in withheld),
    )


Earned = tuple[str, Decimal, Decimal | None, Decimal | None]
"""Name, amount, rate and units."""

_FIRST_PAY_BY = {"Weekly": 7, "Biweekly": 14, "Semi-monthly": 15, "Monthly": 31}
"""The day of a month by which its first pay has come."""

_EXTRAS = ("Overtime", "Bonus", "Commission")


def _paid_earlier(totals: dict[str, Decimal], earned: tuple[Earned, ...]) -> tuple[Line, ...]:
    """Extras of earlier periods of the year: nothing now, but part of the year to date."""
    now = {name for name, *_ in earned}
    return tuple(
        Line(name=name, amount=Decimal("0.00"), ytd=totals[name])
        for name in _EXTRAS
        if name in totals and name not in now
    )


def _earned(who: tuple[str, str, str], job: Job, period: Period, worked: Decimal) -> Iterator[Earned]:
    per_year = PERIODS[job.frequency]
    full_hours = cents(job.weekly_hours * 52 / per_year)
    hours = cents(full_hours * worked)
    hourly = job.rate
    if job.basis == "Hourly":
        hours = max(hours - Decimal(draw(5, *who, period.pay_on, "off")), Decimal(1)) if worked == 1 else hours
        yield "Regular", cents(hourly * hours), hourly, hours
    else:
        hourly = cents(job.rate / 52 / job.weekly_hours)
        yield "Regular", cents(job.rate / per_year * worked), hourly, hours
    if worked == 1 and draw(100, *who, period.pay_on, "overtime") < job.overtime_percent:
        extra = Decimal(1 + draw(8, *who, period.pay_on, "extra"))
        rate = cents(hourly * Decimal("1.5"))
        yield "Overtime", cents(rate * extra), rate, extra
    if job.commission:
        yield "Commission", cents(job.commission * draw(101, *who, period.pay_on, "sold") / 100), None, None
    if job.bonus and period.pay_on.month == 3 and period.pay_on.day <= _FIRST_PAY_BY[job.frequency]:
        yield "Bonus", job.bonus, None, None


@lru_cache(maxsize=4096)
def _withheld(of_health: Decimal, retirement_percent: int, gross: Decimal) -> tuple[tuple[str, Decimal], ...]:
    """Rates in the size of real ones: the two social taxes are the statutory shares, the income taxes are flat."""
    health = min(of_health, cents(gross / 4))
    retirement = cents(gross * retirement_percent / 100)
    taxable = gross - health - retirement
    lines = (
        ("Federal income tax", cents(taxable * Decimal("0.112"))),
        ("Social Security tax", cents((gross - health) * Decimal("0.062"))),
        ("Medicare tax", cents((gross - health) * Decimal("0.0145"))),
        ("State income tax", cents(taxable * Decimal("0.0475"))),
        ("Health insurance", health),
        ("401(k)", retirement),
    )
    return tuple((name, amount) for name, amount in lines if amount)


@lru_cache(maxsize=512)
def _first_digits(who: tuple[str, str, str]) -> int:
    return 100 + draw(900, *who)


def _check_number(who: tuple[str, str, str], period: Period) -> str:
    return f"{_first_digits(who)}{period.pay_on.toordinal() % 100000:05d}"


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP)
