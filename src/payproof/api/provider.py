"""Providers at the door."""

from payproof.api.call import Call
from payproof.contract import provider as wire
from payproof.contract.page import Page, page
from payproof.contract.reading import read_query
from payproof.model.missing import NotFound
from payproof.services import provider as service
from payproof.store import Tx


def read(tx: Tx, call: Call) -> wire.ProviderBody:
    found = service.find_provider(call.directory.providers, call.args[0])
    if found is None:
        raise NotFound("provider", call.args[0])
    return wire.provider_body(found, call.base)


def listed(tx: Tx, call: Call) -> Page[wire.ProviderBody]:
    """By name. A provider without the product is listed too, as not supported, unless a product is asked for."""
    query = read_query(wire.ProviderQuery, call.query)
    found = service.search(
        call.directory.providers,
        query=query.query,
        product_type=query.product_type,
        data_source=query.data_source,
    )
    wish = call.page
    chosen = found[wish.offset : wish.offset + wish.size]
    results = [wire.provider_body(one, call.base, query.product_type) for one in chosen]
    return page(wish, call.address, len(found), results)
