"""The history of deliveries: every attempt, and every delivery that was given up without one."""

import sys
from typing import Any

from payproof import clock
from payproof.model.webhook import Delivery, DeliveryStatus
from payproof.model.webhook_request import HistoryWish, Place, WebhookRequest
from payproof.store.delivery import COLUMNS, read_delivery
from payproof.store.dialect import Sql
from payproof.store.transaction import Row, Tx

_TRIED = Sql(
    "UPDATE delivery SET status = CASE WHEN status = 'failed' AND :status = 'pending' THEN 'failed' ELSE :status END,"
    " tries = tries + 1, last_tried_at = :now, first_tried_at = COALESCE(first_tried_at, :now),"
    " body = COALESCE(body, :body)"
    " WHERE id = :id AND tenant = :tenant RETURNING id, earlier_tries + tries"
)
_DROP = Sql(
    "UPDATE delivery SET status = 'failed', tries = tries + 1, last_tried_at = :now"
    " WHERE webhook_id = :webhook_id AND tenant = :tenant AND status = 'pending' RETURNING id, earlier_tries + tries"
)
_ADD = Sql(
    "INSERT INTO webhook_request (tenant, delivery_id, attempt, webhook_url, status_code, error_message, latency_ms,"
    " created_at) VALUES (:tenant, :delivery_id, :attempt, :url, :status_code, :error, :latency_ms, :now)"
)
_LAST = sys.maxsize


def _page(*, upward: bool, by_status: bool) -> Sql:
    """With one bound on either side: given two, SQLite takes the index of all attempts for those of one status too."""
    sign, order, bound = (">", "ASC", "<= :until") if upward else ("<", "DESC", ">= :since")
    only = " AND r.status_code = :status_code" if by_status else ""
    return Sql(
        f"SELECT r.position, r.attempt, r.webhook_url, r.status_code, r.error_message, r.latency_ms, r.created_at,"
        f" {COLUMNS} FROM webhook_request r JOIN delivery d ON d.id = r.delivery_id"
        " JOIN webhook w ON w.id = d.webhook_id JOIN event e ON e.id = d.event_id"
        f" WHERE r.tenant = :tenant AND r.created_at {bound}"
        f" AND (r.created_at, r.position) {sign} (:at, :position){only}"
        " AND (CAST(:event_type AS TEXT) IS NULL OR e.type = :event_type)"
        f" ORDER BY r.created_at {order}, r.position {order} LIMIT :limit"
    )


_PAGES = {(up, by): _page(upward=up, by_status=by) for up in (False, True) for by in (False, True)}


def note_try(
    tx: Tx,
    tried: Delivery,
    status: DeliveryStatus,
    *,
    body: bytes | None = None,
    status_code: int | None = None,
    error: str | None = None,
    latency_ms: int | None = None,
) -> None:
    """What came of a try. The first `body` is kept; a delivery that was given up meanwhile is not brought back."""
    row = tx.one(_TRIED, id=tried.id, status=status, body=body, now=tx.now_us)
    if row is not None:
        came = {"status_code": status_code, "error": error, "latency_ms": latency_ms}
        tx.put(_ADD, **_record(tx, row, tried.webhook_url, **came))


def drop_owed(tx: Tx, webhook_id: str, url: str, why: str) -> None:
    """Give up whatever is on its way to a webhook, with a note of each."""
    dropped = tx.all(_DROP, webhook_id=webhook_id, now=tx.now_us)
    tx.many(_ADD, [_record(tx, row, url, error=why) for row in dropped])


def requests(tx: Tx, wish: HistoryWish) -> list[WebhookRequest]:
    """One more than a page, newest first, or oldest first where the wish looks upward."""
    since = clock.to_micros(wish.since)
    until = tx.now_us if wish.until is None else clock.to_micros(wish.until)
    place = wish.place or Place(clock.from_micros(until), _LAST)
    there = (clock.to_micros(place.created_at), place.position)
    at, position = max(there, (since, -1)) if place.is_upward else min(there, (until, _LAST))
    rows = tx.all(
        _PAGES[place.is_upward, wish.status_code is not None],
        since=since,
        until=until,
        at=at,
        position=position,
        event_type=wish.event_type,
        status_code=wish.status_code,
        limit=wish.size + 1,
    )
    return [_request(row) for row in rows]


def _record(tx: Tx, tried: Row, url: str, **came: Any) -> dict[str, Any]:
    """`tried` is the delivery and the number of the attempt; `came` is what came of it."""
    nothing = {"status_code": None, "error": None, "latency_ms": None}
    return {"delivery_id": tried[0], "attempt": tried[1], "url": url, "now": tx.now_us, **nothing, **came}


def _request(row: Row) -> WebhookRequest:
    return WebhookRequest(
        position=row[0],
        attempt=row[1],
        webhook_url=row[2],
        status_code=row[3],
        error_message=row[4],
        latency_ms=row[5],
        created_at=clock.from_micros(row[6]),
        delivery=read_delivery(row[7:]),
    )
