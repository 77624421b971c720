"""What a bank file says, in one neutral form: the JSON that leaves the isolated process and is kept for ever."""

from datetime import date
from decimal import Decimal

from msgspec import Struct


class Unreadable(Exception):
    """A file, or a line of it, that has no one reading. `reason` is in words for the person."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        self.reason = reason
        self.line = line
        super().__init__(reason)


class Posting(Struct, kw_only=True, omit_defaults=True, gc=False):
    """One line of a statement. `amount` is signed: negative where money left the account."""

    on: date
    amount: Decimal
    moved: bool = True
    """False where no cash moved: units came or went, or the bank declined."""
    from_table: bool = False
    """A row of a CSV, whose ids are not worth more than what it says."""
    external_id: str | None = None
    kind: str | None = None
    status: str = "POSTED"
    payee: str | None = None
    memo: str | None = None
    check_number: str | None = None
    merchant_category_code: int | None = None
    currency: str | None = None
    evidence: dict[str, str] = {}


class Statement(Struct, kw_only=True, omit_defaults=True):
    """One account as one file tells it."""

    source: str
    """`bank`, `card`, `loan`, `investment` or `csv`."""
    bank_id: str | None = None
    """The bank's, broker's or institution's id, whichever is printed."""
    account_id: str | None = None
    account_type: str | None = None
    """As printed: CHECKING, MONEYMRKT, AUTO, Girokonto."""
    nickname: str | None = None
    currency: str | None = None
    period_start: date | None = None
    period_end: date | None = None
    balance: Decimal | None = None
    balance_as_of: date | None = None
    balance_stamp: str | None = None
    """The as-of date with its time, as printed: two statements with one stamp speak of one moment."""
    balance_runs: bool = True
    """False where a table's balances do not move by its rows: they may be of another moment than they stand beside."""
    available: Decimal | None = None
    credit_limit: Decimal | None = None
    notes: list[str] = []
    postings: list[Posting] = []


class Reading(Struct, kw_only=True, omit_defaults=True):
    """One file."""

    format: str
    """`ofx` or `csv`."""
    listed: int = 0
    """Accounts that are named without a statement."""
    sign_on: str | None = None
    """The code with which the bank answered the sign-on, where it is not 0."""
    sign_on_message: str | None = None
    refused_statements: list[str] = []
    """What the bank said where it gave no statement."""
    header: str | None = None
    """Hash of a CSV's header: files of one exporter share it."""
    statements: list[Statement] = []


class Choice(Struct, kw_only=True, omit_defaults=True):
    value: str
    label: str
    example: str | None = None


class Doubt(Struct, kw_only=True, omit_defaults=True):
    """Something that only the person can tell: a column, an order, a mark."""

    about: str
    """`date`, `amount`, `description`, `order`, `mark` or `sign`."""
    choices: list[Choice]


class Ambiguity(Struct, kw_only=True):
    header: str
    doubts: list[Doubt]
    sample: list[list[str]]


class Refusal(Struct, kw_only=True, omit_defaults=True):
    reason: str
    line: int | None = None


class Outcome(Struct, kw_only=True, omit_defaults=True):
    """How the opening of one file ended: exactly one of the three."""

    reading: Reading | None = None
    ambiguity: Ambiguity | None = None
    refusal: Refusal | None = None
