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
    for name, domain in _rows(text):
        yield Company(id=company_id(domain), name=name, domain=domain)


def _pretend(text: bytes) -> Iterator[Company]:
    for name, domain, status, rate in _rows(text):
        yield Company(
            id=company_id(domain),
            name=name,
            domain=domain,
            mapping_status=MappingStatus(status),
            success_rate=SuccessRate(rate) if rate else None,
            is_pretend=True,
        )


def _institutions(texts: dict[str, bytes]) -> Iterator[Institution]:
    for listed, data_source in INSTITUTIONS.items():
        for provider_id, name, domain in _rows(texts[listed]):
            yield Institution(id=provider_id, name=name, domain=domain or None, data_source=data_source)


def _rows(text: bytes) -> Iterator[list[str]]:
    """All but the head."""
    rows = csv.reader(io.StringIO(text.decode(), newline=""))
    next(rows)
    yield from rows


def _text(name: str) -> bytes:
    return (files(__package__) / "seeds" / f"{name}.csv").read_bytes()
