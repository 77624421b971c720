"""Events, written in the transaction of what they tell, together with the deliveries they owe."""

from collections.abc import Sequence
from typing import Any

import msgspec

from payproof import clock
from payproof.model.event import Event, EventType
from payproof.model.id import EventId, new_id
from payproof.model.job import JobKind
from payproof.model.webhook_request import KEPT
from payproof.store.dialect import Sql
from payproof.store.expiry import SLACK
from payproof.store.job import enqueue
from payproof.store.transaction import Row, Tx

_ADD = Sql(
    "INSERT INTO event (id, tenant, type, user_id, task_id, link_id, facts, created_at)"
    " VALUES (:id, :tenant, :type, :user_id, :task, :link, :facts, :now)"
)
_LISTENERS = Sql(
    "SELECT id, events FROM webhook WHERE tenant = :tenant AND enabled = 1 AND removed_at IS NULL UNION ALL"
    " SELECT '', '' WHERE NOT EXISTS (SELECT 1 FROM job WHERE kind = 'expire' AND subject = :tenant"
    " AND dead_at IS NULL) AND EXISTS ({each_lockable :expiry}) ORDER BY 1"
)
"""And a row without a name where nobody sees to it yet that events grow old. Of those who find that at one time, one
hears of it: on PostgreSQL the others would wait for its commit, since there is one such job."""
_OWE = Sql(
    "INSERT INTO delivery (id, tenant, webhook_id, event_id, status, created_at)"
    " VALUES (:id, :tenant, :webhook_id, :event_id, 'pending', :now)"
)
_COLUMNS = "id, type, user_id, facts, created_at, position"
_OF_TENANT = Sql(f"SELECT {_COLUMNS} FROM event WHERE tenant = :tenant ORDER BY position")
_NEWEST = Sql("SELECT MAX(position) FROM event WHERE tenant = :tenant")
_AFTER = Sql(
    f"SELECT {_COLUMNS} FROM event WHERE tenant = :tenant AND position > :after"
    " AND (CAST(:kinds AS TEXT) IS NULL OR type IN {json :kinds})"
    " AND (CAST(:task_id AS TEXT) IS NULL OR task_id = :task_id)"
    " AND (CAST(:user_id AS TEXT) IS NULL OR user_id = :user_id)"
    " ORDER BY position LIMIT :limit"
)
DELIVERY_SLOTS = 4
"""How many deliveries to one webhook may run at once."""


class Due(msgspec.Struct, frozen=True):
    """A delivery that is to be tried."""

    delivery_id: str
    webhook_id: str


def add_event(
    tx: Tx,
    kind: EventType,
    *,
    user_id: str | None,
    facts: dict[str, Any],
    task: str | None = None,
    link: str | None = None,
) -> Event:
    """Record what happened and owe one delivery to each webhook that wants to hear of it."""
    event = Event(id=EventId(new_id()), type=kind, created_at=tx.now, user_id=user_id, facts=facts)
    tx.put(
        _ADD,
        id=event.id,
        type=kind,
        user_id=user_id,
        task=task,
        link=link,
        facts=msgspec.json.encode(facts).decode(),
        now=tx.now_us,
    )
    tx.notices.events.append((tx.tenant.id, event.id))
    if tx.listeners is None:
        tx.listeners = _listeners(tx)
    for webhook_id, wanted in tx.listeners:
        if wants(wanted, kind):
            owe(tx, event.id, webhook_id)
    return event


def _listeners(tx: Tx) -> list[Row]:
    """Webhooks that hear of anything, with their choice. On the way, that events grow old is seen to: one look less."""
    rows = tx.all(_LISTENERS, expiry=msgspec.json.encode([f"expire {tx.tenant.id}"]).decode())
    if rows and not rows[0][0]:
        enqueue(tx, JobKind.EXPIRE, tx.tenant.id, at=tx.now + KEPT + SLACK)
        return rows[1:]
    return rows


def wants(wanted: str, kind: EventType) -> bool:
    """Whether a webhook's choice of events, as it is stored, has this one among them."""
    return wanted == "[]" or kind in msgspec.json.decode(wanted, type=list[str])


def owe(tx: Tx, event_id: str, webhook_id: str) -> None:
    """One delivery of this event to this webhook, which it did not have yet."""
    delivery_id = new_id()
    tx.put(_OWE, id=delivery_id, webhook_id=webhook_id, event_id=event_id, now=tx.now_us)
    ask_to_deliver(tx, Due(delivery_id, webhook_id))


def ask_to_deliver(tx: Tx, due: Due) -> None:
    enqueue(tx, JobKind.DELIVER, due.delivery_id, lane=f"webhook {due.webhook_id}", slots=DELIVERY_SLOTS)


def newest_position(tx: Tx) -> int:
    """Where the tenant's history ends; 0 where it has none."""
    row = tx.one(_NEWEST)
    return row[0] or 0 if row else 0


def events_after(
    tx: Tx,
    position: int,
    *,
    kinds: Sequence[EventType] | None = None,
    task_id: str | None = None,
    user_id: str | None = None,
    limit: int = 100,
) -> list[tuple[int, Event]]:
    """What came after a position, with positions, oldest first. Nothing comes later before what is there already."""
    rows = tx.all(
        _AFTER,
        after=position,
        kinds=msgspec.json.encode(kinds).decode() if kinds else None,
        task_id=task_id,
        user_id=user_id,
        limit=limit,
    )
    return [(row[5], _event(row)) for row in rows]


def events(tx: Tx) -> list[Event]:
    """The tenant's whole history, oldest first: for tests and tools."""
    return [_event(row) for row in tx.all(_OF_TENANT)]


def _event(row: Row) -> Event:
    return Event(
        id=row[0],
        type=EventType(row[1]),
        user_id=row[2],
        facts=msgspec.json.decode(row[3]),
        created_at=clock.from_micros(row[4]),
    )
