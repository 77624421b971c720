"""A wish to hear again of what was announced before."""

from datetime import datetime

from msgspec import Struct

from payproof.model.event import EventType


class ReplayWish(Struct, frozen=True, kw_only=True):
    """One delivery, or all of what happened in a span."""

    delivery_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    event_type: EventType | None = None
    webhook_id: str | None = None
    """Only to this webhook, which then also hears of what it was never owed, because it was disabled or new."""


class ReplayRefused(Exception):
    """It cannot be done as it was asked; says which part of the wish is why."""

    def __init__(self, field: str, why: str) -> None:
        self.field = field
        self.why = why
        super().__init__(why)
