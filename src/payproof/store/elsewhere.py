"""The one look beyond a tenant: does the same client own this id in another environment?"""

from payproof.model.tenant import Tenant
from payproof.store.dialect import SystemSql
from payproof.store.transaction import SystemTx

_TABLES = {
    "user": "app_user",
    "link": "link",
    "task": "task",
    "webhook": "webhook",
    "key": "access_key",
}
_GONE = {"link": " AND o.deleted_at IS NULL", "webhook": " AND o.removed_at IS NULL"}
_LOOKS = {
    kind: SystemSql(
        f"SELECT 1 FROM {table} o JOIN tenant t ON t.id = o.tenant"
        f" WHERE o.id = :id AND t.client_id = :client_id AND o.tenant <> :own{_GONE.get(kind, '')}"
    )
    for kind, table in _TABLES.items()
}


def elsewhere(tx: SystemTx, own: Tenant, kind: str, object_id: str) -> bool:
    """Used only to choose between 403 and 404."""
    look = _LOOKS.get(kind)
    return look is not None and tx.one(look, id=object_id, client_id=own.client_id, own=own.id) is not None
