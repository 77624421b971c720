"""A tolerant reader of tags: one for the SGML of OFX 1 and the XML of OFX 2. Linear, and expands no entity."""

import re
from collections.abc import Iterator

from payproof.documents.charset import line_of
from payproof.documents.reading import Unreadable

Tag = tuple[int, str, bytes, str]
"""Position, name opened (empty for a closing alone), value behind it, name closed right after (or empty)."""

_OPEN = re.compile(
    rb"<([A-Za-z](?:[^\s<>/]|/(?!>))*+)(?:\s[^<>]*+)?+(/?)>"
    rb"([^<]*+(?:<(?![A-Za-z/!?])[^<]*+)*+)"
    rb"(?:</([A-Za-z][^\s<>]*+)\s*+>)?+"
)
_CLOSE = re.compile(rb"</([A-Za-z][^\s<>]*+)\s*+>")
_LEAF = re.compile(rb"<([A-Z0-9.]++)>([^<]*+)")
_CLOSED_LEAF = re.compile(rb"<([A-Z0-9.]++)>([^<]*+)</\1>")
_ENTITY = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos|nbsp));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "nbsp": " "}
_OPEN_CDATA = b"<![CDATA["


class Names(dict[bytes, str]):
    """Printed names to upper case without a namespace, each worked out once."""

    def __missing__(self, printed: bytes) -> str:
        name = printed.rpartition(b":")[2].upper().decode("ascii", "replace")
        if len(self) < 5_000:
            self[printed] = name
        return name


class Place:
    """Where reading goes on; whoever reads a stretch by itself moves it ahead."""

    __slots__ = ("at",)

    def __init__(self, at: int) -> None:
        self.at = at


def tags(body: bytes, place: Place, names: Names) -> Iterator[Tag]:
    """Every tag from `place` on, in order. Raises `Unreadable` where the text breaks off inside one."""
    at, end = body.find(b"<", place.at), len(body)
    match_open, match_close = _OPEN.match, _CLOSE.match
    while 0 <= at < end:
        found = match_open(body, at)
        if found:
            printed, empty, value, closed = found.groups()
            at = found.end()
            name = names[printed]
            if body.startswith(_OPEN_CDATA, at):
                value, at, closed = _with_cdata(body, at, value)
            place.at = at
            yield found.start(), name, value, names[closed] if closed else (name if empty else "")
            at = place.at
        elif found := match_close(body, at):
            yield at, "", b"", names[found[1]]
            at = found.end()
        else:
            at = _past_declaration(body, at)
        at = body.find(b"<", at)


def plain_leaves(body: bytes, start: int, end: int) -> list[tuple[bytes, bytes]] | None:
    """Names and values of a stretch that holds nothing but leaves, all closed or all open; None where it holds more."""
    signs = body.count(b"<", start, end)
    found = _LEAF.findall(body, start, end)
    if len(found) == signs:
        return found
    found = _CLOSED_LEAF.findall(body, start, end)
    return found if 2 * len(found) == signs else None


def _with_cdata(body: bytes, at: int, value: bytes) -> tuple[bytes, int, bytes | None]:
    """A value that goes on in CDATA, its end, and the name closed after it. Ampersands in CDATA are literal."""
    parts = [value]
    while body.startswith(_OPEN_CDATA, at):
        stop = body.find(b"]]>", at)
        if stop < 0:
            raise Unreadable("the file breaks off inside a CDATA section", line_of(body, at))
        parts.append(body[at + len(_OPEN_CDATA) : stop].replace(b"&", b"&amp;"))
        rest = body.find(b"<", stop + 3)
        at = rest if rest >= 0 else len(body)
        parts.append(body[stop + 3 : at])
    closed = _CLOSE.match(body, at)
    return b"".join(parts), closed.end() if closed else at, closed[1] if closed else None


def _past_declaration(body: bytes, at: int) -> int:
    """Behind a comment, an instruction or a declaration; a document type of the file's own is refused."""
    if body.startswith(b"<!--", at):
        stop, size = body.find(b"-->", at), 3
    elif body.startswith(b"<?", at):
        stop, size = body.find(b">", at), 1
    elif body.startswith(_OPEN_CDATA, at):
        stop, size = body.find(b"]]>", at), 3
    elif body.startswith(b"<!", at):
        stop, size = body.find(b">", at), 1
        if b"[" in body[at:stop] or body[at : at + 8].upper() == b"<!ENTITY":
            raise Unreadable("the file declares entities, which no bank statement needs", line_of(body, at))
    else:
        raise Unreadable("the file breaks off inside a tag or holds a broken one", line_of(body, at))
    if stop < 0:
        raise Unreadable("the file breaks off inside a declaration", line_of(body, at))
    return stop + size


def closed_names(body: bytes) -> frozenset[str]:
    """Every name that is closed somewhere in the text."""
    names = Names()
    return frozenset(names[found[1]] for found in _CLOSE.finditer(body))


def unescaped(text: str) -> str:
    """The five entities of XML and numbered characters; anything else stays as printed, a bare ampersand too."""
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(found: re.Match[str]) -> str:
    if found[3]:
        return _NAMED[found[3]]
    number = int(found[1]) if found[1] else int(found[2], 16)
    return chr(number) if 0x20 <= number < 0xD800 or 0xE000 <= number < 0x110000 else " "
