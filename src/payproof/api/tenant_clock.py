"""The tenant's clock at the door."""

from payproof.api.call import Call
from payproof.api.waiting import until
from payproof.contract import tenant_clock as wire
from payproof.contract.page import Page, page
from payproof.contract.waiting import wait_seconds
from payproof.model.tenant_clock import Clock, ClockStatus
from payproof.services import tenant_clock as service
from payproof.store import Store, Tx


def listed(tx: Tx, call: Call) -> Page[wire.ClockBody]:
    return page(call.page, call.address, 1, [wire.clock_body(service.own_clock(tx))])


def create(tx: Tx, call: Call) -> wire.ClockBody:
    wish = wire.clock_wish(call.json)
    return wire.clock_body(service.set_clock(tx, frozen_at=wish.frozen_at, offset=wish.offset))


def freeze(tx: Tx, call: Call) -> wire.ClockBody:
    return wire.clock_body(service.freeze(tx, call.args[0], wire.freeze_wish(call.json)))


def delete(tx: Tx, call: Call) -> None:
    service.tick(tx, call.args[0])


async def read(store: Store, call: Call) -> wire.ClockBody:
    """At once, or with `wait` when the clock has arrived."""
    return await _ready(store, call, wait_seconds(call.query))


async def advance(store: Store, call: Call) -> wire.ClockBody:
    """On its way, or with `wait` when the clock has arrived."""
    wish, seconds = wire.advance_wish(call.json), wait_seconds(call.query)
    of = store.of(call.tenant)
    begun = await of.write(service.advance, call.args[0], to=wish.to, by=wish.by)
    return await _ready(store, call, seconds) if seconds else wire.clock_body(begun)


async def _ready(store: Store, call: Call, seconds: float) -> wire.ClockBody:
    async def look() -> Clock:
        return await store.of(call.tenant).read(service.tenant_clock, call.args[0])

    found = await until(store, [call.tenant.id], look, lambda one: one.status is ClockStatus.READY, seconds=seconds)
    return wire.clock_body(found)
