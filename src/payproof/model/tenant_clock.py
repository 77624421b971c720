"""A tenant's clock as a client sees it; what it does to the tenant's time is in `payproof.clock`."""

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from payproof.model.id import TenantId


class ClockStatus(StrEnum):
    READY = "ready"
    ADVANCING = "advancing"


class Clock(Struct, frozen=True, kw_only=True):
    """Every tenant has exactly one, so the tenant's id is its id."""

    id: TenantId
    now: datetime
    frozen_at: datetime | None
    """None while it ticks."""
    offset: timedelta
    """How far it is ahead of the wall."""
    target: datetime | None
    """Where it is advancing to."""

    @property
    def status(self) -> ClockStatus:
        return ClockStatus.READY if self.target is None else ClockStatus.ADVANCING
