"""The last calls of each tenant, in the memory of this process: lost with it, and unknown to other processes."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Iterable
from itertools import islice

from payproof import clock
from payproof.model.request import KeptRequest, Position, RecentRequests, RequestWish
from payproof.store.change import Changes

MAX_BYTES = 64_000_000
"""Of all tenants together; beyond that those are forgotten that have not called for longest."""
ANSWER_BYTES = 1_000_000
"""So much is shown at once: striking secrets out of it takes the loop's time."""
GONE_TENANTS = 10_000

START = Position("0", 0)


class Recent:
    def __init__(self, most: int, *, max_bytes: int = MAX_BYTES) -> None:
        """`most` calls of each tenant are kept."""
        self._most = most
        self._max_bytes = max_bytes
        self._size = 0
        self._series: OrderedDict[str, _Series] = OrderedDict()
        self._gone: OrderedDict[str, None] = OrderedDict()
        self._changes = Changes()

    def keep(self, tenant_id: str, request: KeptRequest) -> None:
        if tenant_id in self._gone:
            return
        series = self._series.get(tenant_id)
        if series is None:
            series = self._series[tenant_id] = _Series()
        self._series.move_to_end(tenant_id)
        self._size += series.add(request)
        while len(series.requests) > self._most or (self._size > self._max_bytes and len(self._series) == 1):
            self._size -= series.drop()
        while self._size > self._max_bytes:
            self._size -= self._series.popitem(last=False)[1].size
        self._changes.ring(tenant_id)

    def forget(self, tenant_ids: Iterable[str]) -> None:
        """They are gone, and what is still under way for them will not be kept either."""
        for tenant_id in tenant_ids:
            series = self._series.pop(tenant_id, None)
            self._size -= series.size if series else 0
            self._gone[tenant_id] = None
            if len(self._gone) > GONE_TENANTS:
                self._gone.popitem(last=False)
            self._changes.ring(tenant_id)

    def stop(self) -> None:
        """Answer whoever waits: a server cannot shut down before."""
        self._changes.stop()

    def request(self, tenant_id: str, request_id: str) -> KeptRequest | None:
        found = self.look(tenant_id, RequestWish(request_id=request_id)).found
        return found[0] if found else None

    def look(self, tenant_id: str, wish: RequestWish) -> RecentRequests:
        series = self._series.get(tenant_id)
        if series is None:
            return RecentRequests([], START)
        if wish.is_from_now:
            return RecentRequests([], series.end)
        return series.since(wish.after, wish) if wish.after else series.last(wish)

    async def wait(self, tenant_id: str, wish: RequestWish, seconds: float) -> RecentRequests:
        """Like `look`; where nothing is there yet, it waits so long for something to come."""
        with self._changes.watch([tenant_id]) as changed:
            try:
                async with asyncio.timeout(seconds):
                    while not (found := self.look(tenant_id, wish)).found and self._may_wait(tenant_id, wish, seconds):
                        changed.clear()
                        await changed.wait()
            except TimeoutError:
                return self.look(tenant_id, wish)
        return found

    def _may_wait(self, tenant_id: str, wish: RequestWish, seconds: float) -> bool:
        return seconds > 0 and not wish.is_from_now and not self._changes.is_over and tenant_id not in self._gone


class _Series:
    """The last calls of one tenant, numbered from 1. Its name is the moment when it began."""

    __slots__ = ("name", "newest", "requests", "size")

    def __init__(self) -> None:
        self.name = f"{clock.to_micros(clock.now()):x}"
        self.requests: deque[KeptRequest] = deque()
        self.newest = 0
        self.size = 0

    def add(self, request: KeptRequest) -> int:
        size = request.size
        self.requests.append(request)
        self.newest += 1
        self.size += size
        return size

    def drop(self) -> int:
        """Forget the oldest. Returns the bytes it held."""
        size = self.requests.popleft().size
        self.size -= size
        return size

    @property
    def end(self) -> Position:
        return Position(self.name, self.newest)

    def last(self, wish: RequestWish) -> RecentRequests:
        found, _ = _page(reversed(self.requests), wish)
        return RecentRequests(found[::-1], self.end)

    def since(self, seen: Position, wish: RequestWish) -> RecentRequests:
        before = self.newest - len(self.requests)
        number = min(seen.number, self.newest) if seen.series == self.name else before
        skipped = max(0, number - before)
        found, looked = _page(islice(self.requests, skipped, None), wish)
        return RecentRequests(found, Position(self.name, before + skipped + looked), max(0, before - number))


def _page(requests: Iterable[KeptRequest], wish: RequestWish) -> tuple[list[KeptRequest], int]:
    """As many of the wanted ones as may be shown at once, and how many were looked at for that."""
    found: list[KeptRequest] = []
    size = looked = 0
    for request in requests:
        if wish.request_id is None or request.id == wish.request_id:
            size += request.size
            if found and (len(found) == wish.limit or size > ANSWER_BYTES):
                break
            found.append(request)
        looked += 1
    return found, looked
