"""Which column of a CSV holds what, and what only the person can tell of it."""

from msgspec import Struct, field

from payproof.documents.csv_header import Header
from payproof.documents.csv_table import Row
from payproof.documents.reading import Ambiguity, Doubt

SHOWN = 60
"""Letters of a cell that a question shows."""
_SHOWN_ROWS = 5


class Layout(Struct, kw_only=True):
    """Which column holds what, by index."""

    dates: list[int]
    """The booking day first, then those to fall back on where it is empty."""
    amounts: list[int] = field(default_factory=list)
    debit: int | None = None
    credit: int | None = None
    balance: int | None = None
    available: int | None = None
    payee: list[int] = field(default_factory=list)
    payer: list[int] = field(default_factory=list)
    description: list[int] = field(default_factory=list)
    currency: int | None = None
    account: int | None = None
    account_name: int | None = None
    account_type: int | None = None
    sides: list[int] = field(default_factory=list)
    categories: list[int] = field(default_factory=list)
    status: int | None = None
    check: int | None = None
    mcc: int | None = None
    id: int | None = None

    def moved(self) -> list[int]:
        """The columns that say what moved; they share one decimal mark."""
        return [*self.amounts, *(index for index in (self.debit, self.credit) if index is not None)]

    def told(self) -> list[int]:
        """The columns of balances; they share one too, which may be another."""
        return [index for index in (self.balance, self.available) if index is not None]

    def money(self) -> list[int]:
        return [*self.moved(), *self.told()]


class Undecided(Exception):
    """Something that only the person can tell."""

    def __init__(self, doubts: list[Doubt]) -> None:
        self.doubts = doubts
        super().__init__("undecided")


def ambiguity(header: Header, rows: list[Row], doubts: list[Doubt]) -> Ambiguity:
    """What to ask, on the file's own first rows."""
    shown = [[cell[:SHOWN] for cell in cells[: header.width]] for _, cells in rows[:_SHOWN_ROWS]]
    titles = [column.title[:SHOWN] or f"Column {column.index + 1}" for column in header.columns]
    return Ambiguity(header=header.hash, doubts=doubts, sample=[titles, *shown])
