"""The history of deliveries at the door."""

from payproof.api.call import Call
from payproof.contract import webhook_request as wire
from payproof.contract.cursor import CursorPage, cursor_page
from payproof.model.webhook_request import Place
from payproof.store import Tx
from payproof.store.webhook_request import requests


def listed(tx: Tx, call: Call) -> CursorPage[wire.WebhookRequestRecord]:
    owner = call.tenant.id
    wish = wire.history_wish(call.query, tx.now, owner)
    found = requests(tx, wish)
    places = [Place(one.created_at, one.position) for one in found]
    records = [wire.request_record(one) for one in found]
    return cursor_page(call.address, owner, wish.place, wish.size, places, records)
