"""Payroll facts: who works where, for how much, and how it was paid. Money is Decimal dollars, days are dates."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct


class JobType(StrEnum):
    FULL_TIME = "F"
    PART_TIME = "P"
    SEASONAL = "S"
    DAILY = "D"
    CONTRACT = "C"
    VOLUNTEER = "V"


class IncomeUnit(StrEnum):
    YEARLY = "YEARLY"
    MONTHLY = "MONTHLY"
    WEEKLY = "WEEKLY"
    DAILY = "DAILY"
    HOURLY = "HOURLY"


class PayFrequency(StrEnum):
    MONTHLY = "M"
    SEMI_MONTHLY = "SM"
    WEEKLY = "W"
    BIWEEKLY = "BW"
    ANNUALLY = "A"
    SEMI_ANNUALLY = "SA"
    COMMISSION = "C"


class PayCategory(StrEnum):
    REGULAR = "regular"
    OVERTIME = "overtime"
    BONUS = "bonus"
    COMMISSION = "commission"
    OTHER_PAY = "other_pay"


class Address(Struct, frozen=True, kw_only=True):
    street: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    country: str | None = None


class Profile(Struct, frozen=True, kw_only=True):
    first_name: str | None = None
    last_name: str | None = None
    full_name: str | None = None
    middle_initials: str | None = None
    email: str | None = None
    ssn: str | None = None
    """Nine digits, or the last four where the source shows no more."""
    date_of_birth: date | None = None
    home_address: Address | None = None


class Company(Struct, frozen=True, kw_only=True):
    name: str | None = None
    address: Address | None = None
    phone: str | None = None
    ein: str | None = None


class Earning(Struct, frozen=True, kw_only=True):
    name: str
    amount: Decimal
    category: PayCategory
    rate: Decimal | None = None
    units: Decimal | None = None


class Deduction(Struct, frozen=True, kw_only=True):
    name: str
    amount: Decimal
    category: str | None = None


class PayStatement(Struct, frozen=True, kw_only=True):
    key: str
    """Unique within the employment, stable between visits (the check number where there is one)."""
    check_number: str | None = None
    pay_date: date | None = None
    period_start: date | None = None
    period_end: date | None = None
    net_pay: Decimal | None = None
    net_pay_ytd: Decimal | None = None
    gross_pay: Decimal | None = None
    gross_pay_ytd: Decimal | None = None
    regular: Decimal | None = None
    regular_ytd: Decimal | None = None
    overtime: Decimal | None = None
    overtime_ytd: Decimal | None = None
    bonus: Decimal | None = None
    bonus_ytd: Decimal | None = None
    commission: Decimal | None = None
    commission_ytd: Decimal | None = None
    other_pay: Decimal | None = None
    other_pay_ytd: Decimal | None = None
    hours: Decimal | None = None
    basis_of_pay: str | None = None
    """S salary, H hourly, D daily, W weekly, M monthly."""
    earnings: tuple[Earning, ...] = ()
    earnings_ytd: tuple[Earning, ...] = ()
    deductions: tuple[Deduction, ...] = ()
    deductions_ytd: tuple[Deduction, ...] = ()
    raw_key: str | None = None
    """The raw that is this statement's PDF."""
    md5sum: str | None = None
    derived_fields: tuple[str, ...] = ()
    missing_data_fields: tuple[str, ...] = ()


class AnnualSummary(Struct, frozen=True, kw_only=True):
    year: int
    gross_pay: Decimal | None = None
    net_pay: Decimal | None = None
    regular: Decimal | None = None
    overtime: Decimal | None = None
    bonus: Decimal | None = None
    commission: Decimal | None = None
    other_pay: Decimal | None = None


class W2(Struct, frozen=True, kw_only=True):
    year: int
    wages: Decimal | None = None
    federal_tax: Decimal | None = None
    social_security_wages: Decimal | None = None
    social_security_tax: Decimal | None = None
    medicare_wages: Decimal | None = None
    medicare_tax: Decimal | None = None
    raw_key: str | None = None
    md5sum: str | None = None


class Allocation(Struct, frozen=True, kw_only=True):
    """Where a part of the pay goes. The wire calls it a bank account."""

    account_number: str
    routing_number: str
    bank_name: str
    account_type: str
    """C checking or S savings."""
    deposit_type: str
    """E entire, P percent, A fixed amount."""
    deposit_value: Decimal | None = None
    account_name: str | None = None


class Employment(Struct, frozen=True, kw_only=True):
    key: str
    """Unique within the link, stable between visits: the source's own id, or employer and start."""
    is_active: bool | None = None
    job_title: str | None = None
    job_type: JobType | None = None
    start_date: date | None = None
    original_hire_date: date | None = None
    end_date: date | None = None
    income: Decimal | None = None
    income_unit: IncomeUnit | None = None
    pay_rate: Decimal | None = None
    pay_frequency: PayFrequency | None = None
    external_last_updated: date | None = None
    dates_from_statements: bool = False
    derived_fields: tuple[str, ...] = ()
    missing_data_fields: tuple[str, ...] = ()
    manager_name: str | None = None
    profile: Profile | None = None
    company: Company | None = None
    annual_income_summary: tuple[AnnualSummary, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    w2s: tuple[W2, ...] = ()
    statements: tuple[PayStatement, ...] = ()


class StoredStatement(Struct, frozen=True):
    id: str
    statement: PayStatement


class StoredEmployment(Struct, frozen=True):
    id: str
    profile_id: str
    employment: Employment
    """Without its statements: those are beside it."""
    statements: tuple[StoredStatement, ...]
    created_at: datetime
    updated_at: datetime
