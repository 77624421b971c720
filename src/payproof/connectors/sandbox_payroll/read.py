"""The portal's pages as facts. Pure: the same raws give equal facts."""

from collections.abc import Mapping, Sequence
from decimal import InvalidOperation
from functools import lru_cache
from hashlib import md5

from payproof.connectors.sandbox_payroll.cell import Row, amount, day, digits, file_of, money, rows
from payproof.connectors.sandbox_payroll.known import known_page
from payproof.connectors.sandbox_payroll.statement import CATEGORIES, statements
from payproof.kit.connector import Depth
from payproof.kit.failure import SourceFailed
from payproof.kit.page import Page
from payproof.model.employment import (
    W2,
    Address,
    Allocation,
    AnnualSummary,
    Company,
    Employment,
    IncomeUnit,
    JobType,
    PayFrequency,
    Profile,
)
from payproof.model.fact import Facts
from payproof.model.raw import Raw

_JOB_TYPES = {"Full time": JobType.FULL_TIME, "Part time": JobType.PART_TIME}
_FREQUENCIES = {
    "Weekly": PayFrequency.WEEKLY,
    "Biweekly": PayFrequency.BIWEEKLY,
    "Semi-monthly": PayFrequency.SEMI_MONTHLY,
    "Monthly": PayFrequency.MONTHLY,
}


def read(raws: Sequence[Raw], depth: Depth) -> Facts:
    """Employments from the front page, filled in from each job's own page where there is one."""
    pages = tuple((raw.key, raw.body) for raw in raws if raw.media_type == "text/html")
    sums = tuple(
        (raw.key, md5(raw.body, usedforsecurity=False).hexdigest()) for raw in raws if raw.media_type != "text/html"
    )
    try:
        return Facts(employments=_employments(pages, sums))
    except (LookupError, ValueError, InvalidOperation) as fault:
        raise SourceFailed(reason="page_unreadable", detail=type(fault).__name__) from fault


@lru_cache(maxsize=64)
def _employments(pages: tuple[tuple[str, bytes], ...], sums: tuple[tuple[str, str], ...]) -> tuple[Employment, ...]:
    """Remembered as `known_page` is."""
    found = {key: known_page(body) for key, body in pages}
    home = found["home.html"]
    profile = _profile(home.lists["identity"])
    return tuple(
        _employment(name.removeprefix("job-"), job, profile, found, dict(sums))
        for name, job in home.lists.items()
        if name.startswith("job-")
    )


def _profile(shown: Row) -> Profile:
    return Profile(
        first_name=shown["First name"] or None,
        last_name=shown["Last name"] or None,
        full_name=shown["Full name"] or None,
        middle_initials=shown["Middle initial"] or None,
        email=shown["Email"] or None,
        ssn=digits(shown["Social Security number"]),
        date_of_birth=day(shown["Date of birth"]),
        home_address=_address(shown, "Street", "City", "State", "ZIP code"),
    )


def _employment(
    number: str, job: Row, profile: Profile, found: Mapping[str, Page], sums: Mapping[str, str]
) -> Employment:
    rate, _, unit = job["Pay rate"].partition(" per ")
    details = found.get(f"job/{number}.html")
    return Employment(
        key=number,
        is_active=job["Status"] == "Active",
        job_title=job["Job title"] or None,
        job_type=_JOB_TYPES.get(job["Job type"]),
        start_date=day(job["Start date"]),
        original_hire_date=day(job["First hired"]),
        end_date=day(job["End date"]),
        income=money(rate),
        income_unit={"year": IncomeUnit.YEARLY, "hour": IncomeUnit.HOURLY}[unit],
        pay_rate=money(job["Pay per period"]),
        pay_frequency=_FREQUENCIES[job["Pay frequency"]],
        external_last_updated=day(job["Last updated"]),
        manager_name=job["Manager"] or None,
        profile=profile,
        company=Company(
            name=job["Employer"],
            ein=job["EIN"] or None,
            phone=digits(job["Phone"]),
            address=_address(job, "Employer street", "Employer city", "Employer state", "Employer ZIP code"),
        ),
        statements=statements(number, job, found["home.html"], details, sums),
        annual_income_summary=tuple(map(_annual_summary, rows(details.tables["years"]))) if details else (),
        w2s=tuple(_w2(number, row, sums) for row in rows(details.tables["w2s"])) if details else (),
        allocations=tuple(map(_allocation, rows(details.tables["deposits"]))) if details else (),
    )


def _annual_summary(row: Row) -> AnnualSummary:
    named = [amount(row[name]) for name in CATEGORIES]
    gross = amount(row["Gross pay"])
    return AnnualSummary(
        year=int(row["Year"]),
        gross_pay=gross,
        net_pay=money(row["Net pay"]),
        regular=named[0],
        overtime=named[1],
        bonus=named[2],
        commission=named[3],
        other_pay=gross - sum(named),
    )


def _w2(number: str, row: Row, sums: Mapping[str, str]) -> W2:
    raw_key, md5sum = file_of(f"w2/{number}/{row['Year']}.pdf", sums)
    return W2(
        year=int(row["Year"]),
        wages=money(row["Wages"]),
        federal_tax=money(row["Federal income tax"]),
        social_security_wages=money(row["Social Security wages"]),
        social_security_tax=money(row["Social Security tax"]),
        medicare_wages=money(row["Medicare wages"]),
        medicare_tax=money(row["Medicare tax"]),
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
        deposit_value=None if kind == "E" else money(share.rstrip("%")),
    )


def _address(shown: Row, street: str, city: str, state: str, zip_code: str) -> Address:
    return Address(street=shown[street], city=shown[city], state=shown[state], zip=shown[zip_code], country="US")
