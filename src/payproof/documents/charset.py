"""Which letters the bytes of a text file mean. UTF-8 is proved by the bytes; a header is believed only after that."""

import codecs
from encodings.aliases import aliases
from functools import cache

from payproof.documents.reading import Unreadable

_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHUNK = 1 << 16
_KNOWN = (
    *(f"cp125{digit}" for digit in range(9)),
    *(f"iso8859-{number}" for number in range(2, 17) if number != 12),
    *("cp437", "cp850", "cp852", "cp855", "cp866", "cp932", "cp936", "cp949", "cp950", "shift_jis", "gbk", "gb2312"),
    *("gb18030", "big5", "euc_jp", "euc_kr", "koi8-r", "koi8-u", "mac-roman"),
)
"""Charsets that a header may declare; anything else counts as Windows-1252."""
CONTROLS = dict.fromkeys([*range(0x20), 0x7F], " ")
"""Control characters, to be taken for spaces inside a value."""


def narrow(body: bytes) -> bytes:
    """The text with ASCII as single bytes: UTF-16 and UTF-32 become UTF-8, a mark at the beginning goes."""
    for mark, encoding in _WIDE:
        if body.startswith(mark):
            return _as_utf8(body, len(mark), encoding)
    if body.startswith(codecs.BOM_UTF8):
        return body[3:]
    if wide := _unmarked(body[:400]):
        return _as_utf8(body, 0, wide)
    if b"\0" in body:
        raise Unreadable("the file holds binary data, not text", line_of(body, body.index(b"\0")))
    return body


def _unmarked(start: bytes) -> str | None:
    """UTF-16 without a mark shows in the zero bytes beside plain letters."""
    if len(start) >= 8 and not len(start) % 2:
        if not any(start[1::2]) and all(start[::2]):
            return "utf-16-le"
        if not any(start[::2]) and all(start[1::2]):
            return "utf-16-be"
    return None


def _as_utf8(body: bytes, skip: int, encoding: str) -> bytes:
    decoder = codecs.getincrementaldecoder(encoding)()
    found = bytearray()
    try:
        for at in range(skip, len(body), _CHUNK):
            found += decoder.decode(body[at : at + _CHUNK]).encode("utf-8")
        decoder.decode(b"", final=True)
    except UnicodeError as error:
        raise Unreadable(f"the bytes are not valid {encoding.upper()[:6]}") from error
    if b"\0" in found:
        raise Unreadable("the file holds binary data, not text")
    return bytes(found)


def is_utf8(body: bytes) -> bool:
    """Whether the bytes are valid UTF-8, without holding the decoded text."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for at in range(0, len(body), _CHUNK):
            decoder.decode(body[at : at + _CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def fallback(declared: str | None) -> str:
    """The charset for bytes that are not UTF-8: the declared one where it is a known one, else Windows-1252."""
    name = (declared or "").strip().lower()
    if name.isdigit():
        name = f"cp{name}"
    if name.startswith("8859"):
        name = f"iso-{name}"
    return known_charsets().get(name.replace("_", "-"), "cp1252")


@cache
def known_charsets() -> dict[str, str]:
    """Python's names of the charsets we know by every spelling, loaded: a confined process can load no more."""
    found = {"cp1252": codecs.lookup("cp1252").name}
    for _, wide in _WIDE:
        codecs.lookup(wide)
    for name in _KNOWN:
        proper = codecs.lookup(name).name
        spellings = [name, proper, *(alias for alias, target in aliases.items() if target == name.replace("-", "_"))]
        found.update((spelling.lower().replace("_", "-"), proper) for spelling in spellings)
        if name.startswith("iso"):
            found[name.replace("iso", "iso-")] = proper
        if name.startswith("cp125"):
            found[name.replace("cp", "windows-")] = proper
    return found


def line_of(body: bytes, at: int) -> int:
    """The line a position lies in, counted from 1; lone carriage returns count where there are no line feeds."""
    feeds = body.count(b"\n", 0, at)
    return 1 + (feeds or body.count(b"\r", 0, at))
