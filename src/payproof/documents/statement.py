"""Opening one bank file: which format it has, and what it says. Runs in the isolated process."""

from typing import Any

import msgspec

from payproof.documents.charset import known_charsets, narrow
from payproof.documents.csv_statement import read_csv
from payproof.documents.ofx import looks_like_ofx, read_ofx
from payproof.documents.reading import Ambiguity, Outcome, Reading, Refusal, Unreadable
from payproof.normalise.dates import readings
from payproof.normalise.words import begins_balance, cell_meanings, column_roles, total_words

_FOREIGN = (
    (b"%PDF", "it is a PDF document"),
    (b"PK\x03\x04", "it is an Excel workbook or another packed file"),
    (b"\xd0\xcf\x11\xe0", "it is an old Excel or Word file"),
    (b"\x1f\x8b", "it is a packed file"),
    (b"\x89PNG", "it is a picture"),
    (b"\xff\xd8\xff", "it is a picture"),
)
_FOREIGN_TEXT = (
    (b"!type:", "it is a QIF file"),
    (b"!account", "it is a QIF file"),
    (b":20:", "it is an MT940 file"),
    (b"{1:f01", "it is an MT940 file"),
    (b"<!doctype html", "it is a web page"),
    (b"<html", "it is a web page"),
    (b"<document", "it is a CAMT file"),
)
_WANTED = "; export the account as OFX, QFX, QBO or CSV"


def open_statement(body: bytes, options: dict[str, Any]) -> bytes:
    """An `Outcome` as JSON. Options: `postings` (false leaves them out), `known` (what was told of CSVs, by header)."""
    outcome = _opened(body, options.get("known") or {})
    if outcome.reading and not options.get("postings", True):
        for statement in outcome.reading.statements:
            statement.postings = []
    return msgspec.json.encode(outcome)


def _opened(body: bytes, known: dict[str, dict[str, str]]) -> Outcome:
    try:
        found = read_file(body, known)
    except Unreadable as error:
        return Outcome(refusal=Refusal(reason=error.reason, line=error.line))
    return Outcome(reading=found) if isinstance(found, Reading) else Outcome(ambiguity=found)


def read_file(body: bytes, known: dict[str, dict[str, str]]) -> Reading | Ambiguity:
    """What the file says, or what only the person can tell. Raises `Unreadable`."""
    _refuse_foreign(body)
    text = narrow(body)
    if not text.strip():
        raise Unreadable("the file is empty")
    if looks_like_ofx(text):
        return read_ofx(text)
    start = text[:4096].lstrip().lower()
    if start.startswith(b"<?xml") and b"camt.05" in start:
        raise Unreadable("it is a CAMT file" + _WANTED)
    for mark, what in _FOREIGN_TEXT:
        if start.startswith(mark):
            raise Unreadable(what + _WANTED)
    if start.startswith((b"<", b"{", b"[")):
        raise Unreadable("it is no bank statement" + _WANTED)
    return read_csv(text, known)


def _refuse_foreign(body: bytes) -> None:
    for mark, what in _FOREIGN:
        if body.startswith(mark):
            raise Unreadable(what + _WANTED)


def warm() -> None:
    """Load now what a confined child can no longer load: tables and charsets."""
    known_charsets()
    readings("1 january 2026")
    column_roles(), cell_meanings(), total_words(), begins_balance("")
