"""CSV exports of banks: from rows to statements, one per account."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

from payproof.documents.account_number import number_in
from payproof.documents.csv_amounts import Amounts
from payproof.documents.csv_columns import Chooser
from payproof.documents.csv_days import days
from payproof.documents.csv_header import Header, currency_in, find_header
from payproof.documents.csv_layout import Layout, Undecided, ambiguity
from payproof.documents.csv_preamble import Preamble, account_type
from payproof.documents.csv_rows import postings_among, refuse_torn, without_headers
from payproof.documents.csv_table import Row, read_table
from payproof.documents.reading import Ambiguity, Posting, Reading, Statement, Unreadable
from payproof.normalise.text import folded
from payproof.normalise.words import cell_meanings

_EVIDENCE_COLUMNS = 12
_EVIDENCE_LENGTH = 200
_NICKNAME = 60


def read_csv(text: bytes, known: dict[str, dict[str, str]]) -> Reading | Ambiguity:
    """All statements of one file, or what only the person can tell of its columns. Raises `Unreadable`.

    `known` is what the person has told before, by the hash of the header.
    """
    rows = read_table(text)
    header = find_header(rows)
    if header is None:
        raise Unreadable("it is no bank statement: no table of dates and amounts was found")
    body, answers = without_headers(rows[header.first_row :], header), known.get(header.hash, {})
    reading = Reading(format="csv", header=header.hash)
    if not body:
        return reading
    refuse_torn(text, body)
    try:
        layout = Chooser(header, body, answers).layout()
        found = postings_among(body, header, layout)
        if found:
            reading.statements = _Builder(header, found, layout, answers, rows[: header.first_row]).statements()
        if len(found) < len(body):
            for statement in reading.statements:
                statement.notes.append("rows_of_totals_left_out")
    except Undecided as undecided:
        return ambiguity(header, body, undecided.doubts)
    return reading


class _Builder:
    def __init__(
        self, header: Header, rows: list[Row], layout: Layout, answers: dict[str, str], preamble: list[Row]
    ) -> None:
        self.header = header
        self.rows = rows
        self.layout = layout
        self.days = days(rows, layout, answers)
        self.amounts = Amounts(header, rows, layout, answers)
        self.signed = self.amounts.signed()
        self.preamble = Preamble(preamble)
        self.used = {*layout.dates[:1], *layout.money(), *layout.payee, *layout.payer, *layout.description}
        self.used |= {
            i for i in (layout.currency, layout.account, layout.check, layout.id, layout.mcc) if i is not None
        }

    def statements(self) -> list[Statement]:
        by_account: dict[str, list[int]] = {}
        for at, (_, cells) in enumerate(self.rows):
            by_account.setdefault(cells[self.layout.account] if self.layout.account is not None else "", []).append(at)
        return [self._statement(account, places) for account, places in by_account.items()]

    def _statement(self, account: str, places: list[int]) -> Statement:
        named = bool(account) and number_in(account) is None
        number = account if account and not named else self.preamble.account_id
        postings = [self._posting(at) for at in places]
        currencies = {posting.currency for posting in postings if posting.currency}
        statement = Statement(
            source="csv",
            account_id=number,
            account_type=self._type(places) or self.preamble.account_type,
            nickname=self._nickname(places) or (account if named else None),
            currency=currencies.pop() if len(currencies) == 1 else (None if currencies else self.preamble.currency),
            notes=list(self.amounts.notes),
            postings=postings,
        )
        for posting in postings:
            posting.currency = None if posting.currency == statement.currency else posting.currency
        self._close(statement, places)
        return statement

    def _nickname(self, places: list[int]) -> str | None:
        index = self.layout.account_name
        return self.rows[places[0]][1][index][:_NICKNAME] or None if index is not None else None

    def _posting(self, at: int) -> Posting:
        _, cells = self.rows[at]
        amount, currency = self.signed[at]
        status, moved = self._status(cells)
        parties = self._texts(
            (self.layout.payee or self.layout.payer) if amount < 0 else (self.layout.payer or self.layout.payee), cells
        )
        parties = parties or self._texts(self.layout.payee + self.layout.payer, cells)
        details = self._texts(self.layout.description, cells)
        evidence = self._evidence(cells)
        if not moved:
            evidence["amount"] = str(amount)
        identifier = cells[self.layout.id] if self.layout.id is not None else ""
        mcc = cells[self.layout.mcc] if self.layout.mcc is not None else ""
        return Posting(
            on=self.days[at],
            amount=amount if moved else Decimal(0),
            moved=moved and bool(amount),
            from_table=True,
            external_id=identifier if len(identifier) >= 6 else None,
            kind=next((cells[i][:60] for i in self.layout.sides if cells[i]), None),
            status=status,
            payee=parties or details,
            memo=details if parties and details != parties else None,
            check_number=self._check_number(cells),
            merchant_category_code=int(mcc) if mcc.isascii() and mcc.isdigit() and len(mcc) <= 4 else None,
            currency=self._currency(cells) or currency,
            evidence=evidence,
        )

    def _check_number(self, cells: list[str]) -> str | None:
        printed = cells[self.layout.check][:40] if self.layout.check is not None else ""
        return printed if printed.strip("0") else None

    def _texts(self, indices: list[int], cells: list[str]) -> str | None:
        """Several columns as one text, each said once."""
        return " ".join(dict.fromkeys(cells[index] for index in indices if cells[index])).replace("\n", " ") or None

    def _currency(self, cells: list[str]) -> str | None:
        printed = cells[self.layout.currency] if self.layout.currency is not None else ""
        return printed.upper() if len(printed) == 3 and printed.isalpha() else currency_in(printed)

    def _status(self, cells: list[str]) -> tuple[str, bool]:
        meanings = (
            cell_meanings().get(folded(cells[self.layout.status]), frozenset())
            if self.layout.status is not None
            else ()
        )
        return "PENDING" if "pending" in meanings else "POSTED", "void" not in meanings

    def _evidence(self, cells: list[str]) -> dict[str, str]:
        left = [c for c in self.header.columns if c.index not in self.used and c.title and cells[c.index]]
        return {c.title[:60]: cells[c.index][:_EVIDENCE_LENGTH] for c in left[:_EVIDENCE_COLUMNS]}

    def _type(self, places: list[int]) -> str | None:
        index = self.layout.account_type
        return account_type(self.rows[places[0]][1][index]) if index is not None else None

    def _close(self, statement: Statement, places: list[int]) -> None:
        """The balance after the newest posting."""
        if self.layout.balance is None or len({posting.currency for posting in statement.postings}) > 1:
            return
        column = self.layout.balance
        posted = (at for at, posting in zip(places, statement.postings, strict=True) if posting.status == "POSTED")
        told = [at for at in posted if self.rows[at][1][column]]
        if not told:
            return
        newest = self._newest(told)
        if newest is None:
            statement.notes.append("closing_balance_unclear")
            return
        line, cells = self.rows[newest]
        statement.balance = self.amounts.value(self.layout.balance, line, cells)
        statement.available = self.amounts.value(self.layout.available, line, cells)
        statement.balance_as_of = self.days[newest]
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

    def _chains(self, places: list[int]) -> bool:
        balances = [self.amounts.value(self.layout.balance, *self.rows[at]) or Decimal(0) for at in places]
        moves = zip(balances, balances[1:], (self.signed[at][0] for at in places[1:]), strict=False)
        return all(later - earlier == amount for earlier, later, amount in moves)

    def _of_last_day(self, places: list[int]) -> int | None:
        last: date = max(self.days[at] for at in places)
        found = [at for at in places if self.days[at] == last]
        same = len({self.amounts.value(self.layout.balance, *self.rows[at]) for at in found}) == 1
        return found[0] if same else None


def _rises(days: list[date]) -> bool:
    return all(earlier <= later for earlier, later in pairwise(days))
