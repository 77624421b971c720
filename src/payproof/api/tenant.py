"""Tenants for tests at the door."""

from payproof.api.call import Call, window
from payproof.contract import tenant as wire
from payproof.contract.page import Page, page
from payproof.services import tenant as service
from payproof.store import Store, Tx
from payproof.store.tenant import made_tenants


async def create(store: Store, call: Call) -> wire.NewTenantBody:
    wish = wire.tenant_wish(call.json)
    made = await store.everywhere.write(service.add_tenant, call.tenant, seed=wish.seed, name=wish.name)
    return wire.new_tenant_body(*made)


async def delete(store: Store, call: Call) -> None:
    gone = await store.everywhere.write(service.remove_tenant, call.tenant, call.args[0])
    if call.house.recent is not None:
        call.house.recent.forget(gone)


def listed(tx: Tx, call: Call) -> Page[wire.TenantBody]:
    count, found = made_tenants(tx, window=window(call.page))
    return page(call.page, call.address, count, [wire.tenant_body(one) for one in found])
