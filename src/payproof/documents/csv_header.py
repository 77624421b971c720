"""Finding the header of a CSV and what each of its columns may hold, by the words over it."""

import hashlib
import re
from collections.abc import Iterator

from msgspec import Struct

from payproof.documents.csv_table import Row, is_amount, is_date
from payproof.normalise.text import folded
from payproof.normalise.words import balance_kinds, column_roles

DATES = ("booked", "date", "traded", "valued")
MONEY = frozenset({"amount", "debit", "credit", "amount_gross", "amount_foreign"})
_PREAMBLE = 80
_CURRENCIES = frozenset(
    {
        *(
            "EUR",
            "USD",
            "GBP",
            "CHF",
            "CAD",
            "AUD",
            "NZD",
            "BRL",
            "MXN",
            "ARS",
            "CLP",
            "COP",
            "PEN",
            "UYU",
            "SEK",
            "NOK",
        ),
        *(
            "DKK",
            "ISK",
            "PLN",
            "CZK",
            "HUF",
            "RON",
            "BGN",
            "TRY",
            "RUB",
            "UAH",
            "INR",
            "JPY",
            "CNY",
            "HKD",
            "SGD",
            "TWD",
        ),
        *("ZAR", "ILS", "AED", "SAR", "THB", "IDR", "MYR", "PHP", "KRW", "VND", "NGN", "KES", "EGP", "MAD", "TND"),
    }
)
_CURRENCY_WORDS = {
    "euro": "EUR",
    "euros": "EUR",
    "€": "EUR",
    "£": "GBP",
    "r$": "BRL",
    "cad$": "CAD",
    "usd$": "USD",
    "us$": "USD",
}
_WEAK = frozenset({"date", "amount", "debit", "credit", "balance", "description", "payee"})
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PREPOSITIONS = frozenset({"in", "en", "em", "de", "of", "the"})
_TOKEN = re.compile(r"[A-Za-z]*[$€£]|[A-Za-z]+")


class Column(Struct, frozen=True, kw_only=True):
    """One column and what the words over it allow."""

    index: int
    title: str
    roles: frozenset[str]
    weak: frozenset[str] = frozenset()
    """What single words in a longer title hint at."""
    currency: str | None = None


class Header(Struct, frozen=True, kw_only=True):
    columns: tuple[Column, ...]
    first_row: int
    """Index of the first row below it."""
    is_printed: bool = True

    @property
    def width(self) -> int:
        return len(self.columns)

    @property
    def hash(self) -> str:
        """The same for all files of one exporter."""
        words = (
            "\x1f".join(folded(column.title) for column in self.columns).rstrip("\x1f")
            if self.is_printed
            else f"none:{self.width}"
        )
        return hashlib.sha256(words.encode()).hexdigest()[:16]

    def having(self, role: str) -> list[Column]:
        return [column for column in self.columns if role in column.roles]


def find_header(rows: list[Row]) -> Header | None:
    """The first row whose words name a date and an amount; else the row above the data; else none was printed."""
    for wanted in (_named, _hinted):
        for at, (_, cells) in enumerate(rows[:_PREAMBLE]):
            header = header_in(cells, at + 1)
            roles = frozenset[str]().union(*map(wanted, header.columns))
            if roles & set(DATES) and roles & MONEY and not any(map(is_date, cells)):
                return header
    return _above_data(rows)


def _named(column: Column) -> frozenset[str]:
    return column.roles


def _hinted(column: Column) -> frozenset[str]:
    return column.roles | column.weak


def _above_data(rows: list[Row]) -> Header | None:
    for at, (_, cells) in enumerate(rows[:_PREAMBLE]):
        if not (any(map(is_date, cells)) and any(is_amount(cell) and not is_date(cell) for cell in cells)):
            continue
        above = rows[at - 1][1] if at else []
        titled = (
            len(above) >= 2
            and sum(map(bool, above)) >= 2
            and not any(is_date(cell) or is_amount(cell) for cell in above)
        )
        if titled and len(above) >= len(cells) - 1:
            return header_in(above, at)
        columns = tuple(Column(index=index, title="", roles=frozenset()) for index in range(len(cells)))
        return Header(columns=columns, first_row=at, is_printed=False)
    return None


def header_in(cells: list[str], first_row: int) -> Header:
    """The cells of one row as titles."""
    return Header(columns=tuple(_column(index, cell) for index, cell in enumerate(cells)), first_row=first_row)


def _column(index: int, title: str) -> Column:
    currency = currency_in(title)
    roles = next((found for words in _spellings(title) if (found := column_roles().get(words))), frozenset[str]())
    if not roles and balance_kinds().get(_without_currency(title)) in ("closing", "available"):
        roles = frozenset({"balance"})
    if currency and not roles and not _without_currency(title):
        roles = frozenset({"amount"})
    weak = frozenset[str]()
    if not roles:
        hints = [column_roles().get(word, frozenset[str]()) for word in folded(title).split()]
        meant = frozenset[str]().union(*hints)
        weak = meant if len(meant) == 1 and meant <= _WEAK else weak
    return Column(index=index, title=title, roles=roles, weak=weak, currency=currency)


def currency_in(title: str) -> str | None:
    """The one currency that a title or label names."""
    found = {code for token in _TOKEN.findall(title) if (code := _code(token))}
    return found.pop() if len(found) == 1 else None


def _code(token: str) -> str | None:
    return token if token in _CURRENCIES else _CURRENCY_WORDS.get(token.lower())


def _spellings(title: str) -> Iterator[str]:
    """The title as words, then split where capitals begin, then without a currency and signs."""
    yield folded(title) or title
    yield folded(_CAPITAL.sub(" ", title))
    yield _without_currency(title)
    yield _without_currency(title).rstrip("+# ")
    yield " ".join(word for word in _without_currency(title).split() if word not in _PREPOSITIONS)


def _without_currency(title: str) -> str:
    words = [word for word in folded(title).split() if word.upper() not in _CURRENCIES and word not in _CURRENCY_WORDS]
    return " ".join(word for word in words if word != "$")
