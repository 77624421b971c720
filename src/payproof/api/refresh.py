"""Refreshes at the door."""

from payproof.api.call import Call
from payproof.contract import refresh as wire
from payproof.services import refresh as service
from payproof.store import Tx


def create(tx: Tx, call: Call) -> wire.RefreshMade:
    wish = wire.refresh_wish(call.json)
    return wire.RefreshMade(service.start_refresh(tx, wish, call.directory.providers).id)


def read(tx: Tx, call: Call) -> wire.RefreshBody:
    return wire.refresh_body(service.refresh(tx, call.args[0]))
