"""Which statements tell of one account, and what kind of account it is."""

from collections import Counter
from datetime import date

from payproof.connectors.statement_file.merge import row_key
from payproof.documents.reading import Posting, Reading, Statement
from payproof.model.account import AccountType
from payproof.normalise.text import folded, letters_and_digits

SAME_ROWS = 0.9
"""Tables without an account tell of one where this share of the rows on the days of both is the same."""

_T = AccountType
_KINDS: dict[str, tuple[AccountType, str | None]] = {
    "checking": (_T.CHECKING, None),
    "checkings": (_T.CHECKING, None),
    "savings": (_T.SAVINGS, None),
    "saving": (_T.SAVINGS, None),
    "moneymrkt": (_T.SAVINGS, "MONEY_MARKET"),
    "moneymarket": (_T.SAVINGS, "MONEY_MARKET"),
    "money market": (_T.SAVINGS, "MONEY_MARKET"),
    "creditline": (_T.LINE_OF_CREDIT, None),
    "credit line": (_T.LINE_OF_CREDIT, None),
    "line of credit": (_T.LINE_OF_CREDIT, None),
    "cd": (_T.CD, None),
    "creditcard": (_T.CREDIT_CARD, None),
    "credit card": (_T.CREDIT_CARD, None),
    "loan": (_T.LOAN, None),
    "mortgage": (_T.MORTGAGE, None),
    "investment": (_T.INVESTMENT, None),
}
_LOANS: dict[str, tuple[AccountType, str | None]] = {
    "auto": (_T.LOAN, "AUTO"),
    "consumer": (_T.LOAN, "PERSONAL"),
    "mortgage": (_T.MORTGAGE, None),
    "commercial": (_T.LOAN, "SMALL_BUSINESS"),
    "student": (_T.LOAN, "STUDENT"),
    "homeequity": (_T.LOAN, "HOME_EQUITY"),
}


class Told:
    """One account, and what each file tells of it."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.files: list[list[Statement]] = []

    def statements(self) -> list[Statement]:
        return [statement for file in self.files for statement in file]

    def postings(self) -> list[list[Posting]]:
        """By file: within one, nothing is ever merged."""
        return [[posting for statement in file for posting in statement.postings] for file in self.files]

    def newest(self) -> Statement:
        """The statement with the latest balance, else the latest."""
        return max(self.statements(), key=lambda s: (s.balance is not None, s.balance_as_of or date.min))


def accounts_among(readings: list[Reading]) -> list[Told]:
    """The accounts in the order in which they are first told of."""
    found: dict[str, Told] = {}
    for reading in readings:
        mine: dict[str, list[Statement]] = {}
        for statement in reading.statements:
            mine.setdefault(_key(statement, reading.header or ""), []).append(statement)
        for key, statements in mine.items():
            key = _place(found, key, statements)
            found.setdefault(key, Told(key)).files.append(statements)
    return list(found.values())


def _key(statement: Statement, header: str) -> str:
    account = letters_and_digits(statement.account_id or "")
    if statement.source == "csv":
        return account or f"csv:{header}"
    bank = letters_and_digits(statement.bank_id or "")
    if not account:
        return f"ofx:{bank}:{statement.source}:{statement.account_type or ''}:{statement.currency or ''}"
    return f"{bank}:{account}" if bank else account


def _place(found: dict[str, Told], key: str, statements: list[Statement]) -> str:
    """The key under which these statements belong: a table may name its account without the bank, or not at all."""
    if key.startswith("csv:"):
        candidates = [key, *(other for other in found if other.startswith(f"{key}:"))]
        same = next((other for other in candidates if other in found and _overlaps(found[other], statements)), None)
        return same or (key if key not in found else f"{key}:{len(candidates) + 1}")
    if statements[0].source == "csv" and key not in found:
        named = [other for other in found if other.endswith(f":{key}") and not other.startswith("csv:")]
        return named[0] if len(named) == 1 else key
    return key


def _overlaps(told: Told, statements: list[Statement]) -> bool:
    """Whether the rows on the days that both cover are the same but for a tenth."""
    new = [posting for statement in statements for posting in statement.postings]
    for file in told.postings():
        first = max(min(p.on for p in file), min(p.on for p in new)) if file and new else date.max
        last = min(max(p.on for p in file), max(p.on for p in new)) if file and new else date.min
        ours = Counter(row_key(p) for p in file if first <= p.on <= last)
        theirs = Counter(row_key(p) for p in new if first <= p.on <= last)
        shared, most = (ours & theirs).total(), max(ours.total(), theirs.total())
        if most and shared >= SAME_ROWS * most:
            return True
    return False


def kind_of(statement: Statement) -> tuple[AccountType | None, str | None]:
    """Type and subtype, None where the source is silent: nothing is assumed."""
    printed = folded((statement.account_type or "").replace("_", " "))
    if statement.source == "card":
        return AccountType.CREDIT_CARD, None
    if statement.source == "investment":
        return AccountType.INVESTMENT, None
    if statement.source == "loan":
        return _LOANS.get(printed, (AccountType.LOAN, None))
    return _KINDS.get(printed, (None, None))


def mask_of(account_id: str | None) -> str | None:
    """The last four letters or digits of an account's number without words behind it, None where no digit is left."""
    parts = (account_id or "").split()
    while parts and not any(map(str.isdigit, parts[-1])):
        parts.pop()
    plain = letters_and_digits("".join(parts))[-4:]
    return plain if any(map(str.isdigit, plain)) else None


def number_of(account_id: str | None) -> str | None:
    """The account's number where it is printed whole."""
    hidden = account_id is None or any(sign in account_id.upper() for sign in ("*", "•", "XX"))
    return None if hidden or mask_of(account_id) is None else account_id


def routing_of(statement: Statement) -> str | None:
    """The routing number, where the bank's id is one: nine digits that check."""
    printed = (statement.bank_id or "").strip()
    if statement.source != "bank" or len(printed) != 9 or not (printed.isascii() and printed.isdigit()):
        return None
    weighed = sum(int(digit) * weight for digit, weight in zip(printed, (3, 7, 1) * 3, strict=True))
    return printed if weighed % 10 == 0 and weighed else None
