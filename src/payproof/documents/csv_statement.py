"""CSV exports of banks: from rows to statements, one per account."""

from decimal import Decimal

from payproof.documents.account_number import number_in
from payproof.documents.csv_amounts import Amounts
from payproof.documents.csv_balance import balances_outside
from payproof.documents.csv_closing import Closing, take_printed
from payproof.documents.csv_columns import Chooser
from payproof.documents.csv_days import Days
from payproof.documents.csv_header import currency_in, find_header
from payproof.documents.csv_layout import Layout, Undecided, ambiguity
from payproof.documents.csv_preamble import Preamble, account_type
from payproof.documents.csv_rows import Sorted, refuse_torn, sort_rows, without_headers
from payproof.documents.csv_table import Row, read_table
from payproof.documents.csv_tables import Table, tables_of
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
    reading = Reading(format="csv", header=header.hash)
    if rows[header.first_row :]:
        refuse_torn(text, rows[header.first_row :])
    for number, table in enumerate(tables_of(rows, header)):
        body = without_headers(table.body, table.header)
        if not body:
            continue
        try:
            found = _statements(table, body, known.get(table.header.hash, {}))
        except Undecided as undecided:
            return ambiguity(table.header, body, undecided.doubts)
        if number and not all(statement.account_id for statement in found):
            reading.statements[0].notes.append("second_table_left_out")
        else:
            reading.statements += found
    return reading


def _statements(table: Table, body: list[Row], answers: dict[str, str]) -> list[Statement]:
    layout = Chooser(table.header, body, answers).layout()
    found = sort_rows(body, table.header, layout, table.heading())
    if not found.postings:
        return []
    statements = _Builder(table, found, layout, answers).statements()
    for statement in statements:
        statement.notes += found.notes + (["rows_of_totals_left_out"] if found.told else [])
    return statements


class _Builder:
    def __init__(self, table: Table, found: Sorted, layout: Layout, answers: dict[str, str]) -> None:
        self.header = header = table.header
        self.rows = found.postings
        self.pending = found.pending
        self.layout = layout
        days = Days(found.postings, found.told, layout, answers)
        self.days = days.of
        self.amounts = Amounts(header, found.postings, layout, answers)
        self.closing = Closing(found.postings, days.of, self.amounts, layout)
        self.preamble = Preamble(table.preamble)
        self.told = balances_outside(table.preamble, found.told, header, layout, days, self.amounts.mark)
        self.used = {*layout.dates[:1], *layout.money(), *layout.payee, *layout.payer, *layout.description}
        self.used |= {
            i for i in (layout.currency, layout.account, layout.check, layout.id, layout.mcc) if i is not None
        }

    def statements(self) -> list[Statement]:
        by_account: dict[str, list[int]] = {}
        for at, (_, cells) in enumerate(self.rows):
            by_account.setdefault(cells[self.layout.account] if self.layout.account is not None else "", []).append(at)
        found = [self._statement(account, places) for account, places in by_account.items()]
        if len(found) == 1:
            take_printed(found[0], self.told)
        return found

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
        self.closing.by_rows(statement, places)
        return statement

    def _nickname(self, places: list[int]) -> str | None:
        index = self.layout.account_name
        return self.rows[places[0]][1][index][:_NICKNAME] or None if index is not None else None

    def _posting(self, at: int) -> Posting:
        line, cells = self.rows[at]
        amount, currency = self.amounts.signed[at]
        status, moved = self._status(cells)
        status = "PENDING" if line in self.pending else status
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
