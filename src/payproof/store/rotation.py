"""A new master key: what the old one seals is opened and sealed anew, all of it or nothing."""

from pathlib import Path

from msgspec import Struct

from payproof.store import key_check
from payproof.store.bulk import TOLD_EVERY, Bulk, Told, changing, known_migrations
from payproof.store.dialect import SystemSql
from payproof.store.sealing import Vault, WrongKey


class Sealed(Struct, frozen=True):
    """A column that the master key seals, in the place (table, key, tenant)."""

    table: str
    key: str
    column: str


SEALED = (Sealed("data_key", "user_id", "wrapped"), Sealed("access_key", "id", "sealed_secret"))
"""All there are, beside what `key_check` keeps in `meta`. What people's own keys seal stays as it is."""


def rotate(where: Path | str, old: Vault, new: Vault, told: Told) -> int:
    """Returns how many values were sealed anew: none where it was done already.

    Hashes stay what they are: their key is kept, sealed by the new one. Raises WrongKey, NothingThere, FileHeld,
    DatabaseHeld, DatabaseUnusable.
    """
    with changing(where) as bulk:
        known_migrations(bulk, where)
        if _fits(bulk, new):
            return 0
        key_check.look(bulk.cursor, old)
        count = sum(_reseal(bulk, sealed, old, new, told) for sealed in SEALED)
        return count + key_check.reseal(bulk.cursor, old, new)


def _fits(bulk: Bulk, vault: Vault) -> bool:
    try:
        return key_check.look(bulk.cursor, vault)
    except WrongKey:
        return False


def _reseal(bulk: Bulk, sealed: Sealed, old: Vault, new: Vault, told: Told) -> int:
    some = SystemSql(
        f"SELECT {sealed.key}, tenant, {sealed.column} FROM {sealed.table} WHERE {sealed.key} > :after"
        f" ORDER BY {sealed.key} LIMIT {TOLD_EVERY}"
    )
    change = SystemSql(f"UPDATE {sealed.table} SET {sealed.column} = :sealed WHERE {sealed.key} = :key")
    after, count = "", 0
    while rows := bulk.cursor.all(some, {"after": after}):
        changed = []
        for key, tenant, body in rows:
            place = (sealed.table, key, tenant)
            changed.append({"key": key, "sealed": new.seal_with_master(place, old.open_with_master(place, body))})
        bulk.cursor.many(change, changed)
        after, count = rows[-1][0], count + len(rows)
        told("sealing anew", sealed.table, count)
    return count
