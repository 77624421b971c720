"""Balances that are printed outside of the rows of postings: a label, an amount and often a day."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from payproof.documents.csv_days import Days
from payproof.documents.csv_header import Header, currency_in
from payproof.documents.csv_layout import Layout
from payproof.documents.csv_table import Row
from payproof.normalise.dates import readings
from payproof.normalise.money import amount_of, decimal_mark, take_apart, tidy
from payproof.normalise.text import folded, plain_spaces
from payproof.normalise.words import balance_kinds, column_roles, words_of_balances

_DAY = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{2,4}(?:,? \d{1,2}:\d{2}(?::\d{2})?)?|\d{1,2}\.? ?[^\W\d_]{3,12}\.? \d{4}")
_MONTH_FIRST = re.compile(r"[^\W\d_]{3,12}\.? \d{1,2}, \d{4}")
_AMOUNT = re.compile(r"[-+(]?\s?(?:\b[A-Z]{2,3}\$?|R\$|[€$£])?\s?[-+]?\s?\d[\d.,' ]*\)?-?\s?(?:€|[A-Z]{3}|[CDHS]R?)?$")


class Told(NamedTuple):
    """One printed balance."""

    kind: str
    """`closing` or `available`."""
    amount: Decimal
    on: date | None
    currency: str | None


def balances_outside(
    preamble: list[Row], told: list[Row], header: Header, layout: Layout, days: Days, mark: str
) -> list[Told]:
    """What the lines above, below and between the postings say; opening balances do not count."""
    stated = _stated_day(preamble, days)
    found: list[Told] = []
    for _, cells in preamble:
        found += _in_line(cells, range(len(cells)), days, mark, stated)
    for (_, titles), (_, cells) in pairwise(preamble):
        found += _below(titles, cells, mark)
    for _, cells in told:
        columns = {*layout.money(), *range(2)} if any(cells[i] for i in layout.money()) else range(len(cells))
        found += _in_line(cells, columns, days, mark, None) or _under_title(cells, header, mark)
    return found


def _stated_day(rows: list[Row], days: Days) -> date | None:
    """The day that a line of its own gives to all that stands above the table."""
    pairs = [[cell for cell in cells if cell] for _, cells in rows]
    stated = [days.read(pair[1]) for pair in pairs if len(pair) == 2 and _names_day(folded(pair[0]).split())]
    return stated[0] if len(stated) == 1 else None


def _names_day(words: list[str]) -> bool:
    """Whether a label says no more than “date”, or names the date of a balance."""
    dated = bool(words) and "date" in column_roles().get(words[0], ())
    return dated and (len(words) == 1 or any(" ".join(words[at:]) in balance_kinds() for at in range(1, len(words))))


def _in_line(cells: list[str], columns: Iterable[int], days: Days, mark: str, stated: date | None) -> list[Told]:
    on: date | None = None
    label = ""
    amounts = []
    for index, cell in enumerate(cells):
        if len(cell) > 120 or not cell:
            continue
        text, day = _without_day(plain_spaces(cell), days)
        on = on or day
        if not label.strip():
            label, text = _split(text)
        if text.strip() and index in columns and (value := _value(text, mark)):
            amounts.append(value)
    known = _kind(label)
    if known is None or known[0] in ("opening", "line") or len(amounts) != 1:
        return []
    kind, currency = known
    amount, coin = amounts[0]
    currency = currency or coin or next((c for cell in cells if len(cell) <= 3 and (c := currency_in(cell))), None)
    if kind == "owed":
        kind, amount = "closing", -abs(amount)
    return [Told(kind, amount, on or stated, currency)]


def _without_day(text: str, days: Days) -> tuple[str, date | None]:
    for pattern in (_MONTH_FIRST, _DAY):
        for found in pattern.finditer(text):
            if readings(found[0]):
                return text[: found.start()] + " " + text[found.end() :], days.read(found[0])
    return text, None


def _split(text: str) -> tuple[str, str]:
    """The label, and the amount that may stand behind it."""
    found = _AMOUNT.search(text)
    return (text[: found.start()], found[0]) if found else (text, "")


def _kind(label: str) -> tuple[str, str | None] | None:
    """What kind of balance a label names, and its currency; None where it says anything else."""
    currency = currency_in(label)
    words = [word for word in folded(label).split() if word not in ("€", "£", "$", "r$")]
    for count in range(min(5, len(words)), 0, -1):
        kind = balance_kinds().get(" ".join(words[:count]))
        if kind is not None:
            rest = [
                w for w in words[count:] if w not in words_of_balances("connecting") and currency_in(w.upper()) is None
            ]
            return (kind, currency) if not [word for word in rest if currency_in(word) is None] else None
    return None


def _below(titles: list[str], cells: list[str], mark: str) -> list[Told]:
    """Balances that stand under their labels, in a small table of its own above the other."""
    found = []
    for title, cell in zip(titles, cells, strict=False):
        known, value = _kind(title), _value(cell, mark)
        if known and value and known[0] in ("closing", "available") and sum(map(bool, titles)) > 1:
            found.append(Told(known[0], value[0], None, known[1] or value[1]))
    return found


def _under_title(cells: list[str], header: Header, mark: str) -> list[Told]:
    """A balance alone in its row, named by the title of its column."""
    if sum(map(bool, cells)) != 1:
        return []
    column = next((column for column in header.having("balance") if cells[column.index]), None)
    known = _kind(column.title) if column else None
    value = _value(cells[column.index], mark) if column else None
    if known is None or value is None or known[0] not in ("closing", "available"):
        return []
    return [Told(known[0], value[0], None, known[1] or value[1])]


def _value(text: str, mark: str) -> tuple[Decimal, str | None] | None:
    printed = take_apart(text.strip())
    proof = decimal_mark(printed.digits) if printed else None
    value = amount_of(printed.digits, proof if proof in (".", ",") else mark) if printed and proof is not None else None
    if printed is None or value is None:
        return None
    negative = printed.negative or printed.side == "DR"
    return tidy(-value if negative else value), printed.currency
