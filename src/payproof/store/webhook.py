"""Webhooks: where a client wants to hear of events."""

from typing import Any

import msgspec

from payproof import clock
from payproof.model.event import EventType
from payproof.model.id import WebhookId
from payproof.model.webhook import UrlTaken, Webhook
from payproof.store.dialect import Sql
from payproof.store.transaction import Row, Tx
from payproof.store.webhook_request import drop_owed
from payproof.store.window import Window

_COLUMNS = "id, name, webhook_url, events, enabled, created_at, updated_at"
_ONE = Sql(f"SELECT {_COLUMNS} FROM webhook WHERE id = :id AND tenant = :tenant AND removed_at IS NULL")
_KEY = Sql("SELECT key_id FROM webhook WHERE id = :id AND tenant = :tenant")
_PAGE = Sql(
    f"SELECT {_COLUMNS} FROM webhook WHERE tenant = :tenant AND removed_at IS NULL"
    " ORDER BY created_at DESC, id DESC LIMIT :limit OFFSET :offset"
)
_COUNT = Sql("SELECT COUNT(*) FROM webhook WHERE tenant = :tenant AND removed_at IS NULL")
_TAKEN = Sql("SELECT 1 FROM webhook WHERE webhook_url = :url AND tenant = :tenant AND removed_at IS NULL AND id <> :id")
_ADD = Sql(
    "INSERT INTO webhook (id, tenant, name, webhook_url, events, enabled, key_id, created_at, updated_at)"
    " VALUES (:id, :tenant, :name, :url, :events, :enabled, :key_id, :created, :updated)"
)
_CHANGE = Sql(
    "UPDATE webhook SET name = :name, webhook_url = :url, events = :events, enabled = :enabled, key_id = :key_id,"
    " updated_at = :updated, failing_since = CASE WHEN :enabled = 1 THEN NULL ELSE failing_since END"
    " WHERE id = :id AND tenant = :tenant AND removed_at IS NULL"
)
_REMOVE = Sql(
    "UPDATE webhook SET removed_at = :now, enabled = 0 WHERE id = :id AND tenant = :tenant AND removed_at IS NULL"
    " RETURNING webhook_url"
)
_FAILED = Sql(
    "UPDATE webhook SET failing_since = COALESCE(failing_since, :now) WHERE id = :id AND tenant = :tenant"
    " RETURNING failing_since"
)
_WORKED = Sql(
    "UPDATE webhook SET failing_since = NULL WHERE id = :id AND tenant = :tenant AND failing_since IS NOT NULL"
)
_DISABLE = Sql(
    "UPDATE webhook SET enabled = 0, updated_at = :now WHERE id = :id AND tenant = :tenant AND enabled = 1"
    " RETURNING webhook_url"
)
REMOVED = "The webhook was removed."
DISABLED = "The webhook was disabled."
GIVEN_UP = "The webhook was disabled: it had failed for too long."


def add_webhook(tx: Tx, webhook: Webhook, key_id: str | None) -> Webhook:
    """`key_id` is the key that signs from now on. Raises UrlTaken."""
    _refuse_taken(tx, webhook)
    tx.put(_ADD, **_params(webhook, key_id), created=clock.to_micros(webhook.created_at))
    return webhook


def change_webhook(tx: Tx, webhook: Webhook, key_id: str | None) -> None:
    """One that is disabled hears no more of what is on its way. Raises UrlTaken."""
    _refuse_taken(tx, webhook)
    tx.put(_CHANGE, **_params(webhook, key_id))
    if not webhook.enabled:
        drop_owed(tx, webhook.id, webhook.webhook_url, DISABLED)


def webhook(tx: Tx, webhook_id: str) -> Webhook | None:
    row = tx.one(_ONE, id=webhook_id)
    return _webhook(row) if row else None


def key_of(tx: Tx, webhook_id: WebhookId) -> str | None:
    """The key that signs while it lives."""
    row = tx.one(_KEY, id=webhook_id)
    return row[0] if row else None


def webhooks(tx: Tx, *, window: Window) -> tuple[int, list[Webhook]]:
    count = tx.one(_COUNT)
    rows = tx.all(_PAGE, limit=window.limit, offset=window.offset)
    return count[0] if count else 0, [_webhook(row) for row in rows]


def remove_webhook(tx: Tx, webhook_id: str) -> bool:
    """False where there is none. What is on its way to it is given up; its history stays."""
    row = tx.one(_REMOVE, id=webhook_id, now=tx.now_us)
    if row is not None:
        drop_owed(tx, webhook_id, row[0], REMOVED)
    return row is not None


def note_failure(tx: Tx, webhook_id: WebhookId) -> float:
    """Remember that a delivery failed; returns for how many seconds of tenant time the webhook has been failing."""
    row = tx.one(_FAILED, id=webhook_id, now=tx.now_us)
    return (tx.now_us - row[0]) / 1_000_000 if row else 0.0


def note_success(tx: Tx, webhook_id: WebhookId) -> None:
    tx.put(_WORKED, id=webhook_id)


def give_up_webhook(tx: Tx, webhook_id: WebhookId) -> None:
    """Disable it, with all that is on its way to it, because it has failed for too long."""
    row = tx.one(_DISABLE, id=webhook_id, now=tx.now_us)
    if row is not None:
        drop_owed(tx, webhook_id, row[0], GIVEN_UP)


def _refuse_taken(tx: Tx, webhook: Webhook) -> None:
    if tx.one(_TAKEN, url=webhook.webhook_url, id=webhook.id):
        raise UrlTaken(webhook.webhook_url)


def _params(webhook: Webhook, key_id: str | None) -> dict[str, Any]:
    return {
        "id": webhook.id,
        "name": webhook.name,
        "url": webhook.webhook_url,
        "events": msgspec.json.encode(webhook.events).decode(),
        "enabled": int(webhook.enabled),
        "key_id": key_id,
        "updated": clock.to_micros(webhook.updated_at),
    }


def _webhook(row: Row) -> Webhook:
    return Webhook(
        id=row[0],
        name=row[1],
        webhook_url=row[2],
        events=tuple(EventType(event) for event in msgspec.json.decode(row[3])),
        enabled=bool(row[4]),
        created_at=clock.from_micros(row[5]),
        updated_at=clock.from_micros(row[6]),
    )
