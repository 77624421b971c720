"""The portal's pages as facts. Pure: the same raws give equal facts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from hashlib import md5

from msgspec.structs import replace

from payproof.kit.connector import Depth
from payproof.kit.failure import SourceFailed
from payproof.kit.page import Page, read_page
from payproof.model.employment import (
    W2,
    Address,
    Allocation,
    AnnualSummary,
    Company,
    Deduction,
    Earning,
    Employment,
    IncomeUnit,
    JobType,
    PayCategory,
    PayFrequency,
    PayStatement,
    Profile,
)
from payproof.model.fact import Facts
from payproof.model.raw import Raw

Row = dict[str, str]
"""A table row by column heading."""

YTD = " year to date"

_JOB_TYPES = {"Full time": JobType.FULL_TIME, "Part time": JobType.PART_TIME}
_FREQUENCIES = {
    "Weekly": PayFrequency.WEEKLY,
    "Biweekly": PayFrequency.BIWEEKLY,
    "Semi-monthly": PayFrequency.SEMI_MONTHLY,
    "Monthly": PayFrequency.MONTHLY,
}
_CATEGORIES = {
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


def read(raws: Sequence[Raw], depth: Depth) -> Facts:
    """Employments from the front page, filled in from each job's own page where there is one."""
    found = {raw.key: raw for raw in raws}
    try:
        home = _page(found["home.html"])
        profile = _profile(home.lists["identity"])
        employments = tuple(
            _employment(name.removeprefix("job-"), job, home, profile, found)
            for name, job in home.lists.items()
            if name.startswith("job-")
        )
    except (LookupError, ValueError, InvalidOperation) as fault:
        raise SourceFailed(reason="page_unreadable", detail=type(fault).__name__) from fault
    return Facts(employments=employments)


def _page(raw: Raw) -> Page:
    return read_page(raw.body.decode())


def _profile(shown: Row) -> Profile:
    return Profile(
        first_name=shown["First name"] or None,
        last_name=shown["Last name"] or None,
        full_name=shown["Full name"] or None,
        middle_initials=shown["Middle initial"] or None,
        email=shown["Email"] or None,
        ssn=_digits(shown["Social Security number"]),
        date_of_birth=_day(shown["Date of birth"]),
        home_address=_address(shown, "Street", "City", "State", "ZIP code"),
    )


def _employment(number: str, job: Row, home: Page, profile: Profile, found: Mapping[str, Raw]) -> Employment:
    rate, _, unit = job["Pay rate"].partition(" per ")
    details = _page(found[f"job/{number}.html"]) if f"job/{number}.html" in found else None
    listed = _rows((details or home).tables["statements" if details else f"pay-dates-{number}"])
    earned, withheld = (_by_check(details, name) for name in ("earnings", "deductions"))
    return Employment(
        key=number,
        is_active=job["Status"] == "Active",
        job_title=job["Job title"] or None,
        job_type=_JOB_TYPES.get(job["Job type"]),
        start_date=_day(job["Start date"]),
        original_hire_date=_day(job["First hired"]),
        end_date=_day(job["End date"]),
        income=_money(rate),
        income_unit={"year": IncomeUnit.YEARLY, "hour": IncomeUnit.HOURLY}[unit],
        pay_rate=_money(job["Pay per period"]),
        pay_frequency=_FREQUENCIES[job["Pay frequency"]],
        external_last_updated=_day(job["Last updated"]),
        manager_name=job["Manager"] or None,
        profile=profile,
        company=Company(
            name=job["Employer"],
            ein=job["EIN"] or None,
            phone=_digits(job["Phone"]),
            address=_address(job, "Employer street", "Employer city", "Employer state", "Employer ZIP code"),
        ),
        statements=tuple(
            _detailed(_statement(job, row), row, earned[row["Check"]], withheld[row["Check"]], number, found)
            if details
            else _statement(job, row)
            for row in listed
        ),
        annual_income_summary=tuple(map(_annual_summary, _rows(details.tables["years"]))) if details else (),
        w2s=tuple(_w2(number, row, found) for row in _rows(details.tables["w2s"])) if details else (),
        allocations=tuple(map(_allocation, _rows(details.tables["deposits"]))) if details else (),
    )


def _by_check(details: Page | None, table: str) -> dict[str, Row]:
    """A table of a job's page by the check its rows belong to."""
    return {row["Check"]: row for row in _rows(details.tables[table])} if details else {}


