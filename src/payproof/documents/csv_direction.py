"""Whether money came in or went out, where a table prints one column of amounts."""

from decimal import Decimal
from itertools import pairwise

from payproof.documents.csv_header import Header
from payproof.documents.csv_layout import Layout, Undecided
from payproof.documents.csv_table import Row
from payproof.documents.reading import Choice, Doubt, Unreadable
from payproof.normalise.money import Printed
from payproof.normalise.text import folded
from payproof.normalise.words import cell_meanings, direction, payment_words

_SEVERAL = 3
"""Fewer rows of words do not prove that all signs are printed the wrong way round."""


class Directions:
    """Signs the amounts of one file. Raises `Undecided` where only the person can tell."""

    def __init__(self, header: Header, rows: list[Row], layout: Layout, answers: dict[str, str]) -> None:
        self.header = header
        self.rows = rows
        self.layout = layout
        self.answers = answers
        self.notes: list[str] = []

    def of(self, amounts: list[Decimal], printed: list[Printed], balances: list[Decimal | None]) -> list[Decimal]:
        """Negative where money went out. `balances` are those beside the amounts."""
        sides = {one.side for one in printed}
        if not sides & {"CR", "DR"}:
            return self._by_side_column(amounts, printed, balances)
        if None in sides and len(sides) == 2 and not any(one.negative for one in printed):
            sign = -1 if "CR" in sides else 1
            return [a if one.side else sign * abs(a) for a, one in zip(amounts, printed, strict=True)]
        return amounts

    def _by_side_column(
        self, amounts: list[Decimal], printed: list[Printed], balances: list[Decimal | None]
    ) -> list[Decimal]:
        """Unsigned amounts take their direction from a column that gives it for every row."""
        unsigned = all(amount >= 0 for amount in amounts) or all(amount <= 0 for amount in amounts)
        for index in self.layout.sides:
            signs = [direction(cells[index]) for _, cells in self.rows]
            if unsigned and all(signs):
                return [abs(a) * s for a, s in zip(amounts, signs, strict=True)]
        for column in self.header.columns:
            if unsigned and not column.title and (sign := self._marked(column.index)):
                return [
                    abs(a) * (sign if c[column.index] else -sign) for a, (_, c) in zip(amounts, self.rows, strict=True)
                ]
        if unsigned and self._lists_trades():
            raise Unreadable("it lists trades, and does not say which amounts came in and which went out")
        if unsigned and (moved := self._by_balances(amounts, balances)):
            return moved
        doubtful = self._is_doubtful(amounts, printed)
        for index in (*self.layout.sides, *self.layout.categories):
            words = [cells[index] for _, cells in self.rows]
            told = _told(amounts, list(map(direction, words)))
            if _contradict(told) or (self._is_card() and _purchases_without_minus(amounts, words)):
                self.notes.append("direction_from_types")
                return [-amount for amount in amounts]
            if told and all(fits for _, fits in told) and not (doubtful and len({sign for sign, _ in told}) == 1):
                return amounts
        return self._by_answer(amounts, self._words(unsigned)) if doubtful else amounts

    def _words(self, unsigned: bool) -> list[int]:
        """What words say of each amount that has no sign, 0 where they say nothing."""
        columns = self.layout.sides if unsigned else []
        return [next((sign for i in columns if (sign := direction(cells[i]))), 0) for _, cells in self.rows]

    def _by_balances(self, amounts: list[Decimal], balances: list[Decimal | None]) -> list[Decimal] | None:
        """Amounts without any sign, of which the balances show that some went out; None where they do not."""
        known = [balance for balance in balances if balance is not None]
        if len(known) < _SEVERAL or len(known) != len(amounts):
            return None
        for step in (1, -1):
            sums, after = [abs(amount) for amount in amounts[::step]], known[::step]
            moves = [later - earlier for earlier, later in pairwise(after)]
            if min(moves) < 0 and all(abs(move) == amount for move, amount in zip(moves, sums[1:], strict=True)):
                oldest = (self._words(unsigned=True)[::step][0] or (-1 if after[0] < 0 else 1)) * sums[0]
                return [oldest, *moves][::step]
        return None

    def _marked(self, index: int) -> int:
        """The direction that a column without a title prints beside some amounts, such as CR: the others go against."""
        told = {direction(cells[index]) for _, cells in self.rows if cells[index]}
        return told.pop() if len(told) == 1 and not all(cells[index] for _, cells in self.rows) else 0

    def _lists_trades(self) -> bool:
        """Whether rows with an amount also tell how many units were traded, and are of more than one kind."""
        columns = [column.index for column in self.header.having("quantity")]
        kinds = {cells[index].split(" ")[0] for _, cells in self.rows for index in self.layout.sides[-1:]}
        return len(kinds) > 1 and any(cells[index].strip("0., ") for _, cells in self.rows for index in columns)

    def _is_doubtful(self, amounts: list[Decimal], printed: list[Printed]) -> bool:
        """Cards print purchases without a minus as often as with one.

        They name their holder, or the day of purchase beside that of booking without a balance, or nothing but payments
        received against the rest. A list without any sign or balance says nothing of directions either.
        """
        plain = sum(amount > 0 for amount in amounts)
        against = [cells for (_, cells), amount in zip(self.rows, amounts, strict=True) if amount < 0]
        told = self.layout.balance is not None or bool(self.header.having("balance"))
        words = payment_words("payments") | (frozenset() if told else payment_words("bills"))
        if against and 2 * plain >= len(amounts) and all(self._says(words, cells) for cells in against):
            return True
        if 2 * plain <= len(amounts) or self._is_card():
            return 2 * plain > len(amounts)
        return not told and not against and len(amounts) >= _SEVERAL and not any(one.plus for one in printed)

    def _is_card(self) -> bool:
        having = self.header.having
        return bool(having("card_holder") or (having("traded") and having("booked") and not having("balance")))

    def _says(self, sought: frozenset[str], cells: list[str]) -> bool:
        texts = [f" {folded(cells[index])} " for index in self.layout.description + self.layout.payee]
        return any(f" {words} " in text for text in texts for words in sought)

    def _by_answer(self, amounts: list[Decimal], words: list[int]) -> list[Decimal]:
        answer = self.answers.get("sign")
        if answer not in ("out", "in"):
            raise Undecided([self._sign_doubt(amounts)])
        sign = -1 if answer == "out" else 1
        return [abs(a) * word if word else sign * a for a, word in zip(amounts, words, strict=True)]

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


def _told(amounts: list[Decimal], signs: list[int]) -> list[tuple[int, bool]]:
    """The directions that words give, and whether the printed signs say the same."""
    return [(sign, (amount > 0) == (sign > 0)) for amount, sign in zip(amounts, signs, strict=True) if sign and amount]


def _contradict(told: list[tuple[int, bool]]) -> bool:
    """Whether words prove that all signs are printed the wrong way round: both directions, several rows, none fits."""
    return len(told) >= _SEVERAL and len({sign for sign, _ in told}) == 2 and not any(fits for _, fits in told)


def _purchases_without_minus(amounts: list[Decimal], words: list[str]) -> bool:
    """Whether exactly the amounts with a minus are called credits, or exactly those without one purchases."""
    moved = [(amount, word) for amount, word in zip(amounts, words, strict=True) if amount]
    credited = [direction(word) > 0 for _, word in moved]
    bought = ["purchase" in cell_meanings().get(folded(word), ()) for _, word in moved]
    against = [amount < 0 for amount, _ in moved]
    return any(against) and (credited == against or bought == [not one for one in against])
