"""Replays on the wire: an addition of ours."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from payproof.contract.operation import NOTE, Operation, post
from payproof.contract.reading import Problem, read
from payproof.contract.webhook_request import Span, span_check
from payproof.model.event import EventType
from payproof.model.replay import ReplayWish

Id = Annotated[str, Meta(max_length=64)]

_OF_A_SPAN = ("created_at__gte", "created_at__lte", "event_type", "webhook")


class ReplayRequest(Span, frozen=True, kw_only=True):
    """Either `webhook_id`, as in the payload that is wanted again, or a span that begins with `created_at__gte`."""

    webhook_id: Id | None = None
    event_type: EventType | None = None
    webhook: Id | None = None
    """Only to the webhook with this id. It also hears of what it missed while it was disabled."""

    @staticmethod
    def wrong(values: Mapping[str, Any]) -> Iterator[Problem]:
        if values.get("webhook_id") is not None:
            for name in _OF_A_SPAN:
                if values.get(name) is not None:
                    yield Problem(name, "Not together with `webhook_id`.")
        elif values.get("created_at__gte") is None:
            yield Problem("created_at__gte", "Say `webhook_id`, or where the span begins.")


class ReplayBody(Struct, frozen=True):
    count: int
    """How many deliveries are on their way now."""


def replay_wish(data: dict[str, Any], now: datetime) -> ReplayWish:
    """Raises `InvalidParams`."""
    asked = read(ReplayRequest, data, also=span_check(now))
    return ReplayWish(
        delivery_id=asked.webhook_id,
        since=asked.created_at__gte,
        until=asked.created_at__lte,
        event_type=asked.event_type,
        webhook_id=asked.webhook,
    )


OPERATIONS: tuple[Operation, ...] = (
    post(
        "webhook_requests_replay",
        "/v1/webhook-requests/replay/",
        "Webhooks",
        "Deliver again, with the same webhook_id and the same bytes (an addition of ours)",
        ReplayBody,
        status=202,
        request=ReplayRequest,
        max_bytes=NOTE,
        refusals=(400, 404),
    ),
)
