"""Employers at the door."""

from payproof.api.call import Call, window
from payproof.contract import company as wire
from payproof.contract.page import Page, page
from payproof.contract.reading import read as read_body
from payproof.contract.reading import read_query
from payproof.model.provider import Provider
from payproof.services import company as service
from payproof.services.provider import open_to
from payproof.store import Store, Tx


def searched(tx: Tx, call: Call) -> list[wire.CompanyMappingBody]:
    """A bare list: public clients take it as it is."""
    asked = read_query(wire.CompanySearch, call.query)
    found = service.search(tx, asked.query or "", _providers(call), wire.product_asked(asked.product_type))
    return [_body(one, call) for one in found]


def listed(tx: Tx, call: Call) -> Page[wire.CompanyMappingBody]:
    asked = read_query(wire.CompanyQuery, call.query)
    providers, product = _providers(call), wire.product_asked(asked.product_type)
    count, found = service.companies(tx, window(call.page))
    matches = [service.Match(one, service.coverage(tx, one, providers, product), 1.0) for one in found]
    return page(call.page, call.address, count, [_body(one, call) for one in matches])


def read(tx: Tx, call: Call) -> wire.CompanyDetail:
    asked = read_query(wire.CompanyQuery, call.query)
    found = service.company(tx, call.args[0])
    given = service.coverage(tx, found, _providers(call), wire.product_asked(asked.product_type))
    return wire.company_detail(found, call.base, given.mapping_status, given.success_rate, given.features)


async def match(store: Store, call: Call) -> wire.CompanyMappingBody:
    """A POST that only reads."""
    asked = read_body(wire.CompanyRequest, call.json)
    known = service.Asked(id=asked.id, name=asked.name, domain=asked.domain, ein=asked.ein, phone=asked.phone)
    return await store.of(call.tenant).read_long(_match, call, known, asked.product_type)


def mapping(tx: Tx, call: Call) -> wire.CompanyMappingBody:
    asked = read_query(wire.MappingQuery, call.query)
    return _match(tx, call, service.Asked(name=asked.company_name), asked.product_type)


def _match(tx: Tx, call: Call, asked: service.Asked, product: wire.CompanyProduct | None) -> wire.CompanyMappingBody:
    found = service.match(tx, asked, _providers(call), wire.product_asked(product))
    return _body(found, call) if found else wire.unknown_company(asked.name or "", asked.domain)


def _body(one: service.Match, call: Call) -> wire.CompanyMappingBody:
    given = one.coverage
    return wire.company_body(one.company, call.base, given.mapping_status, given.success_rate, one.confidence)


def _providers(call: Call) -> list[Provider]:
    return open_to(call.directory.providers, call.tenant)
