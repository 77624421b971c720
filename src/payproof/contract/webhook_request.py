"""The history of deliveries on the wire."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from payproof.contract.cursor import CursorPage, read_cursor
from payproof.contract.event import webhook_body
from payproof.contract.money import Moment
from payproof.contract.operation import Operation, get
from payproof.contract.page import DEFAULT_SIZE, MAX_SIZE, page_size
from payproof.contract.reading import Check, Problem, read_query
from payproof.model.event import EventType
from payproof.model.webhook_request import KEPT, HistoryWish, WebhookRequest

GRACE = timedelta(minutes=5)
"""A caller whose clock is a little behind may still ask for thirty days."""

StatusCode = Annotated[int, Meta(ge=100, le=599)]


class WebhookRequestRecord(Struct, frozen=True, kw_only=True):
    """One attempt to deliver. From `id` on the keys are additions of ours."""

    webhook_id: str
    event_type: EventType
    event_created_at: Moment
    status_code: int | None
    error_message: str | None
    webhook_payload: dict[str, Any]
    webhook_url: str
    id: str
    attempt: int
    latency_ms: int | None
    created_at: Moment


class Span(Struct, frozen=True, kw_only=True):
    created_at__gte: Moment | None = None
    created_at__lte: Moment | None = None


class WebhookRequestQuery(Span, frozen=True, kw_only=True):
    """`page_size` is read by the rule of all lists, which forgives more than this says."""

    event_type: EventType | None = None
    status_code: StatusCode | None = None
    cursor: str | None = None
    page_size: Annotated[int, Meta(ge=1, le=MAX_SIZE)] = DEFAULT_SIZE


def history_wish(pairs: Mapping[str, str], now: datetime, owner: str) -> HistoryWish:
    """Raises `InvalidParams` with everything that is wrong, then InvalidCursor."""
    strict = {name: text for name, text in pairs.items() if name != "page_size"}
    query = read_query(WebhookRequestQuery, strict, also=span_check(now))
    return HistoryWish(
        since=max(query.created_at__gte or now - KEPT, now - KEPT),
        until=query.created_at__lte,
        event_type=query.event_type,
        status_code=query.status_code,
        place=read_cursor(query.cursor, owner) if query.cursor else None,
        size=page_size(pairs),
    )


def span_check(now: datetime) -> Check:
    """Refuses a span that begins before the history does, or ends before it begins."""

    def look(values: Mapping[str, Any]) -> Iterator[Problem]:
        since, until = values.get("created_at__gte"), values.get("created_at__lte")
        if since is not None and since < now - KEPT - GRACE:
            yield Problem("created_at__gte", f"The history goes back {KEPT.days} days.")
        if until is not None and until < (since or now - KEPT):
            yield Problem("created_at__lte", "Must not be before created_at__gte.")

    return look


def request_record(request: WebhookRequest) -> WebhookRequestRecord:
    """What was never sent is shown as it would have been."""
    delivery = request.delivery
    body = delivery.body or webhook_body(delivery.event, delivery.id)
    return WebhookRequestRecord(
        webhook_id=delivery.id,
        event_type=delivery.event.type,
        event_created_at=delivery.event.created_at,
        status_code=request.status_code,
        error_message=request.error_message,
        webhook_payload=msgspec.json.decode(body),
        webhook_url=request.webhook_url,
        id=request.id,
        attempt=request.attempt,
        latency_ms=request.latency_ms,
        created_at=request.created_at,
    )


OPERATIONS: tuple[Operation, ...] = (
    get(
        "webhook_requests_list",
        "/v1/webhook-requests/",
        "Webhooks",
        "List attempts to deliver, newest first",
        CursorPage[WebhookRequestRecord],
        query=WebhookRequestQuery,
        refusals=(400, 404),
    ),
)
