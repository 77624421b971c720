"""Providers at the door."""

from payproof.api.call import Call, window
from payproof.contract import provider as wire
from payproof.contract.page import Page, page
from payproof.contract.reading import read_query
from payproof.model.institution import Institution
from payproof.model.missing import NotFound
from payproof.model.product import DataSource, ProductType
from payproof.model.provider import Provider
from payproof.services import provider as service
from payproof.store import Tx
from payproof.store.institution import institution


def read(tx: Tx, call: Call) -> wire.ProviderBody:
    installed = service.find_provider(call.directory.providers, call.args[0])
    found = institution(tx, installed.id if installed else call.args[0])
    if found is None and installed is not None:
        found = _alone(installed)
    if found is None:
        raise NotFound("provider", call.args[0])
    return _body(call, found)


def listed(tx: Tx, call: Call) -> Page[wire.ProviderBody]:
    """By name, or best first. A product narrows the list to the kinds of sources that may give it."""
    asked = read_query(wire.ProviderQuery, call.query)
    count, found = service.institutions(
        tx,
        query=asked.query,
        product_type=asked.product_type,
        data_source=asked.data_source,
        window=window(call.page),
    )
    bodies = [_body(call, one, asked.product_type, service.confidence(asked.query, one)) for one in found]
    return page(call.page, call.address, count, bodies)


def supported(tx: Tx, call: Call) -> list[wire.ProviderBody]:
    """Those that are connected, by name. Raises NotFound for what is no product."""
    if call.args[0] not in list(ProductType):
        raise NotFound("product", call.args[0])
    product = ProductType(call.args[0])
    providers = service.open_to(call.directory.providers, call.tenant)
    found = service.search(providers, product_type=product, data_source=DataSource.PAYROLL)
    return [_body(call, _alone(one), product) for one in found]


def _body(call: Call, one: Institution, asked: ProductType | None = None, confidence: float = 1.0) -> wire.ProviderBody:
    provider = call.directory.provider(one.id)
    is_open = provider is not None and provider in service.open_to([provider], call.tenant)
    return wire.provider_body(one, provider, call.base, asked=asked, is_open=is_open, confidence=confidence)


def _alone(provider: Provider) -> Institution:
    """What a connector says of itself."""
    return Institution(id=provider.id, name=provider.name, data_source=provider.data_source)
