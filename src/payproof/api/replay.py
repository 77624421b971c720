"""Replays at the door."""

from payproof.api.call import Call
from payproof.contract import replay as wire
from payproof.services import replay as service
from payproof.store import Tx


def create(tx: Tx, call: Call) -> wire.ReplayBody:
    return wire.ReplayBody(service.replay(tx, wire.replay_wish(call.json, tx.now)))
