"""Printed text: spaces, dashes and accents of many keyboards, to one form."""

import re
import unicodedata

_PLAIN = str.maketrans(
    {
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\u2007": " ",
        "\t": " ",
        "\u2212": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2019": "'",
        "\u00b4": "'",
        "`": "'",
    }
)
_WORD = re.compile(r"[^a-z0-9+#$€£]+")


def plain_spaces(text: str) -> str:
    """Every kind of space as a space, every kind of minus as a minus, every kind of apostrophe as one."""
    return text.translate(_PLAIN)


def folded(text: str) -> str:
    """Lower case without accents and marks, words one space apart: the form in which words are compared."""
    bare = text.casefold()
    if not bare.isascii():
        bare = "".join(sign for sign in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(sign))
    return _WORD.sub(" ", bare).strip()


def letters_and_digits(text: str) -> str:
    """What identifies an account however it is spaced or hyphenated."""
    return "".join(sign for sign in text.upper() if sign.isalnum())
