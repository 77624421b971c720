"""Employments on the wire. Money is text, days are plain dates, what the source does not say is null."""

from datetime import date
from typing import Any

from msgspec import Struct

from payproof.contract.money import Moment, Money, money
from payproof.contract.statement import (
    BankAccountBody,
    StatementBody,
    W2Body,
    bank_account_body,
    statement_body,
    w2_body,
)
from payproof.model.employment import (
    Address,
    AnnualSummary,
    Employment,
    IncomeUnit,
    JobType,
    PayFrequency,
    StoredEmployment,
)


class AddressBody(Struct, frozen=True, kw_only=True):
    street: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    country: str | None = None


class ProfileBody(Struct, frozen=True, kw_only=True):
    id: str
    created_at: Moment
    updated_at: Moment
    first_name: str | None
    last_name: str | None
    full_name: str | None
    middle_initials: str | None
    email: str | None
    ssn: str | None
    date_of_birth: date | None
    home_address: AddressBody


class CompanyBody(Struct, frozen=True, kw_only=True):
    name: str | None = None
    address: AddressBody = AddressBody()
    phone: str | None = None
    ein: str | None = None


class AnnualSummaryBody(Struct, frozen=True, kw_only=True):
    year: int
    gross_pay: Money | None
    net_pay: Money | None
    regular: Money | None
    overtime: Money | None
    bonus: Money | None
    commission: Money | None
    other_pay: Money | None


class EmploymentBody(Struct, frozen=True, kw_only=True):
    """An employment without what it pays."""

    id: str
    is_active: bool | None
    job_title: str | None
    job_type: JobType | None
    start_date: date | None
    original_hire_date: date | None
    end_date: date | None
    external_last_updated: date | None
    dates_from_statements: bool
    derived_fields: list[str]
    missing_data_fields: list[str]
    manager_name: str | None
    profile: ProfileBody
    company: CompanyBody


class IncomeEmploymentBody(EmploymentBody, frozen=True, kw_only=True):
    """An employment with what it pays."""

    income: Money | None
    income_unit: IncomeUnit | None
    pay_rate: Money | None
    pay_frequency: PayFrequency | None
    statements: list[StatementBody]
    annual_income_summary: list[AnnualSummaryBody]
    bank_accounts: list[BankAccountBody]
    w2s: list[W2Body]


def employment_body(stored: StoredEmployment) -> EmploymentBody:
    """Without income: derived and missing fields that only the other form has are not named."""
    keys = _keys(stored)
    for names in ("derived_fields", "missing_data_fields"):
        keys[names] = [name for name in keys[names] if name in EmploymentBody.__struct_fields__]
    return EmploymentBody(**keys)


def income_employment_body(stored: StoredEmployment, files: dict[str, str]) -> IncomeEmploymentBody:
    """`files` are addresses by the key of the raw they serve."""
    said = stored.employment
    return IncomeEmploymentBody(
        **_keys(stored),
        income=money(said.income),
        income_unit=said.income_unit,
        pay_rate=money(said.pay_rate),
        pay_frequency=said.pay_frequency,
        statements=[statement_body(one.id, one.statement, files) for one in stored.statements],
        annual_income_summary=[_summary(year) for year in said.annual_income_summary],
        bank_accounts=[bank_account_body(one) for one in said.allocations],
        w2s=[w2_body(one, files) for one in said.w2s],
    )


def _keys(stored: StoredEmployment) -> dict[str, Any]:
    said = stored.employment
    return {
        "id": stored.id,
        "is_active": said.is_active,
        "job_title": said.job_title,
        "job_type": said.job_type,
        "start_date": said.start_date,
        "original_hire_date": said.original_hire_date,
        "end_date": said.end_date,
        "external_last_updated": said.external_last_updated,
        "dates_from_statements": said.dates_from_statements,
        "derived_fields": list(said.derived_fields),
        "missing_data_fields": list(said.missing_data_fields),
        "manager_name": said.manager_name,
        "profile": _profile(stored, said),
        "company": _company(said),
    }


def _profile(stored: StoredEmployment, said: Employment) -> ProfileBody:
    """One profile for each employment; its id is also the `object_id` of its events."""
    person = said.profile
    return ProfileBody(
        id=stored.profile_id,
        created_at=stored.created_at,
        updated_at=stored.updated_at,
        first_name=person.first_name if person else None,
        last_name=person.last_name if person else None,
        full_name=person.full_name if person else None,
        middle_initials=person.middle_initials if person else None,
        email=person.email if person else None,
        ssn=person.ssn if person else None,
        date_of_birth=person.date_of_birth if person else None,
        home_address=_address(person.home_address if person else None),
    )


def _company(said: Employment) -> CompanyBody:
    company = said.company
    if company is None:
        return CompanyBody()
    return CompanyBody(name=company.name, address=_address(company.address), phone=company.phone, ein=company.ein)


def _address(address: Address | None) -> AddressBody:
    if address is None:
        return AddressBody()
    return AddressBody(
        street=address.street, city=address.city, state=address.state, zip=address.zip, country=address.country
    )


def _summary(year: AnnualSummary) -> AnnualSummaryBody:
    return AnnualSummaryBody(
        year=year.year,
        gross_pay=money(year.gross_pay),
        net_pay=money(year.net_pay),
        regular=money(year.regular),
        overtime=money(year.overtime),
        bonus=money(year.bonus),
        commission=money(year.commission),
        other_pay=money(year.other_pay),
    )
