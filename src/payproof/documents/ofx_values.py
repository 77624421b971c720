"""Values of OFX tags: text in its charset, days, amounts. What cannot be read is refused with its line."""

import re
from datetime import date
from decimal import Decimal

from payproof.documents.charset import CONTROLS, line_of
from payproof.documents.reading import Unreadable
from payproof.documents.tags import unescaped
from payproof.normalise.dates import ofx_day
from payproof.normalise.money import amount_of, decimal_mark, tidy
from payproof.normalise.text import plain_spaces

Fields = dict[str, tuple[bytes, int]]

_AMOUNT = re.compile(r"([+-]?)\s*([.,]?\d[\d.,' ]*)\s*(-?)")
_PLAIN = re.compile(rb"\s*([+-]?\d{1,18}(?:\.\d{0,2}|\.\d{4,9})?)\s*")
_LONGEST = 60


class Values:
    """Reads values of one file."""

    def __init__(self, body: bytes, charset: str) -> None:
        self.body = body
        self.charset = charset
        self.days: dict[bytes, date] = {}

    def field(self, fields: Fields, name: str) -> str | None:
        """The text of a tag, None where it is absent or empty."""
        found = fields.get(name)
        return self.text(*found) if found else None

    def text(self, value: bytes, at: int) -> str | None:
        value = value.strip()
        if not value:
            return None
        try:
            text = value.decode("utf-8")
        except UnicodeDecodeError:
            text = self._in_charset(value, at)
        if "&" in text:
            text = unescaped(text)
        return text if text.isprintable() else text.translate(CONTROLS).strip() or None

    def _in_charset(self, value: bytes, at: int) -> str:
        try:
            return value.decode(self.charset)
        except UnicodeDecodeError:
            raise Unreadable(
                f"the letters are neither UTF-8 nor {self.charset.upper()}", line_of(self.body, at)
            ) from None

    def day(self, fields: Fields, name: str) -> date | None:
        """The day of a tag; None where it is absent or empty. Raises `Unreadable` for anything else that is no day."""
        found = fields.get(name)
        if found is None:
            return None
        value = found[0].strip()
        known = self.days.get(value)
        if known is None and value:
            text = self.text(*found) or ""
            known = ofx_day(text) if len(text) <= _LONGEST else None
            if known is None:
                raise Unreadable(f"<{name}> is not a date: {_shown(text)}", line_of(self.body, found[1]))
            if len(self.days) < 20_000:
                self.days[value] = known
        return known

    def lenient_day(self, fields: Fields, name: str) -> date | None:
        """A day beside the postings: zeros mean that the bank does not say."""
        found = fields.get(name)
        return None if found is None or not found[0].strip(b" \t\r\n0") else self.day(fields, name)

    def amount(self, fields: Fields, name: str) -> Decimal | None:
        """The signed amount of a tag, None where it is absent or empty. Raises `Unreadable` for anything else."""
        found = fields.get(name)
        if found is None:
            return None
        plain = _PLAIN.fullmatch(found[0])
        if plain:
            return tidy(Decimal(plain[1].decode("ascii")))
        text = self.text(*found)
        return self._odd_amount(name, text, found[1]) if text else None

    optional_amount = amount

    def _odd_amount(self, name: str, text: str, at: int) -> Decimal:
        parts = _AMOUNT.fullmatch(plain_spaces(text)) if len(text) <= _LONGEST else None
        mark = decimal_mark(parts[2].strip()) if parts else None
        if parts and mark == "?" and "," not in parts[2]:
            mark = "."
        if parts is None or mark is None or (parts[1] and parts[3]):
            raise Unreadable(f"<{name}> is not an amount: {_shown(text)}", line_of(self.body, at))
        if mark == "?":
            raise Unreadable(f"<{name}> can be read in two ways: {_shown(text)}", line_of(self.body, at))
        value = amount_of(parts[2].strip(), mark or ".")
        if value is None:
            raise Unreadable(f"<{name}> is not an amount: {_shown(text)}", line_of(self.body, at))
        return tidy(-value if "-" in (parts[1], parts[3]) else value)

    def currency(self, fields: Fields, name: str) -> str | None:
        """A code of three letters, None for anything else."""
        code = (self.field(fields, name) or "").upper()
        return code if len(code) == 3 and code.isascii() and code.isalpha() else None


def _shown(text: str) -> str:
    return f"“{text[:40]}”"
