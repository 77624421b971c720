"""The provider table: written from the connectors' manifests at start, read by everyone else."""

import msgspec

from payproof.model.provider import Provider
from payproof.store.dialect import SystemSql
from payproof.store.transaction import SystemTx, Tx

_ALL = SystemSql("SELECT body FROM provider ORDER BY id")
_WRITE = SystemSql(
    "INSERT INTO provider (id, connector_id, name, data_source, is_disabled, body)"
    " VALUES (:id, :connector_id, :name, :data_source, :is_disabled, :body)"
    " ON CONFLICT (id) DO UPDATE SET connector_id = :connector_id, name = :name, data_source = :data_source,"
    " is_disabled = :is_disabled, body = :body"
)


def write_provider(tx: SystemTx, provider: Provider) -> None:
    tx.put(
        _WRITE,
        id=provider.id,
        connector_id=provider.connector_id,
        name=provider.name,
        data_source=provider.data_source,
        is_disabled=int(provider.is_disabled),
        body=msgspec.json.encode(provider).decode(),
    )


def providers(tx: Tx | SystemTx) -> list[Provider]:
    """All of them: the directory belongs to no tenant."""
    rows = tx.cursor.all(_ALL, {}) if isinstance(tx, Tx) else tx.all(_ALL)
    return [msgspec.json.decode(row[0], type=Provider) for row in rows]
