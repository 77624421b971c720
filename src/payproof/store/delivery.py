"""Deliveries: one event on its way to one webhook, the same id and the same bytes on every try."""

import msgspec

from payproof import clock
from payproof.model.event import Event, EventType
from payproof.model.webhook import Delivery, DeliveryStatus
from payproof.store.dialect import Sql
from payproof.store.transaction import Row, Tx

COLUMNS = (
    "d.id, d.webhook_id, w.webhook_url, d.body, d.status, d.tries, d.first_tried_at,"
    " e.id, e.type, e.user_id, e.facts, e.created_at"
)
_FROM = "FROM delivery d JOIN webhook w ON w.id = d.webhook_id JOIN event e ON e.id = d.event_id"
_ONE = Sql(f"SELECT {COLUMNS}, w.enabled, w.removed_at, w.key_id {_FROM} WHERE d.id = :id AND d.tenant = :tenant")
_OF_TENANT = Sql(f"SELECT {COLUMNS} {_FROM} WHERE d.tenant = :tenant ORDER BY e.position, d.id")


class Owed(msgspec.Struct, frozen=True):
    """A delivery with what its webhook says today."""

    delivery: Delivery
    is_wanted: bool
    """The webhook still exists and is enabled."""
    key_id: str | None


def owed(tx: Tx, delivery_id: str) -> Owed | None:
    row = tx.one(_ONE, id=delivery_id)
    return Owed(read_delivery(row), bool(row[12]) and row[13] is None, row[14]) if row else None


def deliveries(tx: Tx) -> list[Delivery]:
    """All of the tenant, oldest first."""
    return [read_delivery(row) for row in tx.all(_OF_TENANT)]


def read_delivery(row: Row) -> Delivery:
    event = Event(
        id=row[7],
        type=EventType(row[8]),
        user_id=row[9],
        facts=msgspec.json.decode(row[10]),
        created_at=clock.from_micros(row[11]),
    )
    return Delivery(
        id=row[0],
        webhook_id=row[1],
        webhook_url=row[2],
        event=event,
        body=None if row[3] is None else bytes(row[3]),
        status=DeliveryStatus(row[4]),
        tries=row[5],
        first_tried_at=None if row[6] is None else clock.from_micros(row[6]),
    )
