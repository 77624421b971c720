"""Employers of the directory: the rows, and what each is found by."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from payproof.model.company import Company, Features, MappingStatus, Origin, SuccessRate
from payproof.store.dialect import SystemSql
from payproof.store.directory import Entry, Found, Noun, list_entries, listed, search, unlist_entries
from payproof.store.transaction import Row, SystemTx, Tx
from payproof.store.window import Window

REAL = "real"
PRETEND = "pretend"
"""Kinds of entries: everybody may find the real ones."""

_COLUMNS = (
    "id, name, domain, logo_url, provider_id, mapping_status, success_rate, features, ein, phone, is_pretend, origin"
)
_ONE = SystemSql(f"SELECT {_COLUMNS} FROM company WHERE id = :id")
_SOME = SystemSql(f"SELECT {_COLUMNS} FROM company WHERE id IN {{json :ids}}")
_BY = {
    name: SystemSql(f"SELECT {_COLUMNS} FROM company WHERE {name} = :value ORDER BY id LIMIT 1")
    for name in ("domain", "ein", "phone")
}
_DOMAINS = SystemSql("SELECT domain, id, origin FROM company WHERE domain IS NOT NULL")
_ORIGINS = SystemSql("SELECT id, origin FROM company")
_YIELD_DOMAIN = SystemSql("UPDATE company SET domain = NULL WHERE id = :id")
_WRITE = SystemSql(
    f"INSERT INTO company ({_COLUMNS}) VALUES (:id, :name, :domain, :logo_url, :provider_id, :mapping_status,"
    " :success_rate, :features, :ein, :phone, :is_pretend, :origin)"
    " ON CONFLICT (id) DO UPDATE SET name = excluded.name, domain = excluded.domain, logo_url = excluded.logo_url,"
    " provider_id = excluded.provider_id, mapping_status = excluded.mapping_status,"
    " success_rate = excluded.success_rate, features = excluded.features, ein = excluded.ein,"
    " phone = excluded.phone, is_pretend = excluded.is_pretend, origin = excluded.origin"
)


def company_id(domain: str) -> str:
    """The same in every installation, so that a test may write it down."""
    return hashlib.sha256(f"payproof company {domain}".encode()).hexdigest()[:32]


def write_companies(tx: SystemTx, companies: Sequence[Company]) -> int:
    """Make these so, except where an operator's import says otherwise. Returns how many are found by new words.

    A company that takes another's domain takes its place in searches; the other can still be read by its id.
    """
    wanted = _writable(tx, companies)
    holders = {domain: held for domain, held, _ in tx.all(_DOMAINS)}
    ousted = [
        holders[one.domain] for one in wanted if one.domain is not None and holders.get(one.domain, one.id) != one.id
    ]
    tx.many(_YIELD_DOMAIN, [{"id": one} for one in ousted])
    unlist_entries(tx, Noun.COMPANY, ousted)
    tx.many(_WRITE, [_row(one) for one in wanted])
    return list_entries(tx, Noun.COMPANY, map(_entry, wanted)) + len(ousted)


def company(tx: Tx | SystemTx, company_mapping_id: str) -> Company | None:
    row = tx.cursor.one(_ONE, {"id": company_mapping_id})
    return _company(row) if row else None


def company_by(tx: Tx | SystemTx, name: str, value: str) -> Company | None:
    """By its `domain`, `ein` or `phone`, as they are stored."""
    row = tx.cursor.one(_BY[name], {"value": value})
    return _company(row) if row else None


def found_companies(tx: Tx | SystemTx, kinds: Sequence[str], query: str, window: Window) -> tuple[int, list[Company]]:
    """How many are found, and one page of them, best first."""
    return _load(tx, search(tx, Noun.COMPANY, kinds, query, window))


def companies(tx: Tx | SystemTx, kinds: Sequence[str], window: Window) -> tuple[int, list[Company]]:
    """How many there are, and one page of them, by name."""
    return _load(tx, listed(tx, Noun.COMPANY, kinds, window))


def _writable(tx: SystemTx, companies: Iterable[Company]) -> list[Company]:
    """What we ship gives way to what an operator has imported, under its id or under its domain."""
    imported = {held for held, origin in tx.all(_ORIGINS) if origin == Origin.IMPORT}
    domains = {domain for domain, _, origin in tx.all(_DOMAINS) if origin == Origin.IMPORT}
    return [
        one
        for one in companies
        if one.origin is Origin.IMPORT or (one.id not in imported and one.domain not in domains)
    ]


def _load(tx: Tx | SystemTx, found: Found) -> tuple[int, list[Company]]:
    rows = tx.cursor.all(_SOME, {"ids": msgspec.json.encode(found.ids).decode()})
    by_id = {row[0]: _company(row) for row in rows}
    return found.count, [by_id[one] for one in found.ids]


def _entry(one: Company) -> Entry:
    """Found by the name of its site too: whoever looks for General Motors may type `gm`."""
    label = one.domain.split(".")[0] if one.domain else ""
    return Entry(one.id, PRETEND if one.is_pretend else REAL, one.name, (label,) if label else ())


def _row(one: Company) -> dict[str, Any]:
    said = {name: getattr(one, name) for name in Company.__struct_fields__}
    features = msgspec.json.encode(one.features).decode() if one.features else None
    return said | {"features": features, "is_pretend": int(one.is_pretend)}


def _company(row: Row) -> Company:
    return Company(
        id=row[0],
        name=row[1],
        domain=row[2],
        logo_url=row[3],
        provider_id=row[4],
        mapping_status=MappingStatus(row[5]) if row[5] else None,
        success_rate=SuccessRate(row[6]) if row[6] else None,
        features=msgspec.json.decode(row[7], type=Features) if row[7] else None,
        ein=row[8],
        phone=row[9],
        is_pretend=bool(row[10]),
        origin=Origin(row[11]),
    )
