"""Links at the door."""

from msgspec.structs import asdict

from payproof.api.call import Call, window
from payproof.contract import link as wire
from payproof.contract import reading
from payproof.contract.page import Page, page
from payproof.services import link as service
from payproof.services.removal import remove_link
from payproof.store import Tx
from payproof.store.link import links


def read(tx: Tx, call: Call) -> wire.LinkBody:
    link = service.link(tx, call.args[0])
    return wire.link_body(link, call.provider(tx, link.provider_id), call.base)


def listed(tx: Tx, call: Call) -> Page[wire.LinkBody]:
    """Access tokens are shown in full only to whoever asks for one user's links."""
    query = reading.read_query(wire.LinkQuery, call.query)
    count, found = links(tx, window=window(call.page), **asdict(query))
    shown = query.user_id is not None
    results = [
        wire.link_body(link, call.provider(tx, link.provider_id), call.base, is_token_shown=shown) for link in found
    ]
    return page(call.page, call.address, count, results)


def delete(tx: Tx, call: Call) -> None:
    remove_link(tx, call.args[0])


def exchange(tx: Tx, call: Call) -> wire.ExchangeBody:
    asked = reading.read(wire.ExchangeRequest, call.json)
    return wire.exchange_body(service.exchange_public_token(tx, asked.public_token))
