"""What may be done with webhooks."""

from typing import Any

from msgspec.structs import replace

from payproof.model.id import WebhookId, new_id
from payproof.model.missing import NotFound
from payproof.model.webhook import Webhook, WebhookWish
from payproof.store import Tx
from payproof.store import webhook as store


def add_webhook(tx: Tx, wish: WebhookWish, key_id: str | None) -> Webhook:
    """A new registration, signed for by the key that made it. Raises UrlTaken."""
    webhook = Webhook(
        id=WebhookId(new_id()),
        name=wish.name,
        webhook_url=wish.webhook_url,
        events=wish.events or (),
        enabled=wish.enabled,
        created_at=tx.now,
        updated_at=tx.now,
    )
    return store.add_webhook(tx, webhook, key_id)


def change_webhook(tx: Tx, webhook_id: str, changes: dict[str, Any], key_id: str | None) -> Webhook:
    """Set the fields named; the key that changed it signs from now on. Raises NotFound, UrlTaken."""
    changed = replace(webhook(tx, webhook_id), updated_at=tx.now, **changes)
    store.change_webhook(tx, changed, key_id)
    return changed


def remove_webhook(tx: Tx, webhook_id: str) -> None:
    """Raises NotFound, also for the second time."""
    if not store.remove_webhook(tx, webhook_id):
        raise NotFound("webhook", webhook_id)


def webhook(tx: Tx, webhook_id: str) -> Webhook:
    """Raises NotFound."""
    found = store.webhook(tx, webhook_id)
    if found is None:
        raise NotFound("webhook", webhook_id)
    return found
