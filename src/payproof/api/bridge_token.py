"""Bridge tokens at the door."""

from payproof.api.call import Call
from payproof.contract import bridge_token as wire
from payproof.services import bridge_token as service
from payproof.store import Tx


def create(tx: Tx, call: Call) -> wire.TokenBody:
    wish = wire.token_wish(call.json)
    return wire.token_body(service.add_bridge_token(tx, call.args[0], wish, call.directory.providers))


def create_for(tx: Tx, call: Call) -> wire.TokenBody:
    """The old form, with the user in the body."""
    user_id, wish = wire.user_token_wish(call.json)
    return wire.token_body(service.add_bridge_token(tx, user_id, wish, call.directory.providers))