def _statement(job: Row, row: Row) -> PayStatement:
    return PayStatement(
        key=row["Check"],
        check_number=row["Check"],
        pay_date=_day(row["Pay date"]),
        period_start=_day(row["Period begins"]),
        period_end=_day(row["Period ends"]),
        gross_pay=_money(row["Gross pay"]),
        net_pay=_money(row["Net pay"]),
        basis_of_pay={"Salary": "S", "Hourly": "H"}[job["Pay basis"]],
    )


def _detailed(
    listed: PayStatement, row: Row, earned: Row, withheld: Row, number: str, found: Mapping[str, Raw]
) -> PayStatement:
    """A statement of the list together with its earnings, its deductions and its PDF."""
    raw_key, md5sum = _file(f"statement/{number}/{listed.key}.pdf", found)
    now, so_far = _earnings(earned, ""), _earnings(earned, YTD)
    return replace(
        listed,
        net_pay_ytd=_money(row["Net pay year to date"]),
        gross_pay_ytd=_money(row["Gross pay year to date"]),
        hours=_money(row["Hours"]),
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
            amount=_amount(row[name + column]),
            category=_CATEGORIES.get(name, PayCategory.OTHER_PAY),
            rate=None if column else _money(row[f"{name} rate"]),
            units=None if column else _money(row[f"{name} hours"]),
        )
        for name in _named(row)
    )


def _deductions(row: Row, column: str) -> tuple[Deduction, ...]:
    return tuple(
        Deduction(name=name, amount=_amount(row[name + column]), category=_DEDUCTIONS.get(name)) for name in _named(row)
    )


def _annual_summary(row: Row) -> AnnualSummary:
    named = [_amount(row[name]) for name in _CATEGORIES]
    gross = _amount(row["Gross pay"])
    return AnnualSummary(
        year=int(row["Year"]),
        gross_pay=gross,
        net_pay=_money(row["Net pay"]),
        regular=named[0],
        overtime=named[1],
        bonus=named[2],
        commission=named[3],
        other_pay=gross - sum(named),
    )


def _w2(number: str, row: Row, found: Mapping[str, Raw]) -> W2:
    raw_key, md5sum = _file(f"w2/{number}/{row['Year']}.pdf", found)
    return W2(
        year=int(row["Year"]),
        wages=_money(row["Wages"]),
        federal_tax=_money(row["Federal income tax"]),
        social_security_wages=_money(row["Social Security wages"]),
        social_security_tax=_money(row["Social Security tax"]),
        medicare_wages=_money(row["Medicare wages"]),
        medicare_tax=_money(row["Medicare tax"]),
        raw_key=raw_key,
        md5sum=md5sum,
    )


def _allocation(row: Row) -> Allocation:
    share = row["Share"]
    kind = "P" if share.endswith("%") else "A" if share.startswith("$") else "E"
    return Allocation(
        account_number=row["Account number"],
        routing_number=row["Routing number"],
        bank_name=row["Bank"],
        account_type={"Checking": "C", "Savings": "S"}[row["Account type"]],
        deposit_type=kind,
        deposit_value=None if kind == "E" else _money(share.rstrip("%")),
    )


def _file(key: str, found: Mapping[str, Raw]) -> tuple[str | None, str | None]:
    """The key and the MD5 sum of a file, if it was among what we brought home."""
    raw = found.get(key)
    return (key, md5(raw.body, usedforsecurity=False).hexdigest()) if raw else (None, None)


def _rows(table: list[list[str]]) -> list[Row]:
    heading, *body = table
    return [dict(zip(heading, cells, strict=True)) for cells in body]


def _address(shown: Row, street: str, city: str, state: str, zip_code: str) -> Address:
    return Address(street=shown[street], city=shown[city], state=shown[state], zip=shown[zip_code], country="US")


def _money(text: str) -> Decimal | None:
    return _amount(text) if text else None


def _amount(text: str) -> Decimal:
    return Decimal(text.replace("$", "").replace(",", ""))


def _sum(earnings: Iterable[Earning], category: PayCategory) -> Decimal:
    return sum((line.amount for line in earnings if line.category is category), Decimal("0.00"))


def _day(text: str) -> date | None:
    """A date as the portal writes it: month/day/year."""
    return date(int(text[6:]), int(text[:2]), int(text[3:5])) if text else None


def _digits(text: str) -> str | None:
    return "".join(letter for letter in text if letter.isdigit()) or None
