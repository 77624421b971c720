"""Pay statements from the tables of a job."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from payproof.connectors.sandbox_payroll.cell import Row, amount, day, file_of, money, rows
from payproof.kit.page import Page
from payproof.model.employment import Deduction, Earning, PayCategory, PayStatement

CATEGORIES = {
    "Regular": PayCategory.REGULAR,
    "Overtime": PayCategory.OVERTIME,
    "Bonus": PayCategory.BONUS,
    "Commission": PayCategory.COMMISSION,
}
_DEDUCTIONS = {
    "Federal income tax": "fedtax",
    "Social Security tax": "socialsec",
    "Medicare tax": "medicare",
    "State income tax": "statetax",
    "Health insurance": "health",
    "401(k)": "retirement",
}

_NOTHING = {category + ending: Decimal("0.00") for category in PayCategory for ending in ("", "_ytd")}

YTD = " year to date"


def statements(
    number: str, job: Row, home: Page, details: Page | None, sums: Mapping[str, str]
) -> tuple[PayStatement, ...]:
    """Those that the job's page tells everything about; without that page, the list of the front page."""
    if details is None:
        return tuple(_statement(job, row) for row in rows(home.tables[f"pay-dates-{number}"]))
    earned, withheld = _by_check(details.tables["earnings"]), _by_check(details.tables["deductions"])
    return tuple(
        _detailed(_statement(job, row), row, earned[row["Check"]], withheld[row["Check"]], number, sums)
        for row in rows(details.tables["statements"])
    )


def _by_check(table: list[list[str]]) -> dict[str, Row]:
    return {row["Check"]: row for row in rows(table)}


def _statement(job: Row, row: Row) -> PayStatement:
    return PayStatement(
        key=row["Check"],
        check_number=row["Check"],
        pay_date=day(row["Pay date"]),
        period_start=day(row["Period begins"]),
        period_end=day(row["Period ends"]),
        gross_pay=money(row["Gross pay"]),
        net_pay=money(row["Net pay"]),
        basis_of_pay={"Salary": "S", "Hourly": "H"}[job["Pay basis"]],
    )


def _detailed(
    listed: PayStatement, row: Row, earned: Row, withheld: Row, number: str, sums: Mapping[str, str]
) -> PayStatement:
    """A statement of the list together with its earnings, its deductions and its PDF."""
    raw_key, md5sum = file_of(f"statement/{number}/{listed.key}.pdf", sums)
    return replace(
        listed,
        net_pay_ytd=money(row["Net pay year to date"]),
        gross_pay_ytd=money(row["Gross pay year to date"]),
        hours=money(row["Hours"]),
        raw_key=raw_key,
        md5sum=md5sum,
        **_earnings(earned),
        **_deductions(withheld),
    )


def _earnings(row: Row) -> dict[str, Any]:
    """Each earning and the sum of each category. Rate and hours belong to the period, not to the year to date."""
    now, so_far, sums = [], [], dict(_NOTHING)
    for name, paid, ytd in _lines(row):
        category = CATEGORIES.get(name, PayCategory.OTHER_PAY)
        rate, units = money(row[f"{name} rate"]), money(row[f"{name} hours"])
        if paid:
            now.append(Earning(name=name, amount=paid, category=category, rate=rate, units=units))
        so_far.append(Earning(name=name, amount=ytd, category=category))
        sums[category] += paid
        sums[category + "_ytd"] += ytd
    return {"earnings": tuple(now), "earnings_ytd": tuple(so_far), **sums}


def _deductions(row: Row) -> dict[str, Any]:
    now, so_far = [], []
    for name, withheld, ytd in _lines(row):
        category = _DEDUCTIONS.get(name)
        now.append(Deduction(name=name, amount=withheld, category=category))
        so_far.append(Deduction(name=name, amount=ytd, category=category))
    return {"deductions": tuple(now), "deductions_ytd": tuple(so_far)}


def _lines(row: Row) -> Iterator[tuple[str, Decimal, Decimal]]:
    """Name, amount and amount of the year to date of each earning or deduction that the row has."""
    for column, cell in row.items():
        if cell and column.endswith(YTD):
            name = column.removesuffix(YTD)
            yield name, amount(row[name]), amount(cell)
