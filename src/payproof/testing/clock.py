"""A wall clock that only a test moves."""

from datetime import UTC, datetime, timedelta


class ManualClock:
    """Called, it tells the time; give it to `Store(wall=…)`."""

    def __init__(self, start: datetime = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)) -> None:
        self._now = start

    def __call__(self) -> datetime:
        return self._now

    def move(self, *, seconds: float = 0, to: datetime | None = None) -> None:
        """Let time pass; a moment that is past already changes nothing."""
        self._now = max(self._now + timedelta(seconds=seconds), to or self._now)
