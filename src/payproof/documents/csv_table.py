"""Bytes of a CSV file to rows of cells: charset, delimiter, quotes. Every row keeps the line it begins on."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from payproof.documents.charset import is_utf8, line_of
from payproof.documents.reading import Unreadable
from payproof.normalise.dates import readings
from payproof.normalise.money import decimal_mark, take_apart

Row = tuple[int, list[str]]
"""Line, counted from 1, and cells without spaces around them."""

DELIMITERS = (";", "\t", ",", "|")
MOST_ROWS = 150_000
MOST_COLUMNS = 120
_TRIAL = 150
_STATED = re.compile(rb'\s*"?sep=(.)"?\s*[\r\n]', re.IGNORECASE)
_UNDEFINED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


def read_table(text: bytes) -> list[Row]:
    """All rows that hold anything. Raises `Unreadable` where the file breaks off, is too long or is no table."""
    charset = _charset(text)
    delimiter = _delimiter(text, charset)
    try:
        rows = list(islice(_rows(text, charset, delimiter, strict=True), MOST_ROWS + 1))
    except csv.Error as error:
        if "end of data" in str(error):
            raise Unreadable("the file breaks off inside quotation marks", line_of(text, len(text))) from None
        rows = list(islice(_rows(text, charset, delimiter, strict=False), MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise Unreadable(f"the file holds more than {MOST_ROWS} rows; hand over a shorter period")
    if any(len(cells) > MOST_COLUMNS for _, cells in rows):
        raise Unreadable(f"the file has more than {MOST_COLUMNS} columns")
    return rows


def is_date(cell: str) -> bool:
    return bool(readings(cell))


def is_amount(cell: str) -> bool:
    printed = take_apart(cell)
    return printed is not None and decimal_mark(printed.digits) is not None


def _charset(text: bytes) -> str:
    if is_utf8(text):
        return "utf-8"
    if found := _UNDEFINED.search(text):
        raise Unreadable("the letters are neither UTF-8 nor Windows-1252", line_of(text, found.start()))
    return "cp1252"


def _rows(text: bytes, charset: str, delimiter: str, *, strict: bool) -> Iterator[Row]:
    stream = io.TextIOWrapper(io.BytesIO(text), encoding=charset, newline="")
    lines = csv.reader(stream, delimiter=delimiter, strict=strict)
    line = 1
    try:
        for cells in lines:
            cells = [_bare(cell) for cell in cells]
            if any(cells):
                yield line, cells
            line = lines.line_num + 1
    except csv.Error as error:
        if strict:
            raise
        raise Unreadable(f"the table cannot be read ({error})", line) from None


def _bare(cell: str) -> str:
    """Without spaces around it and without what makes a spreadsheet take a number for text."""
    cell = cell.strip()
    if cell.startswith('="') and cell.endswith('"'):
        return cell[2:-1].strip()
    return cell[1:] if cell[:1] == "'" and cell[1:2].isdigit() else cell


def _delimiter(text: bytes, charset: str) -> str:
    """The stated delimiter, or the one that makes the most rows with a date and an amount of one width."""
    if stated := _STATED.match(text):
        found = stated[1].decode("latin-1")
        if found in DELIMITERS:
            return found
    trial = text[: 1 << 16]
    cut = trial.rfind(b"\n") if len(text) > len(trial) else len(trial)
    return max(DELIMITERS, key=lambda delimiter: _fitness(trial[: cut if cut > 0 else None], charset, delimiter))


def _fitness(trial: bytes, charset: str, delimiter: str) -> tuple[int, int]:
    widths: dict[int, int] = {}
    wide = 0
    try:
        for _, cells in islice(_rows(trial, charset, delimiter, strict=False), _TRIAL):
            wide += len(cells) > 1
            if (
                len(cells) > 1
                and any(map(is_date, cells))
                and any(is_amount(cell) and not is_date(cell) for cell in cells)
            ):
                widths[len(cells)] = widths.get(len(cells), 0) + 1
    except (Unreadable, UnicodeError):
        return 0, 0
    return max(widths.values(), default=0), wide
