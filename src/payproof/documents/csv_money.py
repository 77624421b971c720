"""Which columns of a CSV hold the amounts: by their words, by their content, or because the balances move by them."""

from decimal import Decimal
from itertools import pairwise

from payproof.documents.csv_cells import Cells
from payproof.documents.csv_header import Column
from payproof.documents.csv_layout import Layout
from payproof.documents.csv_table import is_amount
from payproof.documents.reading import Choice, Doubt
from payproof.normalise.money import amount_of, decimal_mark, take_apart


class MoneyColumns(Cells):
    """Chooses the columns of amounts, or of debits and credits."""

    def _choose_amounts(self, layout: Layout) -> None:
        if self._answered_amounts(layout):
            return
        taken = set(layout.dates)
        amounts = [c for c in self.header.having("amount") if c.index not in taken and self._fits(c.index, is_amount)]
        debit, credit = self._side_column("debit", taken), self._side_column("credit", taken)
        if debit is not None and credit is not None and not (amounts and self._agrees(amounts[0].index, debit, credit)):
            layout.debit, layout.credit = debit, credit
            return
        if not amounts and (debit is not None or credit is not None):
            layout.debit, layout.credit = debit, credit
            return
        layout.amounts = self._one_amount(amounts, layout)

    def _one_amount(self, amounts: list[Column], layout: Layout) -> list[int]:
        found = [column.index for column in amounts]
        if not found:
            found = self._other_amounts(layout)
        if len(found) < 2 or self._all_same(found):
            return found[:1]
        if (
            len({c.currency for c in amounts}) == len(found)
            and all(c.currency for c in amounts)
            and self._alternate(found)
        ):
            return found
        proved = [index for index in found if self._is_proved(index)]
        if len(proved) == 1:
            return proved
        filled = [index for index in found if self._filled(index)]
        if len(filled) == 1:
            return filled
        self._doubt("amount", found)
        return found[:1]

    def _other_amounts(self, layout: Layout) -> list[int]:
        taken = set(layout.dates)
        for role in ("amount_gross", "amount_foreign"):
            found = [c.index for c in self.header.having(role) if self._fits(c.index, is_amount)]
            if len(found) == 1:
                return found
        if found := self._hinted("amount", is_amount):
            return found
        unfit = [c.index for c in self.header.having("amount") if c.index not in taken and self._has_any(c.index)]
        return unfit if len(unfit) == 1 else self._amounts_by_content(layout)

    def _side_column(self, role: str, taken: set[int]) -> int | None:
        found = [c.index for c in self.header.having(role) if c.index not in taken]
        fit = [i for i in found if self._fits(i, is_amount)] or [i for i in found if not self._has_any(i)]
        fit = fit or (found if len(found) == 1 else [])
        return fit[0] if len(fit) == 1 or (fit and self._all_same(fit)) else None

    def _amounts_by_content(self, layout: Layout) -> list[int]:
        """One column of amounts is taken; of several, that (or that pair) by which another one, the balance, moves."""
        found = [
            c.index
            for c in self.header.columns
            if c.index not in layout.dates
            and not c.roles
            and self._fits(c.index, is_amount)
            and not self._counts(c.index)
        ]
        if len(found) < 2:
            return found or self._by_content("amount", is_amount, layout.dates)
        proved = [(way, balance) for way in self._ways(found) for balance in found if self._moves(way, balance)]
        if len(proved) == 1:
            layout.balance = proved[0][1]
            layout.amounts, (layout.debit, layout.credit) = _apart(proved[0][0])
            return layout.amounts
        before = [way for way in self._ways(found) for balance in found if self._moves(way, balance, before=True)]
        if len(before) == 1 and not proved:
            layout.amounts, (layout.debit, layout.credit) = _apart(before[0])
            return layout.amounts
        self.doubts.append(Doubt(about="amount", choices=[self._way_choice(way) for way in self._ways(found)]))
        return []

    def _ways(self, found: list[int]) -> list[tuple[int, ...]]:
        """Each column alone, and each two of which one at a time is filled: money out, money in."""
        pairs = [(a, b) for a in found for b in found if a != b and self._alternate([a, b])]
        return [*((index,) for index in found), *pairs]

    def _way_choice(self, way: tuple[int, ...]) -> Choice:
        if len(way) == 1:
            return self._choice(way[0])
        out, into = (self._choice(index) for index in way)
        return Choice(
            value=f"{way[0]}-{way[1]}",
            label=f"{out.label} is money out, {into.label} is money in",
            example=f"-{out.example} / +{into.example}",
        )

    def _moves(self, way: tuple[int, ...], balance: int, *, before: bool = False) -> bool:
        """Whether the balance moves by these columns in every row, in one of the two orders.

        Some banks print the balance before the row; two rows do not prove that.
        """
        if balance in way or len(self.sample) < 2 + before:
            return False
        pairs = [(_change(cells, way), _rough(cells, balance)) for cells in self.sample]
        known = [(change, told) for change, told in pairs if change is not None and told is not None]
        if before:
            known = [(change, told + change) for change, told in known]
        return len(known) == len(pairs) and (_chains(known) or _chains(known[::-1]))

    def _counts(self, index: int) -> bool:
        """Whether a column holds bare whole numbers only, such as those of checks, in a file that prints cents."""
        return all(value.isdigit() for value in self._values(index) if is_amount(value))

    def _answered_amounts(self, layout: Layout) -> bool:
        parts = self.answers.get("amount", "").split("-")
        if not all(part.isascii() and part.isdigit() and int(part) < self.header.width for part in parts):
            return False
        layout.amounts, (layout.debit, layout.credit) = _apart(tuple(map(int, parts[:2])))
        return True

    def _agrees(self, amount: int, debit: int, credit: int) -> bool:
        """Whether a signed amount repeats what the two columns say."""
        return any(cells[amount].lstrip().startswith("-") for cells in self.sample if amount < len(cells)) and all(
            bool(cells[amount]) for cells in self.sample if max(amount, debit, credit) < len(cells)
        )

    def _is_proved(self, index: int) -> bool:
        """Whether the balances move by this column, row by row, in one of the two orders."""
        found = [c.index for c in self.header.having("balance") if self._fits(c.index, is_amount)]
        if not found or len(self.sample) < 2:
            return False
        pairs = [(_rough(cells, index), _rough(cells, found[0])) for cells in self.sample]
        if any(amount is None or balance is None for amount, balance in pairs):
            return False
        return any(_chains([(a or Decimal(0), b or Decimal(0)) for a, b in order]) for order in (pairs, pairs[::-1]))


def _apart(way: tuple[int, ...]) -> tuple[list[int], tuple[int | None, int | None]]:
    return ([way[0]], (None, None)) if len(way) == 1 else ([], (way[0], way[1]))


def _change(cells: list[str], way: tuple[int, ...]) -> Decimal | None:
    if len(way) == 1:
        return _rough(cells, way[0])
    out, into = _rough(cells, way[0]), _rough(cells, way[1])
    return None if out is None and into is None else (into or Decimal(0)) - abs(out or Decimal(0))


def _chains(pairs: list[tuple[Decimal, Decimal]]) -> bool:
    return all(later[1] - earlier[1] == later[0] for earlier, later in pairwise(pairs))


def _rough(cells: list[str], index: int) -> Decimal | None:
    printed = take_apart(cells[index]) if index < len(cells) else None
    mark = decimal_mark(printed.digits) if printed else None
    if printed is None or mark is None:
        return None
    value = amount_of(printed.digits, mark if mark in (".", ",") else ".")
    return -value if value is not None and printed.negative else value
