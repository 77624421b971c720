"""Banks, payroll systems and insurers of the directory: the rows, and what each is found by."""

from collections.abc import Iterable, Sequence

import msgspec

from payproof.model.company import Origin
from payproof.model.institution import Institution
from payproof.model.product import DataSource
from payproof.store.dialect import SystemSql
from payproof.store.directory import Entry, Found, Noun, list_entries, listed, search
from payproof.store.transaction import Row, SystemTx, Tx
from payproof.store.window import Window

_COLUMNS = "id, name, domain, logo_url, data_source, origin"
_ONE = SystemSql(f"SELECT {_COLUMNS} FROM institution WHERE id = :id")
_SOME = SystemSql(f"SELECT {_COLUMNS} FROM institution WHERE id IN {{json :ids}}")
_ORIGINS = SystemSql("SELECT id, origin FROM institution")
_WRITE = SystemSql(
    f"INSERT INTO institution ({_COLUMNS}) VALUES (:id, :name, :domain, :logo_url, :data_source, :origin)"
    " ON CONFLICT (id) DO UPDATE SET name = excluded.name, data_source = excluded.data_source,"
    " origin = excluded.origin, domain = COALESCE(excluded.domain, institution.domain),"
    " logo_url = COALESCE(excluded.logo_url, institution.logo_url)"
)
_RELEASE = SystemSql(
    "UPDATE institution SET origin = :seed WHERE origin = :connector AND NOT (id IN {json :connected})"
)
_STRENGTH = (Origin.SEED, Origin.IMPORT, Origin.CONNECTOR)
"""Each wins over those before it: a connector knows best what it connects to."""


def write_institutions(
    tx: SystemTx, institutions: Iterable[Institution], also: dict[str, tuple[str, ...]] | None = None
) -> int:
    """Make these so, except where somebody says otherwise who knows better. Returns how many are found by new words.

    `also` is what else each goes by.
    """
    held = {one: Origin(origin) for one, origin in tx.all(_ORIGINS)}
    wanted = [
        one for one in institutions if _STRENGTH.index(one.origin) >= _STRENGTH.index(held.get(one.id, one.origin))
    ]
    tx.many(_WRITE, [msgspec.structs.asdict(one) for one in wanted])
    names = also or {}
    return list_entries(tx, Noun.PROVIDER, [_entry(one, names.get(one.id, ())) for one in wanted])


def release_institutions(tx: SystemTx, connected: Sequence[str]) -> None:
    """Those whose connector is gone belong to nobody: an import may say again what they are."""
    tx.put(
        _RELEASE, seed=Origin.SEED, connector=Origin.CONNECTOR, connected=msgspec.json.encode(list(connected)).decode()
    )


def institution(tx: Tx | SystemTx, provider_id: str) -> Institution | None:
    row = tx.cursor.one(_ONE, {"id": provider_id})
    return _institution(row) if row else None


def institutions(
    tx: Tx | SystemTx, data_sources: Sequence[DataSource], query: str | None, window: Window
) -> tuple[int, list[Institution]]:
    """How many there are, and one page of them: best first where something is searched for, else by name."""
    kinds = [one.value for one in data_sources]
    if query is None:
        return _load(tx, listed(tx, Noun.PROVIDER, kinds, window))
    return _load(tx, search(tx, Noun.PROVIDER, kinds, query, window))


def _load(tx: Tx | SystemTx, found: Found) -> tuple[int, list[Institution]]:
    rows = tx.cursor.all(_SOME, {"ids": msgspec.json.encode(found.ids).decode()})
    by_id = {row[0]: _institution(row) for row in rows}
    return found.count, [by_id[one] for one in found.ids]


def _entry(one: Institution, also: tuple[str, ...]) -> Entry:
    label = (one.domain.split(".")[0],) if one.domain else ()
    return Entry(one.id, one.data_source, one.name, (one.id, *label, *also))


def _institution(row: Row) -> Institution:
    return Institution(
        id=row[0],
        name=row[1],
        domain=row[2],
        logo_url=row[3],
        data_source=DataSource(row[4]),
        origin=Origin(row[5]),
    )
