"""The text of an HTML page, cut at its tags.

Takes time and memory in proportion to the text, whatever is in it. Comments, scripts, styles and a tag that is broken
off are not part of the page.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

_MARKUP = re.compile(
    r"""<(?:
        t[dh]> ([^<&]*+ (?:<td>[^<&]*+)*) (?=<t[dr]>)                               # plain cells
        | (?i:script|style)\b .*? (?:</(?i:script|style)\b[^>]*+>? | \Z)
        | (/?[a-zA-Z][^\s/>]*+) ((?:[^>=]++ | =\s*+(?:"[^"]*"|'[^']*')?)*+) >?     # tag, attributes
        | !--.*? (?:--!?> | \Z)
        | [!?/][^>]*+>?
    ) ([^<]*+ (?:<(?![a-zA-Z!?/])[^<]*+)*+)                                        # text
    """,
    re.VERBOSE | re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([^\s/>=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?""")

Piece = tuple[str | None, str | None, str, str]
"""Plain cells or a tag, the tag's attributes, and the text up to what comes next.

Plain cells are the texts of neighbours in a row that hold nothing else, with `<td>` between them: a page of pay is
hundreds of them, and one by one they would take twice the time.
"""


def pieces(html: str) -> Iterator[Piece]:
    """What a page consists of, from its first tag on. An end tag begins with a slash."""
    found: Iterator[Any] = map(re.Match.groups, _MARKUP.finditer(html))
    return found


def attributes(written: str) -> dict[str, str]:
    """The attributes of a tag by their names."""
    return {name.lower(): unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(written)}
