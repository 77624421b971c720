"""Bank facts: accounts and what moved on them. Money is Decimal units of the account's currency."""

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct


class AccountType(StrEnum):
    CHECKING = "CHECKING"
    SAVINGS = "SAVINGS"
    CREDIT_CARD = "CREDIT_CARD"
    LOAN = "LOAN"
    LINE_OF_CREDIT = "LINE_OF_CREDIT"
    MORTGAGE = "MORTGAGE"
    INVESTMENT = "INVESTMENT"
    CD = "CD"


class TransactionType(StrEnum):
    CREDIT = "CREDIT"
    DEBIT = "DEBIT"
    MEMO = "MEMO"


class Transaction(Struct, frozen=True, kw_only=True):
    key: str
    """Unique within the account and stable between files that overlap. Sealed like the FITID it may hold."""
    external_id: str | None = None
    """The bank's own id of the posting (FITID)."""
    amount: Decimal
    """Never negative; the sign is in `type`."""
    type: TransactionType
    status: str = "POSTED"
    currency_code: str | None = None
    description: str | None = None
    memo: str | None = None
    merchant_category_code: int | None = None
    check_number: str | None = None
    posted_on: date
    """The printed day, never shifted by a zone."""
    evidence: dict[str, str] = {}
    """What the source said that has no field of its own (TRNTYPE, units, security id)."""


class Account(Struct, frozen=True, kw_only=True):
    key: str
    """Bank id (or ORG/FID, or BROKERID) and account id: the same in every file. Hashed before it is stored."""
    type: AccountType | None = None
    """None where the source is silent; CHECKING is never assumed."""
    subtype: str | None = None
    mask: str | None = None
    nickname: str | None = None
    currency_code: str | None = None
    balance: Decimal | None = None
    available_balance: Decimal | None = None
    credit_limit: Decimal | None = None
    balance_as_of: date | None = None
    account_number: str | None = None
    routing_number: str | None = None
    period_start: date | None = None
    period_end: date | None = None
    notes: tuple[str, ...] = ()
    """Things a careful reader would remark on that are no ground for suspicion."""
    transactions: tuple[Transaction, ...] = ()


class StoredAccount(Struct, frozen=True):
    id: str
    account: Account
    """Without its transactions."""
    created_at: datetime
    updated_at: datetime


class StoredTransaction(Struct, frozen=True):
    id: str
    account_id: str
    transaction: Transaction
    created_at: datetime
    updated_at: datetime


def posted_at(on: date) -> datetime:
    """The wire's form of a printed day: that day at midnight UTC."""
    return datetime(on.year, on.month, on.day, tzinfo=UTC)
