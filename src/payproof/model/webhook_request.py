"""What came of one attempt to deliver. Kept for thirty days, then forgotten with what was sent."""

import hashlib
from datetime import datetime, timedelta

from msgspec import Struct

from payproof.model.event import EventType
from payproof.model.webhook import Delivery

KEPT = timedelta(days=30)
"""How long the history of deliveries goes back, in the tenant's time."""


class WebhookRequest(Struct, frozen=True, kw_only=True):
    position: int
    """Orders attempts of the same moment."""
    attempt: int
    """Counts all attempts at this delivery, from 1."""
    delivery: Delivery
    webhook_url: str
    """Where it went, whatever the webhook's address is by now."""
    status_code: int | None
    """None where nobody answered, or nothing was sent."""
    error_message: str | None
    latency_ms: int | None
    """None where nothing was sent."""
    created_at: datetime

    @property
    def id(self) -> str:
        """The same whenever it is asked for."""
        return hashlib.sha256(f"{self.delivery.id} {self.attempt}".encode()).hexdigest()[:32]


class Place(Struct, frozen=True):
    """A point in the history: between the attempt it names and its neighbour."""

    created_at: datetime
    position: int
    is_upward: bool = False
    """Look at what is newer than that attempt, not at what is older."""


class HistoryWish(Struct, frozen=True, kw_only=True):
    """Which attempts somebody wants to see."""

    since: datetime
    until: datetime | None = None
    event_type: EventType | None = None
    status_code: int | None = None
    place: Place | None = None
    size: int = 100
