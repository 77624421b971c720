"""The words that banks print over columns and in them, by language, as tables beside this file."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from payproof.normalise.text import folded

_DAY = re.compile(r"\d{1,4}([-/.])\d{1,2}(?:\1\d{2,4})?\s*$")
LANGUAGES = ("en", "es", "de", "fr", "pt", "it", "nl")


@cache
def _tables() -> tuple[dict[str, Any], ...]:
    folder = files("payproof.normalise") / "words"
    return tuple(tomllib.loads((folder / f"{language}.toml").read_text("utf-8")) for language in LANGUAGES)


def month_names() -> Iterator[tuple[str, ...]]:
    """The twelve names, once per language and form."""
    for table in _tables():
        for names in table["months"]:
            yield tuple(folded(name) for name in names)


@cache
def column_roles() -> dict[str, frozenset[str]]:
    """What a column may hold, by the folded words over it."""
    return _by_word("columns")


@cache
def cell_meanings() -> dict[str, frozenset[str]]:
    """What a cell says, by its folded words: `inward`, `outward`, `pending`, `void`, account types."""
    return _by_word("cells")


@cache
def total_words() -> frozenset[str]:
    """Folded words with which a line of totals or balances begins."""
    return frozenset(folded(word) for table in _tables() for word in table["totals"]) | balance_kinds().keys()


@cache
def balance_kinds() -> dict[str, str]:
    """What a balance is, by the folded words of its label: `opening`, `closing`, `available`, `owed`, `line`."""
    kinds = {"lines": "line", "available": "available", "owed": "owed", "opening": "opening", "closing": "closing"}
    return {
        folded(word): kind
        for section, kind in kinds.items()
        for table in _tables()
        for word in table["balances"].get(section, ())
    }


@cache
def words_of_balances(section: str) -> frozenset[str]:
    """Single words about balances: `connecting` a label with its day, naming a `holder`, `also_names` of companies."""
    return frozenset(folded(word) for table in _tables() for word in table["balances"].get(section, ()))


@lru_cache(maxsize=1 << 12)
def is_balance_line(text: str) -> bool:
    """Whether a posting's whole text is that of a balance, with no more than a day behind it."""
    words = folded(_DAY.sub(" ", text))
    plain = " " not in words and words != "saldo"
    return words in balance_kinds() and not plain and words not in words_of_balances("also_names")


def begins_balance(text: str) -> bool:
    """A quick look before `is_balance_line`, for files of many postings."""
    return text[:2].lower() in _beginnings()


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(words[:2] for words in balance_kinds()) | {"üb"}


@cache
def payment_words(section: str) -> frozenset[str]:
    """Folded texts about a card's bill: `payments` thank for one, `bills` only name it, as the payer's bank may too."""
    return frozenset(folded(word) for table in _tables() for word in table[section])


@lru_cache(maxsize=1 << 12)
def direction(cell: str) -> int:
    """1 where the words say that money came in, -1 where it went out, 0 where they do not say."""
    words = folded(cell)
    meanings = cell_meanings().get(words or cell.strip(), frozenset()) & {"inward", "outward"}
    if not meanings:
        parts = set(words.split()) & {"debit", "credit"} if "card" not in words else set()
        meanings = frozenset("inward" if part == "credit" else "outward" for part in parts)
    return 0 if len(meanings) != 1 else 1 if "inward" in meanings else -1


def _by_word(section: str) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for table in _tables():
        for meaning, words in table[section].items():
            for word in words:
                found.setdefault(folded(word) or word, set()).add(meaning)
    return {word: frozenset(meanings) for word, meanings in found.items()}
