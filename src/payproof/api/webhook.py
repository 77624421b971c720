"""Webhooks at the door."""

from payproof.api.call import Call, window
from payproof.contract import webhook as wire
from payproof.contract.page import Page, page
from payproof.services import webhook as service
from payproof.store import Tx
from payproof.store.webhook import webhooks


def create(tx: Tx, call: Call) -> wire.WebhookBody:
    wish = wire.webhook_wish(call.json, call.tenant.environment, allow_plain=call.house.allow_plain_webhooks)
    return wire.webhook_shown(service.add_webhook(tx, wish, call.key_id), call.tenant.environment)


def update(tx: Tx, call: Call) -> wire.WebhookBody:
    changes = wire.webhook_changes(call.json, call.tenant.environment, allow_plain=call.house.allow_plain_webhooks)
    changed = service.change_webhook(tx, call.args[0], changes, call.key_id)
    return wire.webhook_shown(changed, call.tenant.environment)


def delete(tx: Tx, call: Call) -> None:
    service.remove_webhook(tx, call.args[0])


def read(tx: Tx, call: Call) -> wire.WebhookBody:
    return wire.webhook_shown(service.webhook(tx, call.args[0]), call.tenant.environment)


def listed(tx: Tx, call: Call) -> Page[wire.WebhookBody]:
    count, found = webhooks(tx, window=window(call.page))
    results = [wire.webhook_shown(webhook, call.tenant.environment) for webhook in found]
    return page(call.page, call.address, count, results)
