"""Deliveries that are owed once more: the same id and the same bytes, and a day of tries again."""

from typing import Any

import msgspec

from payproof import clock
from payproof.model.event import EventType
from payproof.model.replay import ReplayWish
from payproof.model.webhook_request import KEPT
from payproof.store.dialect import Sql
from payproof.store.event import Due, ask_to_deliver, owe, wants
from payproof.store.transaction import Tx

_SPAN = (
    "e.tenant = :tenant AND e.created_at >= :since AND e.created_at <= :until"
    " AND (CAST(:kind AS TEXT) IS NULL OR e.type = :kind)"
)
_ONE = Sql(
    "SELECT w.id, w.enabled, w.removed_at FROM delivery d JOIN webhook w ON w.id = d.webhook_id"
    " JOIN event e ON e.id = d.event_id WHERE d.id = :id AND d.tenant = :tenant AND e.created_at >= :since"
)
_OWED = Sql(
    "SELECT d.id, d.webhook_id FROM event e JOIN delivery d ON d.event_id = e.id JOIN webhook w ON w.id = d.webhook_id"
    f" WHERE {_SPAN} AND w.enabled = 1 AND w.removed_at IS NULL"
    " AND (CAST(:webhook_id AS TEXT) IS NULL OR w.id = :webhook_id) ORDER BY e.created_at, e.position LIMIT :limit"
)
_NEVER_OWED = Sql(
    f"SELECT e.id, e.type FROM event e WHERE {_SPAN} AND NOT EXISTS"
    " (SELECT 1 FROM delivery d WHERE d.event_id = e.id AND d.webhook_id = :webhook_id)"
    " ORDER BY e.created_at, e.position LIMIT :limit"
)
_WANTED = Sql("SELECT events FROM webhook WHERE id = :id AND tenant = :tenant AND enabled = 1 AND removed_at IS NULL")
_AGAIN = Sql(
    "UPDATE delivery SET status = 'pending', earlier_tries = earlier_tries + tries, tries = 0, first_tried_at = NULL"
    " WHERE id IN {json :ids} AND tenant = :tenant AND status <> 'pending'"
)


def hook_of(tx: Tx, delivery_id: str) -> tuple[str, bool] | None:
    """The webhook of a delivery, and whether it hears of anything today; None too for one that is too old."""
    row = tx.one(_ONE, id=delivery_id, since=clock.to_micros(tx.now - KEPT))
    return (row[0], bool(row[1]) and row[2] is None) if row else None


def owed_in(tx: Tx, wish: ReplayWish, limit: int) -> list[Due]:
    """What was owed in a span, oldest first, as far as its webhook hears of anything today."""
    return [Due(*row) for row in tx.all(_OWED, **_span(tx, wish), webhook_id=wish.webhook_id, limit=limit)]


def never_owed_in(tx: Tx, wish: ReplayWish, limit: int) -> list[str]:
    """Events of a span that the wish's webhook wants and was never owed."""
    row = tx.one(_WANTED, id=wish.webhook_id)
    if row is None:
        return []
    rows = tx.all(_NEVER_OWED, **_span(tx, wish), webhook_id=wish.webhook_id, limit=limit)
    return [event_id for event_id, kind in rows if wants(row[0], EventType(kind))]


def replay(tx: Tx, due: list[Due]) -> None:
    """Owe these once more. One that is on its way already is tried now, and not twice.

    Jobs before deliveries, as in the steps of the jobs.
    """
    for one in sorted(due, key=lambda one: one.delivery_id):
        ask_to_deliver(tx, one)
    tx.put(_AGAIN, ids=msgspec.json.encode([one.delivery_id for one in due]).decode())


def owe_late(tx: Tx, event_ids: list[str], webhook_id: str) -> None:
    """Owe a webhook what it was never owed."""
    for event_id in event_ids:
        owe(tx, event_id, webhook_id)


def _span(tx: Tx, wish: ReplayWish) -> dict[str, Any]:
    assert wish.since is not None
    until = tx.now if wish.until is None else wish.until
    return {"since": clock.to_micros(wish.since), "until": clock.to_micros(until), "kind": wish.event_type}
