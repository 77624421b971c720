"""Choosing the columns of a CSV: by their words, by what is in them, and by what the balances prove. Never by guess."""

import re

from payproof.documents.account_number import number_in
from payproof.documents.csv_header import DATES, currency_in
from payproof.documents.csv_layout import Layout, Undecided
from payproof.documents.csv_money import MoneyColumns
from payproof.documents.csv_table import is_amount, is_date
from payproof.normalise.text import letters_and_digits
from payproof.normalise.words import direction

_WORD = re.compile(r"[^\W\d_]{3}")
_AVAILABLE = frozenset({"available", "disponible", "disponibile", "disponível", "verfügbar", "verfügbarer"})


class Chooser(MoneyColumns):
    """Chooses the columns of one file."""

    def layout(self) -> Layout:
        """The columns. Raises `Undecided` with everything that stays open, `Unreadable` where nothing fits."""
        layout = Layout(dates=self._dates())
        self._choose_amounts(layout)
        layout.balance, layout.available = self._balances(layout)
        layout.payee, layout.payer = self._all("payee", layout), self._all("payer", layout)
        layout.sides = self._all("side", layout) + self._told_sides(layout)
        layout.description = self._descriptions(layout)
        layout.currency = self._currency(layout)
        layout.account = self._account(layout)
        layout.account_type = self._first("account_type")
        layout.categories = self._all("category", layout)
        layout.status, layout.check = self._first("status"), self._first("check")
        layout.mcc, layout.id = self._first("mcc"), self._first("id")
        if self.doubts:
            raise Undecided(self.doubts)
        return layout

    def _dates(self) -> list[int]:
        if (answered := self._answered("date")) is not None:
            return [answered]
        tiers = [[c.index for c in self.header.having(role) if self._fits(c.index, is_date)] for role in DATES]
        found = next((tier for tier in tiers if tier), [])
        if not found:
            found = self._hinted("date", is_date) or self._dates_by_content()
        if len(found) > 1 and not self._same_days(found):
            self._doubt("date", found)
        rest = [index for tier in tiers for index in tier if index not in found[:1]]
        return [*found[:1], *rest]

    def _dates_by_content(self) -> list[int]:
        found = [index for index in range(self.header.width) if self._fits(index, is_date)]
        return found if len(found) > 1 and self._same_days(found) else self._by_content("date", is_date)

    def _balances(self, layout: Layout) -> tuple[int | None, int | None]:
        if layout.balance is not None:
            return layout.balance, None
        taken = {*layout.dates, *layout.money()}
        found = [
            c.index for c in self.header.having("balance") if c.index not in taken and self._fits(c.index, is_amount)
        ]
        if len(found) < 2:
            return next(iter(found or self._hinted("balance", is_amount)), None), None
        available = [i for i in found if _AVAILABLE & set(self.header.columns[i].title.casefold().split())]
        ledger = [i for i in found if i not in available]
        return (ledger or found)[0], available[0] if available and ledger else None

    def _descriptions(self, layout: Layout) -> list[int]:
        if (answered := self._answered("description")) is not None:
            return [answered]
        found = [
            i for i in self._all("description", layout) if i not in layout.sides or not self._fits_all(i, direction)
        ]
        if not found and not layout.payee:
            named = [index for index in self._hinted("payee", str.strip) if self._varies(index)]
            found = self._hinted("description", str.strip) or named
        if not found and not layout.payee:
            taken = {*layout.dates, *layout.money(), *layout.sides}
            unnamed = [c.index for c in self.header.columns if c.index not in taken and not c.roles]
            found = [index for index in unnamed if self._fits(index, _is_text)]
            if len(found) > 1 and self.doubts:
                self._doubt("description", found)
            found = found or [index for index in layout.sides if not self._fits_all(index, direction)]
        return found

    def _told_sides(self, layout: Layout) -> list[int]:
        """Columns of unknown titles that hold nothing but the two directions."""
        taken = {*layout.dates, *layout.money()}
        free = [c.index for c in self.header.columns if c.index not in taken and not c.roles and self._filled(c.index)]
        return [index for index in free if {direction(value) for value in self._values(index)} == {1, -1}]

    def _currency(self, layout: Layout) -> int | None:
        """Of several, the one that stands nearest to the amount: banks print it beside."""
        beside = (layout.amounts or [layout.credit or layout.debit or 0])[0]
        found = [c.index for c in self.header.having("currency") if self._fits(c.index, _is_currency)]
        found = found or [
            c.index for c in self.header.columns if not c.roles and self._fits(c.index, str) and self._codes(c.index)
        ]
        return min(found, key=lambda index: (abs(index - beside), index < beside)) if found else None

    def _codes(self, index: int) -> bool:
        """Whether a column without a known title holds nothing but codes of currencies."""
        return all(len(value) == 3 and currency_in(value) == value for value in self._values(index))

    def _account(self, layout: Layout) -> int | None:
        """The own account. A column of account numbers beside names of others may hold theirs: it must be constant."""
        if (own := self._first("account_own")) is not None:
            return own
        found = [c.index for c in self.header.having("account") if c.index not in layout.dates]
        numbered = [index for index in found if self._fits(index, number_in)]
        named = [c.index for c in self.header.having("account_name") if self._has_any(c.index)]
        names = [index for index in found if index not in numbered and self._has_any(index)] + named
        parties = layout.payee + layout.payer
        others = any(self.header.having(role) for role in ("counter_account", "account_type"))
        for index in numbered or found:
            values = [cells[index] if index < len(cells) else "" for _, cells in self.rows if sum(map(bool, cells)) > 1]
            present = {value for value in values if value}
            if not present or (len(values) - values.count("") < 0.9 * len(values)):
                continue
            one, varied = len(present) == 1, any(self._varies(party) for party in parties)
            repeated = len(present) <= max(2, len(values) // 2) or any(self._go_together(index, name) for name in names)
            if others or (one and (varied or not parties)) or (not parties and repeated):
                layout.account_name = next((name for name in names if self._go_together(index, name)), None)
                return index
        return next(iter(named), None) if not found else None

    def _go_together(self, number: int, name: int) -> bool:
        """Whether each number has one name: they are of one account, and ours."""
        pairs = {(cells[number], cells[name]) for cells in self.sample if max(number, name) < len(cells)}
        return number != name and len(pairs) == len({number for number, _ in pairs})


def _is_text(cell: str) -> bool:
    """Words, such as tell what a payment was for: no code, no number of an account."""
    if is_date(cell) or is_amount(cell) or letters_and_digits(number_in(cell) or "") == letters_and_digits(cell):
        return False
    return _WORD.search(cell) is not None and not (len(cell) == 3 and currency_in(cell))


def _is_currency(cell: str) -> bool:
    return (len(cell) == 3 and cell.isascii() and cell.isalpha()) or cell in "€$£"
