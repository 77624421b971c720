"""A file of companies and providers as an operator keeps it: CSV with a head, one line each."""

import csv
import io
import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from payproof.model.company import Company, Features, MappingStatus, Origin, SuccessRate
from payproof.model.institution import Institution
from payproof.model.product import DataSource
from payproof.services.company import bare_domain, digits
from payproof.store.company import company_id
from payproof.store.trigram import folded

Word = TypeVar("Word", bound=StrEnum)

SHARED = ("kind", "id", "name", "domain", "logo_url")
COMPANY = ("provider_id", "mapping_status", "success_rate", "ein", "phone", "features")
PROVIDER = ("data_source",)
COLUMNS = (*SHARED, *COMPANY, *PROVIDER)
LONGEST = 255
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}")
_LOGO = re.compile(r"https?://[^\s\"'<>]+")


class BadLine(Struct, frozen=True, order=True):
    number: int
    """Of the line in the file, from 1."""
    why: str


class BadFile(Exception):
    """Nothing of the file is used."""

    def __init__(self, lines: list[BadLine]) -> None:
        self.lines = lines
        super().__init__("1 line is wrong" if len(lines) == 1 else f"{len(lines)} lines are wrong")


class Line(Struct, frozen=True):
    """A line that is right in itself."""

    number: int
    row: Company | Institution


def lines(text: bytes) -> tuple[list[Line], list[BadLine]]:
    """What the file says, and every line of it that cannot be used. Raises BadFile where nothing can be read."""
    reader = _reader(text)
    good: list[Line] = []
    bad: list[BadLine] = []
    for number, cells in _cells(reader):
        wrong: list[str] = []
        row = _row(cells, wrong)
        if row is not None and not wrong:
            good.append(Line(number, row))
        elif wrong:
            bad.append(BadLine(number, "; ".join(wrong)))
    return good, [*bad, *_twice(good)]


def _reader(text: bytes) -> "csv.DictReader[str]":
    try:
        decoded = text.decode("utf-8-sig")
    except UnicodeDecodeError as failed:
        line = text[: failed.start].count(b"\n") + 1
        raise BadFile([BadLine(line, "not UTF-8")]) from None
    reader = csv.DictReader(io.StringIO(decoded, newline=""), restkey="", restval="", strict=True)
    heads = [head.strip().lower() for head in reader.fieldnames or ()]
    unknown = [head or "(empty)" for head in heads if head not in COLUMNS]
    double = sorted({head for head in heads if heads.count(head) > 1})
    if "name" not in heads:
        raise BadFile([BadLine(1, f"the head must name the columns, among them `name`: {', '.join(COLUMNS)}")])
    if unknown or double:
        raise BadFile([BadLine(1, f"unknown or double columns: {', '.join([*unknown, *double])}")])
    reader.fieldnames = heads
    return reader


def _cells(reader: "csv.DictReader[str]") -> Iterator[tuple[int, dict[str, str]]]:
    """Raises BadFile for what is no CSV."""
    try:
        for row in reader:
            more: Any = row.pop("", ())
            number = reader.line_num - sum(cell.count("\n") for cell in row.values())
            cells = {name: " ".join(cell.split()) for name, cell in row.items()}
            yield number, cells | {"": "".join(more)}
    except csv.Error as failed:
        raise BadFile([BadLine(reader.line_num + 1, str(failed))]) from None


def _row(cells: dict[str, str], wrong: list[str]) -> Company | Institution | None:
    """None for an empty line, or where something is `wrong`."""
    if not any(cells.values()):
        return None
    if cells[""]:
        wrong.append("more cells than the head has columns")
    wrong += [f"{name} has signs that do not print" for name, cell in cells.items() if not cell.isprintable()]
    kind = cells.get("kind") or "company"
    if kind not in ("company", "provider"):
        wrong.append(f"kind is company or provider, not {kind}")
        return None
    foreign = [name for name in (PROVIDER if kind == "company" else COMPANY) if cells.get(name)]
    wrong += [f"{name} is not for a {kind}" for name in foreign]
    shared = _shared(cells, wrong)
    return _company(cells, shared, wrong) if kind == "company" else _institution(cells, shared, wrong)


def _shared(cells: dict[str, str], wrong: list[str]) -> dict[str, Any]:
    name = cells["name"]
    if not folded(name):
        wrong.append("name is missing" if not name else "name has no letter and no digit")
    domain = bare_domain(cells.get("domain", ""))
    if cells.get("domain") and not _DOMAIN.fullmatch(domain):
        wrong.append("domain is not one, such as example.com")
    for column, pattern in (("id", _ID), ("logo_url", _LOGO)):
        if cells.get(column) and not pattern.fullmatch(cells[column]):
            wrong.append(f"{column} is not one")
    wrong += [f"{column} is longer than {LONGEST}" for column in SHARED if len(cells.get(column, "")) > LONGEST]
    return {"name": name, "domain": domain or None, "logo_url": cells.get("logo_url") or None, "origin": Origin.IMPORT}


def _company(cells: dict[str, str], shared: dict[str, Any], wrong: list[str]) -> Company | None:
    ein, phone = digits(cells.get("ein", "")), digits(cells.get("phone", ""))
    if cells.get("ein") and len(ein) != 9:
        wrong.append("ein has nine digits")
    if cells.get("phone") and len(phone) < 10:
        wrong.append("phone has ten digits or more")
    status = _said(MappingStatus, "mapping_status", cells, wrong)
    rate = _said(SuccessRate, "success_rate", cells, wrong)
    features = _features(cells.get("features", ""), wrong)
    if wrong:
        return None
    return Company(
        id=cells.get("id") or company_id(shared["domain"] or folded(shared["name"])),
        provider_id=cells.get("provider_id") or None,
        mapping_status=status,
        success_rate=rate,
        features=features,
        ein=ein or None,
        phone=phone[-10:] or None,
        **shared,
    )


def _institution(cells: dict[str, str], shared: dict[str, Any], wrong: list[str]) -> Institution | None:
    if not cells.get("id"):
        wrong.append("id is missing")
    if not cells.get("data_source"):
        wrong.append(f"data_source is missing: {', '.join(DataSource)}")
    source = _said(DataSource, "data_source", cells, wrong)
    return None if wrong or source is None else Institution(id=cells["id"], data_source=source, **shared)


def _said(kind: type[Word], column: str, cells: dict[str, str], wrong: list[str]) -> Word | None:
    if not cells.get(column):
        return None
    try:
        return kind(cells[column])
    except ValueError:
        wrong.append(f"{column} is one of {', '.join(kind)}")
        return None


def _features(text: str, wrong: list[str]) -> Features | None:
    if not text:
        return None
    try:
        return msgspec.json.decode(text, type=Features)
    except msgspec.DecodeError as failed:
        wrong.append(f"features: {failed}")
        return None


def _twice(good: list[Line]) -> Iterator[BadLine]:
    """Lines that say what an earlier line has said of something else."""
    first: dict[tuple[type, str, str], int] = {}
    for line in good:
        one = line.row
        domain = one.domain if isinstance(one, Company) else None
        for column, value in (("id", one.id), ("domain", domain)):
            held = first.setdefault((type(one), column, value or ""), line.number) if value else line.number
            if held != line.number:
                yield BadLine(line.number, f"the {column} of line {held} again")
                break
