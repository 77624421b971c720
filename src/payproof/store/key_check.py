"""A sealed known value that tells at start whether the master key is the right one."""

from payproof.store.dialect import SystemSql
from payproof.store.transaction import SystemTx

_PLACE = ("meta", "key_check", "value")
_KNOWN = b"payproof key check"
_READ = SystemSql("SELECT value FROM meta WHERE name = 'key_check'")
_ADD = SystemSql("INSERT INTO meta (name, value) VALUES ('key_check', :value) ON CONFLICT DO NOTHING")


def check(tx: SystemTx) -> None:
    """Raises WrongKey; the first start writes the value."""
    tx.put(_ADD, value=tx.vault.seal_with_master(_PLACE, _KNOWN))
    row = tx.one(_READ)
    assert row is not None
    tx.vault.open_with_master(_PLACE, row[0])
