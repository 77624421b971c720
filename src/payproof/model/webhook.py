"""A webhook is an address of the client that hears of events; a delivery is one event on its way to one address."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from payproof.model.event import Event, EventType
from payproof.model.id import DeliveryId, WebhookId


class WebhookWish(Struct, frozen=True, kw_only=True):
    name: str
    webhook_url: str
    events: tuple[EventType, ...] | None = None
    """None or empty means every event."""
    enabled: bool = True


class Webhook(Struct, frozen=True, kw_only=True):
    id: WebhookId
    name: str
    webhook_url: str
    events: tuple[EventType, ...]
    enabled: bool
    created_at: datetime
    updated_at: datetime


class UrlTaken(Exception):
    """This environment has a webhook with that address already."""


class DeliveryStatus(StrEnum):
    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    """Given up: a day of tries without a 2xx, or the webhook is gone or disabled."""


class Delivery(Struct, frozen=True, kw_only=True):
    id: DeliveryId
    """Also the `webhook_id` of the payload: one per (event, webhook), the same on every retry."""
    webhook_id: WebhookId
    webhook_url: str
    event: Event
    body: bytes | None
    """The exact bytes sent; None before the first try."""
    status: DeliveryStatus
    tries: int
    first_tried_at: datetime | None


class Reply(Struct, frozen=True):
    """What came of a post: a status, or the reason why there was none."""

    status: int | None
    headers: Mapping[str, str] = {}
    error: str | None = None

    @property
    def is_good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def reason(self) -> str:
        """Why it is not good."""
        return self.error or f"The webhook answered {self.status}."


Post = Callable[[str, Mapping[str, str], bytes], Awaitable[Reply]]
"""Sends a body to an address within ten seconds; never raises for what the other side does."""
