"""Signed amounts of a CSV: one decimal mark for the whole file, and where the direction of a row is printed."""

from decimal import Decimal

from payproof.documents.csv_header import Header
from payproof.documents.csv_layout import Layout, Undecided
from payproof.documents.csv_table import Row
from payproof.documents.reading import Choice, Doubt, Unreadable
from payproof.normalise.money import Marks, Printed, amount_of, take_apart, tidy
from payproof.normalise.text import folded
from payproof.normalise.words import direction

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

    def signed(self) -> list[tuple[Decimal, str | None]]:
        """Amount and currency of every row; negative where money went out."""
        if self.layout.debit is not None or self.layout.credit is not None:
            return self._from_two_columns()
        found = [self._single(line, cells) for line, cells in self.rows]
        return self._directed(
            [amount for amount, _, _ in found], [printed for _, printed, _ in found], [c for *_, c in found]
        )

    def _single(self, line: int, cells: list[str]) -> tuple[Decimal, Printed, str | None]:
        for index in self.layout.amounts:
            if found := self._cell(index, line, cells):
                return *found, found[1].currency or self.header.columns[index].currency
        raise Unreadable("the row has no amount", line)

    def _from_two_columns(self) -> list[tuple[Decimal, str | None]]:
        out = [self.value(self.layout.debit, line, cells) or Decimal(0) for line, cells in self.rows]
        into = [self.value(self.layout.credit, line, cells) or Decimal(0) for line, cells in self.rows]
        turned = sum(value < 0 for value in out) > sum(value > 0 for value in out)
        columns = [i for i in (self.layout.credit, self.layout.debit) if i is not None]
        currency = next((c for i in columns if (c := self.header.columns[i].currency)), None)
        for (line, _), debit, credit in zip(self.rows, out, into, strict=True):
            if debit and credit:
                raise Unreadable("the row has a debit and a credit", line)
        return [
            (credit + debit if turned else credit - debit, currency) for debit, credit in zip(out, into, strict=True)
        ]

    def _directed(
        self, amounts: list[Decimal], printed: list[Printed], currencies: list[str | None]
    ) -> list[tuple[Decimal, str | None]]:
        sides = {one.side for one in printed}
        if sides & {"CR", "DR"}:
            if None in sides and len(sides) == 2 and not any(one.negative for one in printed):
                sign = -1 if "CR" in sides else 1
                amounts = [a if one.side else sign * abs(a) for a, one in zip(amounts, printed, strict=True)]
        else:
            amounts = self._by_side_column(amounts)
        return list(zip(amounts, currencies, strict=True))

    def _by_side_column(self, amounts: list[Decimal]) -> list[Decimal]:
        """Unsigned amounts take their direction from a column that gives it for every row."""
        unsigned = all(amount >= 0 for amount in amounts) or all(amount <= 0 for amount in amounts)
        for index in self.layout.sides:
            signs = [direction(cells[index]) for _, cells in self.rows]
            if unsigned and all(signs):
                return [abs(a) * s for a, s in zip(amounts, signs, strict=True)]
        for index in (*self.layout.sides, *self.layout.categories):
            signs = [direction(cells[index]) for _, cells in self.rows]
            if _contradict(amounts, signs):
                self.notes.append("direction_from_types")
                return [-amount for amount in amounts]
            if _agree(amounts, signs):
                return amounts
        return self._by_answer(amounts)

    def _by_answer(self, amounts: list[Decimal]) -> list[Decimal]:
        """Cards whose holder is named print purchases without a minus as often as with one: the person is asked."""
        if not self._may_be_turned() or 2 * sum(amount > 0 for amount in amounts) <= len(amounts):
            return amounts
        answer = self.answers.get("sign")
        if answer not in ("out", "in"):
            raise Undecided([self._sign_doubt(amounts)])
        return [-amount for amount in amounts] if answer == "out" else amounts

    def _may_be_turned(self) -> bool:
        """Cards name their holder, or the day of purchase beside that of booking, and no balance."""
        having = self.header.having
        return bool(having("card_holder") or (having("traded") and having("booked") and not having("balance")))

    def _sign_doubt(self, amounts: list[Decimal]) -> Doubt:
        at = next(at for at, amount in enumerate(amounts) if amount > 0)
        texts = [self.rows[at][1][index] for index in (self.layout.description + self.layout.payee)[:1]]
        example = " ".join([*texts, str(amounts[at])])[:80]
        return Doubt(
            about="sign",
            choices=[
                Choice(value="out", label="Amounts without a minus were spent", example=example),
                Choice(value="in", label="Amounts without a minus were received", example=example),
            ],
        )


def _contradict(amounts: list[Decimal], signs: list[int]) -> bool:
    """Whether the words prove that all amounts are printed the wrong way round: none fits, the rest goes against."""
    told = [(amount, sign) for amount, sign in zip(amounts, signs, strict=True) if sign and amount]
    if not told or any((amount > 0) == (sign > 0) for amount, sign in told):
        return False
    rest = {amount > 0 for amount, sign in zip(amounts, signs, strict=True) if not sign and amount}
    return len({sign for _, sign in told}) == 2 or rest == {told[0][0] < 0}


def _agree(amounts: list[Decimal], signs: list[int]) -> bool:
    """Whether the words prove that the amounts are printed the right way round."""
    told = [(amount, sign) for amount, sign in zip(amounts, signs, strict=True) if sign and amount]
    return bool(told) and all((amount > 0) == (sign > 0) for amount, sign in told)


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
