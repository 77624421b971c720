"""What stands above the table of a CSV: the account, its kind and its currency."""

import re

from payproof.documents.account_number import number_in, number_in_line
from payproof.documents.csv_header import currency_in
from payproof.documents.csv_table import Row
from payproof.normalise.text import folded
from payproof.normalise.words import balance_kinds, begins_balance, cell_meanings, column_roles

TYPES = ("checking", "savings", "money_market", "credit_card", "line_of_credit", "loan", "mortgage", "investment", "cd")
_NUMBER = re.compile(r"(?=(?:\D*\d){4})[0-9xX*•.\-/ ]{4,40}")
_MASKED = re.compile(r"[*xX•]{2,}\s?\d{3,6}$")


class Preamble:
    """The lines above one table."""

    def __init__(self, rows: list[Row]) -> None:
        self.account_id: str | None = None
        self.account_type: str | None = None
        self.currency: str | None = None
        for _, cells in rows:
            if not any(begins_balance(cell) and folded(cell.split(":")[0]) in balance_kinds() for cell in cells[:1]):
                self._look(cells)

    def _look(self, cells: list[str]) -> None:
        parts = [part.strip() for cell in cells for part in cell.split(":", 1) if part.strip()]
        for at, part in enumerate(parts):
            roles = column_roles().get(folded(part), frozenset())
            value = parts[at + 1] if at + 1 < len(parts) else ""
            if "account_name" in roles and not self.account_id and (ending := _MASKED.search(value[-40:])):
                self.account_id = ending[0]
            if roles & {"account", "account_own"} and not self.account_id:
                self.account_id = number_in(value) or (value if _NUMBER.fullmatch(value) else None)
                self.currency = self.currency or currency_in(value)
            if "currency" in roles and not self.currency:
                self.currency = currency_in(value)
            self.account_type = self.account_type or account_type(part)
        if not self.account_id:
            self.account_id = number_in_line(cells)


def account_type(printed: str) -> str | None:
    """The kind of account that a label names, None where it names none or two."""
    found = cell_meanings().get(folded(printed), frozenset()) & set(TYPES)
    return next(iter(found)) if len(found) == 1 else None
