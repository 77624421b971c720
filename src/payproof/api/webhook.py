"""Webhooks at the door."""

from payproof import clock
from payproof.api.call import Call, window
from payproof.contract import webhook as wire
from payproof.contract.event import ping_body, webhook_headers
from payproof.contract.page import Page, page
from payproof.model.id import new_id
from payproof.model.webhook import Webhook
from payproof.services import webhook as service
from payproof.store import Store, Tx
from payproof.store.key import signing_secret
from payproof.store.webhook import key_of, webhooks


def create(tx: Tx, call: Call) -> wire.WebhookBody:
    wish = wire.webhook_wish(call.json, call.tenant.environment, allow_plain=call.house.allow_plain_webhooks)
    return wire.webhook_shown(service.add_webhook(tx, wish, call.key_id), call.tenant.environment)


def update(tx: Tx, call: Call) -> wire.WebhookBody:
    changes = wire.webhook_changes(call.json, call.tenant.environment, allow_plain=call.house.allow_plain_webhooks)
    changed = service.change_webhook(tx, call.args[0], changes, call.key_id)
    return wire.webhook_shown(changed, call.tenant.environment)


def delete(tx: Tx, call: Call) -> None:
    service.remove_webhook(tx, call.args[0])


async def ping(store: Store, call: Call) -> wire.PingBody:
    """Whether the webhook is enabled does not matter, and nothing is written down of what comes of it."""
    webhook, body, headers = await store.of(call.tenant).read(_prepare, call.args[0])
    began = clock.monotonic()
    reply = await call.house.post(webhook.webhook_url, headers, body)
    return wire.ping_shown(webhook, body, reply, round((clock.monotonic() - began) * 1000))


def _prepare(tx: Tx, webhook_id: str) -> tuple[Webhook, bytes, dict[str, str]]:
    webhook = service.webhook(tx, webhook_id)
    body = ping_body(new_id(), tx.now)
    return webhook, body, webhook_headers(body, signing_secret(tx, key_of(tx, webhook.id)))


def read(tx: Tx, call: Call) -> wire.WebhookBody:
    return wire.webhook_shown(service.webhook(tx, call.args[0]), call.tenant.environment)


def listed(tx: Tx, call: Call) -> Page[wire.WebhookBody]:
    count, found = webhooks(tx, window=window(call.page))
    results = [wire.webhook_shown(webhook, call.tenant.environment) for webhook in found]
    return page(call.page, call.address, count, results)
