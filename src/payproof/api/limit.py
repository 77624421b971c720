"""So many calls a minute, and no more."""

from collections import deque
from math import ceil

from payproof import clock


class Throttled(Exception):
    """Too many calls; one may be made again in so many seconds."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(f"again in {seconds} s")


class Limit:
    """An exact sliding window for each name: remembers when the last `most` calls were made."""

    def __init__(self, most: int, *, seconds: float = 60.0, names: int = 10_000) -> None:
        """`most` of 0 means no limit. At most `names` are remembered; beyond that the oldest are forgotten."""
        self._most = most
        self._seconds = seconds
        self._names = names
        self._calls: dict[str, deque[float]] = {}

    def count(self, name: str) -> None:
        """Raises Throttled; a refused call does not count."""
        if not self._most:
            return
        now = clock.monotonic()
        calls = self._calls.get(name)
        if calls is None:
            if len(self._calls) >= self._names:
                del self._calls[next(iter(self._calls))]
            calls = self._calls[name] = deque(maxlen=self._most)
        if len(calls) == self._most and now - calls[0] < self._seconds:
            raise Throttled(ceil(self._seconds - (now - calls[0])))
        calls.append(now)
