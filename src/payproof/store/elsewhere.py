"""The one look beyond a tenant: does the same client own this id in another environment?"""

from payproof.model.tenant import Tenant
from payproof.store.dialect import SystemSql
from payproof.store.transaction import SystemTx

_TABLES = {
    "user": "app_user",
    "link": "link",
    "task": "task",
    "webhook": "webhook",
    "delivery": "delivery",
    "key": "access_key",
}
_GONE = {
    "user": " AND o.deleted_at IS NULL",
    "link": " AND o.deleted_at IS NULL",
    "webhook": " AND o.removed_at IS NULL",
}
_LOOKS = {
    kind: SystemSql(
        f"SELECT 1 FROM {table} o JOIN tenant t ON t.id = o.tenant"
        f" WHERE o.id = :id AND t.client_id = :client_id AND o.tenant <> :own{_GONE.get(kind, '')}"
    )
    for kind, table in _TABLES.items()
}


_OTHERS = SystemSql("SELECT id FROM tenant WHERE client_id = :client_id AND id <> :own")
_TOKENS = {
    "access_token": SystemSql(
        "SELECT 1 FROM link WHERE access_hash = :hash AND tenant = :other AND deleted_at IS NULL"
    ),
    "public_token": SystemSql("SELECT 1 FROM public_token WHERE hash = :hash AND tenant = :other"),
}
"""What is known by a hash that is another one for each tenant."""


def elsewhere(tx: SystemTx, own: Tenant, kind: str, object_id: str) -> bool:
    """Used only to choose between 403 and 404. An `object_id` may be a token that a body named."""
    if kind in _TOKENS:
        return _is_token_elsewhere(tx, own, kind, object_id)
    look = _LOOKS.get(kind)
    return look is not None and tx.one(look, id=object_id, client_id=own.client_id, own=own.id) is not None


def _is_token_elsewhere(tx: SystemTx, own: Tenant, kind: str, token: str) -> bool:
    for (other,) in tx.all(_OTHERS, client_id=own.client_id, own=own.id):
        if tx.one(_TOKENS[kind], hash=tx.vault.keyed_hash(other, kind, token), other=other):
            return True
    return False
