"""The closing balance of a table: beside its newest posting, or printed outside of the postings."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

from payproof.documents.csv_amounts import Amounts
from payproof.documents.csv_balance import Told
from payproof.documents.csv_layout import Layout
from payproof.documents.csv_table import Row
from payproof.documents.reading import Statement

UNCLEAR = "closing_balance_unclear"
CONTRADICTED = "balances_contradict"


class Closing:
    """Finds the balance after the newest posting of one file's accounts."""

    def __init__(self, rows: list[Row], days: list[date], amounts: Amounts, layout: Layout) -> None:
        self.rows = rows
        self.days = days
        self.amounts = amounts
        self.moves = [amount for amount, _ in amounts.signed]
        self.layout = layout

    def by_rows(self, statement: Statement, places: list[int]) -> None:
        """The balance column in the row of the newest posting."""
        if self.layout.balance is None or len({posting.currency for posting in statement.postings}) > 1:
            return
        column = self.layout.balance
        posted = (at for at, posting in zip(places, statement.postings, strict=True) if posting.status == "POSTED")
        told = [at for at in posted if self.rows[at][1][column]]
        if not told:
            return
        newest = self._newest(told)
        if newest is None:
            statement.notes.append(UNCLEAR)
            return
        line, cells = self.rows[newest]
        statement.balance = self.amounts.value(self.layout.balance, line, cells)
        statement.available = self.amounts.value(self.layout.available, line, cells)
        statement.balance_as_of = None if self._stands_still(told) else self.days[newest]
        statement.balance_runs = len(told) > 1 and (self._chains(told) or self._chains(told[::-1]))

    def _newest(self, places: list[int]) -> int | None:
        """The row that was written last: banks list oldest first or newest first, which days or balances prove."""
        printed = [self.days[at] for at in places]
        if len(places) == 1 or printed[0] < printed[-1]:
            return places[-1] if _rises(printed) else self._of_last_day(places)
        if printed[0] > printed[-1]:
            return places[0] if _rises(printed[::-1]) else self._of_last_day(places)
        rising, falling = self._chains(places), self._chains(places[::-1])
        if rising == falling:
            return self._of_last_day(places)
        return places[-1] if rising else places[0]

    def _stands_still(self, places: list[int]) -> bool:
        """Whether the balance of the whole file is repeated in every row, of a day that no row tells."""
        printed = {self.rows[at][1][self.layout.balance or 0] for at in places}
        return len(printed) == 1 and sum(bool(self.moves[at]) for at in places) > 1

    def _chains(self, places: list[int]) -> bool:
        balances = [self.amounts.value(self.layout.balance, *self.rows[at]) or Decimal(0) for at in places]
        moves = zip(balances, balances[1:], (self.moves[at] for at in places[1:]), strict=False)
        return all(later - earlier == amount for earlier, later, amount in moves)

    def _of_last_day(self, places: list[int]) -> int | None:
        last: date = max(self.days[at] for at in places)
        found = [at for at in places if self.days[at] == last]
        same = len({self.amounts.value(self.layout.balance, *self.rows[at]) for at in found}) == 1
        return found[0] if same else None


def take_printed(statement: Statement, told: list[Told]) -> None:
    """Balances outside of the postings count where the rows say none, or an older one. Two for one day contradict."""
    fitting = [one for one in told if None in (one.currency, statement.currency) or one.currency == statement.currency]
    statement.currency = statement.currency or _only({one.currency for one in fitting if one.currency})
    closing = _latest([one for one in fitting if one.kind == "closing"])
    available = _latest([one for one in fitting if one.kind == "available"])
    if len(available) == 1 and statement.available is None:
        statement.available = available[0].amount
    if not closing:
        return
    days = {one.on for one in closing}
    same_day = statement.balance is not None and days == {statement.balance_as_of}
    if len(closing) > 1 or (same_day and closing[0].amount != statement.balance):
        statement.balance = statement.balance_as_of = None
        statement.notes.append(CONTRADICTED)
    elif statement.balance is None or (closing[0].on or date.min) > (statement.balance_as_of or date.min):
        statement.balance, statement.balance_as_of = closing[0].amount, closing[0].on
        statement.balance_runs = False
        statement.notes = [note for note in statement.notes if note != UNCLEAR]


def _latest(told: list[Told]) -> list[Told]:
    """Those of the last day that is named, one per amount; those without a day where none names any."""
    last = max((one.on for one in told if one.on), default=None)
    return list({one.amount: one for one in told if one.on == last}.values())


def _only(found: set[str]) -> str | None:
    return found.pop() if len(found) == 1 else None


def _rises(days: list[date]) -> bool:
    return all(earlier <= later for earlier, later in pairwise(days))
