"""Choosing the columns of a CSV: by their words, by what is in them, and by what the balances prove. Never by guess."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise

from msgspec import Struct, field

from payproof.documents.csv_header import DATES, Column, Header
from payproof.documents.csv_table import Row, is_amount, is_date
from payproof.documents.reading import Ambiguity, Choice, Doubt, Unreadable
from payproof.normalise.money import amount_of, decimal_mark, take_apart
from payproof.normalise.words import direction

_SAMPLE = 200
_SHOWN_ROWS = 5
_SHOWN = 60


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


class Chooser:
    """Chooses the columns of one file."""

    def __init__(self, header: Header, rows: list[Row], answers: dict[str, str]) -> None:
        self.header = header
        self.rows = rows
        self.answers = answers
        self.sample = [cells for _, cells in rows if sum(map(bool, cells)) > 1][:_SAMPLE]
        self.doubts: list[Doubt] = []

    def layout(self) -> Layout:
        """The columns. Raises `Undecided` with everything that stays open, `Unreadable` where nothing fits."""
        layout = Layout(dates=self._dates())
        self._choose_amounts(layout)
        layout.balance, layout.available = self._balances(layout)
        layout.payee, layout.payer = self._all("payee", layout), self._all("payer", layout)
        layout.description = self._descriptions(layout)
        layout.currency = self._currency(layout)
        layout.account = self._account(layout)
        layout.account_type = self._first("account_type")
        layout.sides = self._all("side", layout)
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
            found = self._hinted("date", is_date) or self._by_content("date", is_date)
        if len(found) > 1 and not self._all_same(found):
            self._doubt("date", found)
        rest = [index for tier in tiers for index in tier if index not in found[:1]]
        return [*found[:1], *rest]

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
        sides = [c.index for c in self.header.having("side")]
        found = [i for i in self._all("description", layout) if i not in sides or not self._fits_all(i, direction)]
        if not found and not layout.payee:
            found = self._hinted("description", str.strip) or self._hinted("payee", str.strip)
        if not found and not layout.payee:
            taken = {*layout.dates, *layout.money()}
            unnamed = [c.index for c in self.header.columns if c.index not in taken and not c.roles]
            found = [index for index in unnamed if self._fits(index, _is_text)]
            if len(found) > 1 and self.doubts:
                self._doubt("description", found)
        return found

    def _currency(self, layout: Layout) -> int | None:
        """Of several, the one that stands nearest to the amount: banks print it beside."""
        beside = (layout.amounts or [layout.credit or layout.debit or 0])[0]
        found = [c.index for c in self.header.having("currency") if self._fits(c.index, _is_currency)]
        return min(found, key=lambda index: (abs(index - beside), index < beside)) if found else None

    def _account(self, layout: Layout) -> int | None:
        """The own account. A column of account numbers beside names of others may hold theirs: it must be constant."""
        if (own := self._first("account_own")) is not None:
            return own
        found = [c.index for c in self.header.having("account") if c.index not in layout.dates]
        parties = layout.payee + layout.payer
        named = any(self.header.having(role) for role in ("counter_account", "account_type"))
        for index in found:
            values = [cells[index] if index < len(cells) else "" for _, cells in self.rows if sum(map(bool, cells)) > 1]
            present = {value for value in values if value}
            if not present or (len(values) - values.count("") < 0.9 * len(values)):
                continue
            one, varied = len(present) == 1, any(self._varies(party) for party in parties)
            if named or (one and (varied or not parties)) or (not parties and len(present) <= max(2, len(values) // 2)):
                return index
        return self._first("account_name") if not found else None

    def _all(self, role: str, layout: Layout) -> list[int]:
        taken = {*layout.dates, *layout.money()}
        return [c.index for c in self.header.having(role) if c.index not in taken and self._has_any(c.index)]

    def _first(self, role: str) -> int | None:
        return next((c.index for c in self.header.having(role) if self._has_any(c.index)), None)

    def _hinted(self, role: str, fits: object) -> list[int]:
        found = [c.index for c in self.header.columns if role in c.weak and self._fits(c.index, fits)]
        return found if len(found) == 1 else []

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

    def _moves(self, way: tuple[int, ...], balance: int) -> bool:
        """Whether the balance moves by these columns in every row, in one of the two orders."""
        if balance in way or len(self.sample) < 2:
            return False
        pairs = [(_change(cells, way), _rough(cells, balance)) for cells in self.sample]
        known = [(change, told) for change, told in pairs if change is not None and told is not None]
        return len(known) == len(pairs) and (_chains(known) or _chains(known[::-1]))

    def _counts(self, index: int) -> bool:
        """Whether a column holds bare whole numbers only, such as those of checks, in a file that prints cents."""
        return all(value.isdigit() for value in self._values(index))

    def _answered_amounts(self, layout: Layout) -> bool:
        parts = self.answers.get("amount", "").split("-")
        if not all(part.isascii() and part.isdigit() and int(part) < self.header.width for part in parts):
            return False
        layout.amounts, (layout.debit, layout.credit) = _apart(tuple(map(int, parts[:2])))
        return True

    def _by_content(self, about: str, fits: object, taken: Iterable[int] = ()) -> list[int]:
        """Columns whose cells look right: one is taken where a header is printed, several are asked about."""
        found = [i for i in range(self.header.width) if i not in taken and self._fits(i, fits)]
        if not found:
            raise Unreadable(f"no column of the table holds {_MISSING[about]}", self.rows[0][0] if self.rows else None)
        if len(found) > 1:
            self._doubt(about, found)
        return found[:1]

    def _doubt(self, about: str, indices: list[int]) -> None:
        self.doubts.append(Doubt(about=about, choices=[self._choice(index) for index in indices]))

    def _choice(self, index: int) -> Choice:
        title = self.header.columns[index].title or f"Column {index + 1}"
        return Choice(
            value=str(index), label=title[:_SHOWN], example=next(iter(self._values(index)), "")[:_SHOWN] or None
        )

    def _answered(self, about: str) -> int | None:
        answer = self.answers.get(about, "")
        return int(answer) if answer.isascii() and answer.isdigit() and int(answer) < self.header.width else None

    def _values(self, index: int) -> dict[str, None]:
        return dict.fromkeys(cells[index] for cells in self.sample if index < len(cells) and cells[index])

    def _has_any(self, index: int) -> bool:
        return any(index < len(cells) and cells[index] for _, cells in self.rows)

    def _fits(self, index: int, fits: object) -> bool:
        assert callable(fits)
        cells = [cells[index] for cells in self.sample if index < len(cells) and cells[index]]
        return bool(cells) and 2 * sum(map(bool, map(fits, cells))) >= len(cells)

    def _fits_all(self, index: int, fits: object) -> bool:
        assert callable(fits)
        return all(fits(value) for value in self._values(index))

    def _varies(self, index: int) -> bool:
        return len({cells[index] if index < len(cells) else "" for cells in self.sample}) > 1

    def _all_same(self, indices: list[int]) -> bool:
        return all(len({cells[i] if i < len(cells) else "" for i in indices}) == 1 for cells in self.sample)

    def _alternate(self, indices: list[int]) -> bool:
        return all(sum(1 for i in indices if i < len(cells) and cells[i]) <= 1 for cells in self.sample)

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


def _is_text(cell: str) -> bool:
    return not is_date(cell) and not is_amount(cell) and any(map(str.isalpha, cell))


def _is_currency(cell: str) -> bool:
    return (len(cell) == 3 and cell.isascii() and cell.isalpha()) or cell in "€$£"


_AVAILABLE = frozenset({"available", "disponible", "disponibile", "disponível", "verfügbar", "verfügbarer"})
_MISSING = {"date": "dates", "amount": "amounts"}


def ambiguity(header: Header, rows: list[Row], doubts: list[Doubt]) -> Ambiguity:
    """What to ask, on the file's own first rows."""
    shown = [[cell[:_SHOWN] for cell in cells[: header.width]] for _, cells in rows[:_SHOWN_ROWS]]
    titles = [column.title[:_SHOWN] or f"Column {column.index + 1}" for column in header.columns]
    return Ambiguity(header=header.hash, doubts=doubts, sample=[titles, *shown])
