"""The time: of the wall, and of a tenant whose test clock may tick at an offset or stand still."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from msgspec import Struct

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

Wall = Callable[[], datetime]
"""What tells the aware UTC wall time: `now`, or a test's own."""


def now() -> datetime:
    """Aware UTC wall time."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Seconds that only ever grow, for measuring spans within one process."""
    return time.monotonic()


def to_micros(at: datetime) -> int:
    """Microseconds since 1970 in UTC, exactly."""
    return (at - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """Exact: a double holds every microsecond of the next centuries, and this is on the way of every read."""
    return datetime.fromtimestamp(micros / 1_000_000, UTC)


class TenantClock(Struct, frozen=True):
    """A tenant's time as a function of the wall's."""

    offset_us: int
    frozen_at_us: int | None = None
    target_us: int | None = None
    """Where it is advancing to."""

    @property
    def is_advancing(self) -> bool:
        return self.target_us is not None

    @property
    def is_test(self) -> bool:
        """It does not show the wall's time."""
        return self.offset_us != 0 or self.frozen_at_us is not None

    def at(self, wall: datetime) -> datetime:
        """The tenant's time at this moment of the wall."""
        if self.frozen_at_us is not None:
            return from_micros(self.frozen_at_us)
        return wall + timedelta(microseconds=self.offset_us) if self.offset_us else wall

    def wall_of(self, tenant_time: datetime, wall: datetime) -> datetime | None:
        """When the wall, now showing `wall`, will see that tenant time.

        None while the clock stands before it, and while it is advancing: then what is due is handed out in its turn.
        """
        if self.is_advancing:
            return None
        if self.frozen_at_us is None:
            return tenant_time - timedelta(microseconds=self.offset_us)
        return wall if to_micros(tenant_time) <= self.frozen_at_us else None
