"""What hangs on an employment on the wire: pay statements, W-2s, and where the pay goes (in the C/S, E/P/A dialect)."""

from datetime import date
from enum import StrEnum

from msgspec import Struct

from payproof.contract.money import Money, money
from payproof.model.employment import W2, Allocation, Deduction, Earning, PayCategory, PayStatement

_PAY = tuple(
    name + ending
    for name in ("net_pay", "gross_pay", "regular", "overtime", "bonus", "commission", "other_pay")
    for ending in ("", "_ytd")
)
_TAXES = (
    "wages",
    "federal_tax",
    "social_security_wages",
    "social_security_tax",
    "medicare_wages",
    "medicare_tax",
)


class BasisOfPay(StrEnum):
    SALARY = "S"
    HOURLY = "H"
    DAILY = "D"
    WEEKLY = "W"
    MONTHLY = "M"


class AllocationAccount(StrEnum):
    CHECKING = "C"
    SAVINGS = "S"


class AllocationType(StrEnum):
    ENTIRE = "E"
    PERCENT = "P"
    AMOUNT = "A"


class EarningBody(Struct, frozen=True):
    name: str
    amount: Money
    category: PayCategory
    rate: Money | None
    units: Money | None


class DeductionBody(Struct, frozen=True):
    name: str
    amount: Money
    category: str | None


class StatementBody(Struct, frozen=True, kw_only=True):
    id: str
    check_number: str | None
    pay_date: date | None
    period_start: date | None
    period_end: date | None
    net_pay: Money | None
    net_pay_ytd: Money | None
    gross_pay: Money | None
    gross_pay_ytd: Money | None
    regular: Money | None
    regular_ytd: Money | None
    overtime: Money | None
    overtime_ytd: Money | None
    bonus: Money | None
    bonus_ytd: Money | None
    commission: Money | None
    commission_ytd: Money | None
    other_pay: Money | None
    other_pay_ytd: Money | None
    hours: Money | None
    basis_of_pay: BasisOfPay | None
    earnings: list[EarningBody]
    earnings_ytd: list[EarningBody]
    deductions: list[DeductionBody]
    deductions_ytd: list[DeductionBody]
    md5sum: str | None
    file: str | None
    derived_fields: tuple[str, ...]
    missing_data_fields: tuple[str, ...]


class W2Body(Struct, frozen=True, kw_only=True):
    year: int
    wages: Money | None
    federal_tax: Money | None
    social_security_wages: Money | None
    social_security_tax: Money | None
    medicare_wages: Money | None
    medicare_tax: Money | None
    file: str | None
    md5sum: str | None


class BankAccountBody(Struct, frozen=True, kw_only=True):
    account_number: str
    routing_number: str
    account_name: str | None
    bank_name: str
    account_type: AllocationAccount
    deposit_type: AllocationType
    deposit_value: Money | None


def statement_body(statement_id: str, said: PayStatement, files: dict[str, str]) -> StatementBody:
    address = files.get(said.raw_key or "")
    return StatementBody(
        **{name: money(getattr(said, name)) for name in _PAY},
        id=statement_id,
        check_number=said.check_number,
        pay_date=said.pay_date,
        period_start=said.period_start,
        period_end=said.period_end,
        hours=money(said.hours),
        basis_of_pay=BasisOfPay(said.basis_of_pay) if said.basis_of_pay else None,
        earnings=[_earning(one) for one in said.earnings],
        earnings_ytd=[_earning(one) for one in said.earnings_ytd],
        deductions=[_deduction(one) for one in said.deductions],
        deductions_ytd=[_deduction(one) for one in said.deductions_ytd],
        md5sum=said.md5sum if address else None,
        file=address,
        derived_fields=said.derived_fields,
        missing_data_fields=said.missing_data_fields,
    )


def w2_body(said: W2, files: dict[str, str]) -> W2Body:
    address = files.get(said.raw_key or "")
    return W2Body(
        **{name: money(getattr(said, name)) for name in _TAXES},
        year=said.year,
        file=address,
        md5sum=said.md5sum if address else None,
    )


def bank_account_body(said: Allocation) -> BankAccountBody:
    return BankAccountBody(
        account_number=said.account_number,
        routing_number=said.routing_number,
        account_name=said.account_name,
        bank_name=said.bank_name,
        account_type=AllocationAccount(said.account_type),
        deposit_type=AllocationType(said.deposit_type),
        deposit_value=money(said.deposit_value),
    )


def _earning(said: Earning) -> EarningBody:
    return EarningBody(said.name, money(said.amount), said.category, money(said.rate), money(said.units))


def _deduction(said: Deduction) -> DeductionBody:
    return DeductionBody(said.name, money(said.amount), said.category)
