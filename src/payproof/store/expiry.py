"""What has been kept long enough: the history of deliveries, with what was sent, and events. Deleted in pieces."""

from datetime import datetime, timedelta

from payproof import clock
from payproof.model.webhook_request import KEPT
from payproof.store.dialect import Sql
from payproof.store.transaction import Tx

PIECE = 500
"""Rows that one transaction deletes of a kind: nobody's write waits long for it."""
SLACK = timedelta(days=1)
"""A day's records go together: there is one job a day at most, and none while there is nothing."""

_REQUESTS = Sql(
    "DELETE FROM webhook_request WHERE position IN (SELECT position FROM webhook_request"
    " WHERE tenant = :tenant AND created_at < :before ORDER BY created_at LIMIT :limit)"
)
_IS_OVER = "status <> 'pending' AND (last_tried_at IS NULL OR last_tried_at < :before)"
_DELIVERIES = Sql(
    "DELETE FROM delivery WHERE id IN (SELECT id FROM delivery WHERE tenant = :tenant AND created_at < :before"
    f" AND {_IS_OVER} ORDER BY created_at LIMIT :limit) AND {_IS_OVER}"
)
# The tenant's last event stays: SQLite would give its position to the next one, which who goes on from it would miss.
_EVENTS = Sql(
    "DELETE FROM event WHERE position IN (SELECT e.position FROM event e WHERE e.tenant = :tenant"
    " AND e.created_at < :before AND e.position < (SELECT MAX(position) FROM event WHERE tenant = :tenant)"
    " AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.event_id = e.id) ORDER BY e.created_at LIMIT :limit)"
)
_WEBHOOKS = Sql(
    "DELETE FROM webhook WHERE tenant = :tenant AND removed_at < :before"
    " AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.webhook_id = webhook.id)"
)
_OLDEST = tuple(
    Sql(f"SELECT MIN(created_at) FROM {table} WHERE tenant = :tenant{condition}")
    for table, condition in (("webhook_request", ""), ("delivery", ""), ("event", " AND created_at >= :before"))
)


def expire(tx: Tx) -> bool:
    """Delete a piece of what is too old; False where nothing was. A delivery goes after its history, an event last.

    Whoever moves a test clock by half a year wants to see what happened on the way: there, events stay.
    """
    before = clock.to_micros(tx.now - KEPT)
    steps = (_REQUESTS, _DELIVERIES) if tx.clock.is_test else (_REQUESTS, _DELIVERIES, _EVENTS)
    if any(tx.run(statement, before=before, limit=PIECE) for statement in steps):
        return True
    tx.put(_WEBHOOKS, before=before)
    return False


def next_expiry(tx: Tx) -> datetime | None:
    """When there will be something to delete; None where nothing is left that could grow too old."""
    before = clock.to_micros(tx.now - KEPT)
    found = [tx.one(oldest, before=before) for oldest in _OLDEST]
    moments = [row[0] for row in found if row is not None and row[0] is not None]
    if not moments:
        return None
    return max(clock.from_micros(min(moments)) + KEPT + SLACK, tx.now + SLACK)
