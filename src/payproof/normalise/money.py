"""Printed amounts: signs, currencies, thousands and decimal marks of many countries, to one Decimal.

What a mark means is decided over a whole column (`Marks`), never on one cell: 1,234 alone can be read in two ways.
"""

import re
from decimal import Decimal

from msgspec import Struct

from payproof.normalise.text import plain_spaces

LONGEST = 40
"""No bank prints a longer amount; a longer cell is not one."""

_SYMBOLS = {
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "R$": "BRL",
    "zł": "PLN",
    "Kč": "CZK",
    "₽": "RUB",
    "₺": "TRY",
}
_SYMBOL = r"(?:[A-Z]{1,2}\$|CAD\$|[€£¥₹₽₺$¢]|zł|Kč|kr\.?|Fr\.?|Rs\.?|[A-Z]{3})"
_SIDE = r"(?:CR|DR|Cr|Dr|cr|dr|C|D|H|S)\.?"
_PLAIN = re.compile(r"([+-]?)(\d[\d.,]{0,38})", re.ASCII)
_LEAD = re.compile(rf"([+-]?)\s?({_SYMBOL})?\s?([+-]?)\s?({_SIDE})?\s?")
_TAIL = re.compile(rf"\s?([+-]?)\s?({_SYMBOL})?\s?([+-]?)\s?({_SIDE})?")
_BODY = re.compile(r"[.,]?\d[\d.,' ]*")
_DASHES = re.compile(r"[.,](?:-{1,2})$")
_GROUPED = re.compile(r"\d{1,3}(?:[' ]\d{3})+(?=$|[.,])")
_CREDIT_SIDES = {"CR", "C", "H"}


class Printed(Struct, frozen=True):
    """An amount as printed, taken apart; `digits` still holds the marks."""

    digits: str
    negative: bool = False
    side: str | None = None
    """`CR` or `DR` where the cell says so itself."""
    currency: str | None = None
    plus: bool = False
    """Whether a plus is printed: then others without a minus are no puzzle."""


def take_apart(text: str) -> Printed | None:
    """Split a cell into sign, currency and digits; None where it is not an amount."""
    if len(text) > 2 * LONGEST:
        return None
    if plain := _PLAIN.fullmatch(text):
        return Printed(plain[2], plain[1] == "-", plus=plain[1] == "+")
    cell = plain_spaces(text).strip()
    if not cell or len(cell) > LONGEST:
        return None
    bracketed = cell.startswith("(") and cell.endswith(")")
    if bracketed:
        cell = cell[1:-1].strip()
    cell = _DASHES.sub("", cell)
    lead = _LEAD.match(cell)
    body = _BODY.match(cell, lead.end() if lead else 0)
    if lead is None or body is None:
        return None
    digits = body.group().rstrip(" ")
    tail = _TAIL.fullmatch(cell, body.start() + len(digits))
    if tail is None:
        return None
    return _printed(digits, bracketed, lead.groups(default=""), tail.groups(default=""))


def _printed(digits: str, bracketed: bool, lead: tuple[str, ...], tail: tuple[str, ...]) -> Printed | None:
    signs = [sign for sign in (lead[0], lead[2], tail[0], tail[2]) if sign]
    sides = [side.rstrip(".").upper() for side in (lead[3], tail[3]) if side]
    coins = [coin for coin in (lead[1], tail[1]) if coin]
    if len(signs) + bracketed > 1 or len(sides) > 1 or len(coins) > 1:
        return None
    side = None if not sides else "CR" if sides[0] in _CREDIT_SIDES else "DR"
    return Printed(digits, bracketed or signs == ["-"], side, _currency(coins[0]) if coins else None, signs == ["+"])


def _currency(coin: str) -> str | None:
    if len(coin) == 3 and coin.isalpha() and coin.isupper():
        return coin
    return _SYMBOLS.get(coin) or (coin[:3] if coin.startswith("CAD") else None)


class Marks:
    """Which mark is the decimal one, gathered over all amounts of a file."""

    def __init__(self) -> None:
        self.seen: dict[str, int] = {}
        """Decimal marks that some amount proves, with the line of the first proof."""
        self.doubtful: list[str] = []
        """The first few amounts that can be read in two ways."""
        self.single: set[str] = set()
        """The marks of those amounts."""

    def add(self, digits: str, line: int) -> bool:
        """Take one amount into account; False where no reading of it exists."""
        proof = decimal_mark(digits)
        if proof is None:
            return False
        if proof == "?":
            self.single.add("," if "," in digits else ".")
            if len(self.doubtful) < 5:
                self.doubtful.append(digits)
        elif proof:
            self.seen.setdefault(proof, line)
        return True

    def conflict(self) -> int | None:
        """The line where the file begins to contradict itself, None where it does not."""
        return max(self.seen.values()) if len(self.seen) > 1 else None

    def mark(self) -> str | None:
        """The decimal mark; None where only the person can tell."""
        if self.seen:
            return next(iter(self.seen))
        return None if self.doubtful else "."


def decimal_mark(digits: str) -> str | None:
    """`.` or `,` where the digits prove it, `?` where both fit, empty where neither matters, None where none fits."""
    if "'" in digits or " " in digits:
        grouped = _GROUPED.match(digits)
        if grouped is None:
            return None
        rest = digits[grouped.end() :]
        return (rest[0] if rest.count(rest[0]) == 1 and rest[1:].isdigit() else None) if rest else ""
    dots, commas = digits.count("."), digits.count(",")
    if dots and commas:
        last = max(".", ",", key=digits.rfind)
        return last if amount_of(digits, last) is not None else None
    if not dots and not commas:
        return ""
    mark = "." if dots else ","
    if dots + commas > 1:
        other = "," if dots else "."
        return other if amount_of(digits, other) is not None else None
    whole, _, fraction = digits.partition(mark)
    return "?" if len(fraction) == 3 and 0 < len(whole) <= 3 and whole[0] != "0" else mark


def amount_of(digits: str, mark: str) -> Decimal | None:
    """The value with `mark` as decimal mark; None where the thousands do not fit."""
    whole, _, fraction = digits.partition(mark)
    if mark in fraction or (fraction and not fraction.isdigit()):
        return None
    groups = re.split(r"[.,' ]", whole)
    if len(groups) > 1 and not _groups_fit(groups):
        return None
    joined = "".join(groups)
    if not (joined or fraction) or (joined and not joined.isdigit()) or not digits.isascii():
        return None
    return Decimal(f"{joined or '0'}.{fraction}" if fraction else joined)


def _groups_fit(groups: list[str]) -> bool:
    """Groups of three; of two before the last where counted in lakhs."""
    sizes = {len(group) for group in groups[1:-1]}
    return 1 <= len(groups[0]) <= 3 and len(groups[-1]) == 3 and (sizes <= {3} or sizes == {2})


def tidy(amount: Decimal) -> Decimal:
    """Without zeros beyond the hundredths: 1500.0000 is 1500.00, 0.1234 stays."""
    if amount.as_tuple().exponent in (0, -1, -2):
        return amount
    shorter = amount.normalize()
    exponent = shorter.as_tuple().exponent
    return shorter.quantize(Decimal("0.01")) if isinstance(exponent, int) and exponent > -2 else shorter
