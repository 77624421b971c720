"""Pay statements from the tables of a job."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

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
    now, so_far = _earnings(earned, ""), _earnings(earned, YTD)
    return replace(
        listed,
        net_pay_ytd=money(row["Net pay year to date"]),
        gross_pay_ytd=money(row["Gross pay year to date"]),
        hours=money(row["Hours"]),
        earnings=tuple(line for line in now if line.amount),
        earnings_ytd=so_far,
        deductions=_deductions(withheld, ""),
        deductions_ytd=_deductions(withheld, YTD),
        raw_key=raw_key,
        md5sum=md5sum,
        **{category.value: _sum(now, category) for category in PayCategory},
        **{f"{category.value}_ytd": _sum(so_far, category) for category in PayCategory},
    )


def _named(row: Row) -> list[str]:
    """What a row of earnings or deductions has amounts of: each name has a column for the year to date as well."""
    return [name.removesuffix(YTD) for name, cell in row.items() if name.endswith(YTD) and cell]


def _earnings(row: Row, column: str) -> tuple[Earning, ...]:
    """Rate and hours belong to the period and are left out of the year to date."""
    return tuple(
        Earning(
            name=name,
            amount=amount(row[name + column]),
            category=CATEGORIES.get(name, PayCategory.OTHER_PAY),
            rate=None if column else money(row[f"{name} rate"]),
            units=None if column else money(row[f"{name} hours"]),
        )
        for name in _named(row)
    )


def _deductions(row: Row, column: str) -> tuple[Deduction, ...]:
    return tuple(
        Deduction(name=name, amount=amount(row[name + column]), category=_DEDUCTIONS.get(name)) for name in _named(row)
    )


def _sum(earnings: Iterable[Earning], category: PayCategory) -> Decimal:
    return sum((line.amount for line in earnings if line.category is category), Decimal("0.00"))
