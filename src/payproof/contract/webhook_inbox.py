"""The inbox on the wire: deliveries as a webhook would get them, without a webhook."""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, Struct

from payproof.contract.event import webhook_body, webhook_headers
from payproof.contract.operation import Operation, get
from payproof.contract.page import DEFAULT_SIZE, MAX_SIZE, page_size
from payproof.contract.reading import read_query
from payproof.model.event import Event, EventType
from payproof.model.secret import Secret

LATEST = "latest"

Wait = Annotated[int, Meta(ge=0, le=60)]
After = Annotated[
    str,
    Meta(
        pattern=f"^({LATEST}|[0-9]{{1,18}})$",
        extra={"refusal": f"Not a position: take `next` of an answer, or `{LATEST}`."},
    ),
]


class InboxQuery(Struct, frozen=True, kw_only=True):
    """`after` is the `next` of an earlier answer. Without it the inbox begins with the oldest event it has."""

    event_type: tuple[EventType, ...] | None = None
    wait: Wait = 0
    """Seconds to wait where there is nothing yet."""
    after: After | None = None
    task_id: str | None = None
    user_id: str | None = None
    page_size: Annotated[int, Meta(ge=1, le=MAX_SIZE)] = DEFAULT_SIZE


class InboxDelivery(Struct, frozen=True, kw_only=True):
    webhook_id: str
    """The same whenever this event is looked at."""
    event_type: EventType
    headers: dict[str, str]
    body: str
    """The text that is signed, to the byte."""


class InboxBody(Struct, frozen=True, kw_only=True):
    results: list[InboxDelivery]
    next: str
    """Where to go on, as `after`. It leads past all that was looked at, also past what the filters left out."""


def inbox_query(pairs: Mapping[str, str]) -> InboxQuery:
    """Raises `InvalidParams`."""
    return read_query(InboxQuery, {**pairs, "page_size": str(page_size(pairs))})


def inbox_delivery(event: Event, secret: Secret | None) -> InboxDelivery:
    """As if the inbox were a webhook: the event's own id stands for the delivery's."""
    body = webhook_body(event, event.id)
    return InboxDelivery(
        webhook_id=event.id, event_type=event.type, headers=webhook_headers(body, secret), body=body.decode()
    )


OPERATIONS: tuple[Operation, ...] = (
    get(
        "sandbox_webhook_inbox_list",
        "/v1/sandbox/webhook-inbox/",
        "Sandbox",
        "Wait for signed deliveries without a webhook (an addition of ours)",
        InboxBody,
        query=InboxQuery,
    ),
)
