"""The number of an account inside a line of text: whole, masked or as an IBAN, never a day or an amount."""

import re
from collections.abc import Iterator

from payproof.normalise.text import folded, letters_and_digits, plain_spaces
from payproof.normalise.words import cell_meanings, column_roles, words_of_balances

_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_MASKED = re.compile(r"(?:\b\d{1,6}[ \-]?)?(?<![A-Za-z])(?:[*•xX]{2}|\.{3}|…)[*•…xX. \-]{0,40}\d{2,6}\b")
_PLAIN = re.compile(r"(?<![\w.,])[A-Z]{0,4}\d[\dA-Z]*(?:[ \-/.](?=[A-Z]{0,4}\d)[\dA-Z]+)*(?![\w,])")
_DAY = re.compile(r"\b\d{1,4}([-/.])\d{1,2}\1\d{2,4}\b|\b\d{1,2}:\d{2}(?::\d{2})?\b")
_AMOUNT = re.compile(r"[.,]\d{1,2}$")
_INSIDE = 6
"""Fewer digits in the middle of a text may be anything."""
_LONGEST = 300


def number_in(text: str) -> str | None:
    """The first account number in a text of its own, None where it holds none."""
    return next(_numbers(text), None)


def number_in_line(cells: list[str]) -> str | None:
    """The account number that stands behind a word for an account or its kind: in its cell, or alone in a later one."""
    words: list[str] = []
    for cell in cells:
        begin = 0
        for found in _numbers(cell):
            at = cell.upper().find(found[:4].upper(), begin)
            before = folded(cell[begin:at]).split()
            alone = letters_and_digits(found) == letters_and_digits(cell)
            if _IBAN.fullmatch(found) or ((before or alone) and _is_account(before or words, found)):
                return found
            begin = at + len(found)
        words += folded(cell[:_LONGEST]).split()
    return None


def _is_account(words: list[str], number: str) -> bool:
    if not _names_account(words) or not words_of_balances("holder").isdisjoint(words):
        return False
    return bool(_MASKED.fullmatch(number)) or sum(map(str.isdigit, number)) >= _INSIDE


def _numbers(text: str) -> Iterator[str]:
    plain = plain_spaces(text[:_LONGEST]).lstrip("_")
    if iban := _IBAN.search(plain.upper()):
        yield iban[0]
        return
    bare = _DAY.sub(" | ", plain)
    if masked := _MASKED.search(bare):
        yield masked[0].strip()
        return
    for found in _PLAIN.finditer(bare.upper()):
        if sum(map(str.isdigit, found[0])) >= 4 and not _AMOUNT.search(found[0]):
            yield found[0]


def _names_account(words: list[str]) -> bool:
    spans = {" ".join(words[at : at + count]) for at in range(len(words)) for count in (1, 2, 3)}
    return any("account" in column_roles().get(span, ()) for span in spans) or any(
        cell_meanings().get(span, frozenset()) & _KINDS for span in spans
    )


_KINDS = frozenset({"checking", "savings", "credit_card", "line_of_credit", "loan", "mortgage", "money_market"})
