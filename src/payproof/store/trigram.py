"""Names as they are searched: folded to plain words, and cut into pieces of three letters."""

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 64
"""Letters of a search that are looked at: no name in the directory needs more, and the work stays bounded."""
_INITIAL = re.compile(r"\b([^\W\d_])\.")
_GAPS = re.compile(r"[\W_]+")
_APOSTROPHES = "'’‘`´"
_PLAIN = {code: " " for code in range(128) if not chr(code).isalnum()} | dict.fromkeys(map(ord, _APOSTROPHES))
"""Signs of ASCII that part words, and signs that do not."""


def folded(text: str) -> str:
    """Lower case, without accents and marks, words one space apart, without a leading "the".

    What belongs together is kept together: McDonald's is `mcdonalds`, U.S. Bank is `us bank`.
    """
    plain = text if text.isascii() else unicodedata.normalize("NFKD", text)
    plain = plain.casefold()
    if "." in plain:
        plain = _INITIAL.sub(r"\1", plain)
    plain = plain.translate(_PLAIN)
    if not plain.isascii():
        plain = _GAPS.sub(" ", "".join(one for one in plain if not unicodedata.combining(one)))
    return " ".join(plain.split()).removeprefix("the ")


def wanted(text: str) -> str:
    """A search as it is compared with folded names."""
    return folded(text[: LONGEST * 4])[:LONGEST].rstrip()


def words_of(name: str, also: Iterable[str]) -> str:
    """All that an entry is found by: its folded name, and what else it goes by."""
    words = name
    for one in also:
        more = folded(one)
        if more not in words:
            words = f"{words} {more}"
    return words


def trigrams(words: str) -> list[str]:
    """The pieces of each word, with a space before it; a word of one letter has a space behind it too."""
    found: set[str] = set()
    for word in words.split(" "):
        padded = f" {word}" if len(word) > 1 else f" {word} "
        found.update([padded[at : at + 3] for at in range(len(padded) - 2)])
    return sorted(found)


def needles(text: str) -> list[str]:
    """What a search is made of: its pieces, and those that it would have in one word, as "jp morgan" has in jpmorgan.

    Of a last word that has but one letter yet, there is nothing to look for.
    """
    whole, _, last = text.rpartition(" ")
    searched = text if len(last) > 1 else whole
    joined = text.replace(" ", "")
    pieces = {*(trigrams(searched) if searched else ()), *(trigrams(joined) if len(joined) > 1 else ())}
    return sorted(pieces)


def likeness(one: str, other: str) -> float:
    """How alike two folded texts are: 1 for the same words, 0 for nothing in common."""
    ours, theirs = set(trigrams(one)), set(trigrams(other))
    return len(ours & theirs) / len(ours | theirs)
