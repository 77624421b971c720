"""Signed amounts of a CSV: one decimal mark for the whole file, and where the direction of a row is printed."""

from decimal import Decimal

from payproof.documents.csv_direction import Directions
from payproof.documents.csv_header import Header
from payproof.documents.csv_layout import Layout, Undecided
from payproof.documents.csv_table import Row
from payproof.documents.reading import Choice, Doubt, Unreadable
from payproof.normalise.money import Marks, Printed, amount_of, take_apart, tidy
from payproof.normalise.text import folded

_MARK_LABELS = {".": "The point separates the cents", ",": "The comma separates the cents"}


class Amounts:
    """Reads the money columns of one file. Raises `Undecided` where a mark or a sign stays open."""

    def __init__(self, header: Header, rows: list[Row], layout: Layout, answers: dict[str, str]) -> None:
        self.header = header
        self.rows = rows
        self.layout = layout
        self.answers = answers
        self.notes: list[str] = []
        moved, told = self._marks(layout.moved()), self._marks(layout.told())
        self.marks = dict.fromkeys(layout.moved(), self._decided(moved, told))
        self.marks |= dict.fromkeys(layout.told(), self._decided(told, moved))
        self.mark = next(iter(self.marks.values()))
        self.signed = self._signed()
        """Amount and currency of every row; negative where money went out."""

    def _marks(self, columns: list[int]) -> Marks:
        marks = Marks()
        for line, cells in self.rows:
            for index in columns:
                if cells[index]:
                    printed = take_apart(cells[index])
                    if printed is None or not marks.add(printed.digits, line):
                        if _is_nothing(cells[index]):
                            continue
                        raise Unreadable(f"the amount “{cells[index][:40]}” cannot be read", line)
        if (line_of_conflict := marks.conflict()) is not None:
            raise Unreadable("the decimal mark is another one than above", line_of_conflict)
        return marks

    def _decided(self, marks: Marks, others: Marks) -> str:
        """What the columns prove, else what the other columns of the file prove, else what the person told."""
        found = marks.mark() or (others.mark() if others.seen else None) or self.answers.get("mark")
        if found not in _MARK_LABELS:
            raise Undecided([_mark_doubt(marks.doubtful[0])])
        return found

    def value(self, index: int | None, line: int, cells: list[str]) -> Decimal | None:
        """One cell as printed, None where it is empty."""
        found = self._cell(index, line, cells)
        return found[0] if found else None

    def _cell(self, index: int | None, line: int, cells: list[str]) -> tuple[Decimal, Printed] | None:
        printed = take_apart(cells[index]) if index is not None and cells[index] else None
        if printed is None or index is None:
            return None
        value = amount_of(printed.digits, self.marks[index])
        if value is None:
            raise Unreadable(f"the amount “{cells[index][:40]}” cannot be read", line)
        value = -value if printed.negative else value
        if printed.side:
            value = abs(value) if printed.side == "CR" else -abs(value)
        return tidy(value), printed

    def _signed(self) -> list[tuple[Decimal, str | None]]:
        if self.layout.debit is not None or self.layout.credit is not None:
            return self._from_two_columns()
        found = [self._single(line, cells) for line, cells in self.rows]
        directions = Directions(self.header, self.rows, self.layout, self.answers)
        values = [amount for amount, _, _ in found]
        plain = all(amount >= 0 for amount in values)
        balances = [self.value(self.layout.balance, line, cells) for line, cells in self.rows if plain]
        amounts = directions.of(values, [printed for _, printed, _ in found], balances)
        self.notes += directions.notes
        return list(zip(amounts, [currency for *_, currency in found], strict=True))

    def _single(self, line: int, cells: list[str]) -> tuple[Decimal, Printed, str | None]:
        for index in self.layout.amounts:
            if found := self._cell(index, line, cells):
                return *found, found[1].currency or self.header.columns[index].currency
        raise Unreadable("the row has no amount", line)

    def _from_two_columns(self) -> list[tuple[Decimal, str | None]]:
        out = [self.value(self.layout.debit, line, cells) or Decimal(0) for line, cells in self.rows]
        into = [self.value(self.layout.credit, line, cells) or Decimal(0) for line, cells in self.rows]
        out, into = _unsigned(out), _unsigned(into)
        columns = [i for i in (self.layout.credit, self.layout.debit) if i is not None]
        currency = next((c for i in columns if (c := self.header.columns[i].currency)), None)
        for (line, _), debit, credit in zip(self.rows, out, into, strict=True):
            if debit and credit:
                raise Unreadable("the row has a debit and a credit", line)
        return [(credit - debit, currency) for debit, credit in zip(out, into, strict=True)]


def _unsigned(column: list[Decimal]) -> list[Decimal]:
    """A column of money out, or of money in, without the minus that its bank prints before most of it."""
    turned = sum(value < 0 for value in column) > sum(value > 0 for value in column)
    return [-value for value in column] if turned else column


def _is_nothing(cell: str) -> bool:
    return cell.strip("-–— .*") == "" or folded(cell) in ("n a", "null", "none")


def _mark_doubt(digits: str) -> Doubt:
    return Doubt(
        about="mark",
        choices=[
            Choice(value=mark, label=label, example=f"{digits} = {amount_of(digits, mark)}")
            for mark, label in _MARK_LABELS.items()
        ],
    )
