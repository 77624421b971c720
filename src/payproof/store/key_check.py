"""A sealed known value that tells whether the master key is the right one, and the key that hashes are made with."""

from collections.abc import Mapping

from payproof.store.dialect import SystemSql
from payproof.store.sealing import Vault, fresh_key
from payproof.store.transaction import Cursor, SystemTx

_CHECK, _HASHING = "key_check", "hash_key"
_KNOWN = b"payproof key check"
_ALL = SystemSql("SELECT name, value FROM meta")
_ADD = SystemSql("INSERT INTO meta (name, value) VALUES (:name, :value) ON CONFLICT DO NOTHING")
_SET = SystemSql(
    "INSERT INTO meta (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)


def check(tx: SystemTx) -> None:
    """Raises WrongKey; the first start writes what later ones look at."""
    if tx.run(_ADD, name=_CHECK, value=tx.vault.seal_with_master(_place(_CHECK), _KNOWN)):
        tx.put(_ADD, name=_HASHING, value=tx.vault.seal_with_master(_place(_HASHING), fresh_key()))
    look(tx.cursor, tx.vault)


def look(cursor: Cursor, vault: Vault) -> bool:
    """Raises WrongKey; False where nobody has started yet, so that there is nothing to see."""
    return settle(vault, dict(cursor.all(_ALL, {})))


def settle(vault: Vault, kept: Mapping[str, bytes]) -> bool:
    """From here on the vault hashes as this data does. Raises WrongKey; False where nothing is kept.

    Data that was begun before hashes had a key of their own goes on with the one that follows from the master key.
    """
    if _CHECK in kept:
        vault.open_with_master(_place(_CHECK), kept[_CHECK])
    if _HASHING in kept:
        vault.hash_key = vault.open_with_master(_place(_HASHING), kept[_HASHING])
    return _CHECK in kept


def reseal(cursor: Cursor, old: Vault, new: Vault) -> int:
    """The new key is the right one from here on, and hashes stay what they were by the old one; returns how many."""
    bodies = {_CHECK: _KNOWN, _HASHING: old.hash_key}
    for name, body in bodies.items():
        cursor.put(_SET, {"name": name, "value": new.seal_with_master(_place(name), body)})
    return len(bodies)


def _place(name: str) -> tuple[str, str, str]:
    return ("meta", name, "value")
