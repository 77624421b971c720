"""What a person's earlier tasks with a connector chose to keep for later ones; sealed."""

from typing import Any

import msgspec

from payproof.model.id import UserId
from payproof.store.dialect import Sql
from payproof.store.transaction import Tx

_READ = Sql(
    "SELECT body FROM remembered WHERE user_id = :user_id AND connector_id = :connector_id AND tenant = :tenant"
)
_WRITE = Sql(
    "INSERT INTO remembered (user_id, connector_id, tenant, body) VALUES (:user_id, :connector_id, :tenant, :body)"
    " ON CONFLICT (user_id, connector_id) DO UPDATE SET body = :body"
)


def remembered(tx: Tx, user_id: UserId, connector_id: str) -> dict[str, Any]:
    row = tx.one(_READ, user_id=user_id, connector_id=connector_id)
    if row is None:
        return {}
    opened = tx.open(user_id, ("remembered", user_id, connector_id), row[0])
    return msgspec.json.decode(opened, type=dict[str, Any])


def remember(tx: Tx, user_id: UserId, connector_id: str, kept: dict[str, Any]) -> None:
    """Add to what is remembered; a key that is there already gets the new value."""
    merged = remembered(tx, user_id, connector_id) | kept
    sealed = tx.seal(user_id, ("remembered", user_id, connector_id), msgspec.json.encode(merged))
    tx.put(_WRITE, user_id=user_id, connector_id=connector_id, body=sealed)
