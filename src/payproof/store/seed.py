"""The directory of a new installation: lists of names and domains that are shipped with us."""

import csv
import hashlib
import io
from collections.abc import Iterator
from importlib.resources import files

from payproof.model.company import Company, MappingStatus, SuccessRate
from payproof.model.institution import Institution
from payproof.model.product import DataSource
from payproof.store.company import company_id, write_companies
from payproof.store.directory import count_trigrams, hold_directory, note_state
from payproof.store.institution import write_institutions
from payproof.store.transaction import SystemTx

EMPLOYERS = "employers"
PRETEND = "pretend_employers"
INSTITUTIONS = {
    "payroll_systems": DataSource.PAYROLL,
    "banks": DataSource.FINANCIAL_ACCOUNTS,
    "insurers": DataSource.INSURANCE,
}
_READING = b"1"
"""Changes with the way in which the lists are read and made searchable: then they are read again."""


def seed_directory(tx: SystemTx) -> int:
    """Fill the directory from the lists, once for each edition of them. Returns how many entries changed."""
    texts = {name: _text(name) for name in (EMPLOYERS, PRETEND, *INSTITUTIONS)}
    edition = hashlib.sha256(_READING + b"\0".join(texts[name] for name in sorted(texts))).digest()
    if hold_directory(tx) == edition:
        return 0
    changed = write_companies(tx, [*_employers(texts[EMPLOYERS]), *_pretend(texts[PRETEND])])
    changed += write_institutions(tx, _institutions(texts))
    count_trigrams(tx)
    note_state(tx, edition)
    return changed


def _employers(text: bytes) -> Iterator[Company]:
    for row in _rows(text):
        yield Company(id=company_id(row["domain"]), name=row["name"], domain=row["domain"])


def _pretend(text: bytes) -> Iterator[Company]:
    for row in _rows(text):
        yield Company(
            id=company_id(row["domain"]),
            name=row["name"],
            domain=row["domain"],
            mapping_status=MappingStatus(row["mapping_status"]),
            success_rate=SuccessRate(row["success_rate"]) if row["success_rate"] else None,
            is_pretend=True,
        )


def _institutions(texts: dict[str, bytes]) -> Iterator[Institution]:
    for name, data_source in INSTITUTIONS.items():
        for row in _rows(texts[name]):
            yield Institution(id=row["id"], name=row["name"], domain=row["domain"] or None, data_source=data_source)


def _rows(text: bytes) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(io.StringIO(text.decode(), newline=""))


def _text(name: str) -> bytes:
    return (files(__package__) / "seeds" / f"{name}.csv").read_bytes()
