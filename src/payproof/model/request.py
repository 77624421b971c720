"""Calls of a tenant as they were heard and answered, kept for a while so that its developers can look at them."""

from datetime import datetime

from msgspec import Struct


class KeptBody(Struct, frozen=True):
    content: bytes | None
    """None where it was too large to keep or was never read; then `why` says so."""
    media_type: str = "application/json"
    size: int | None = 0
    """Bytes; None where nobody knows."""
    why: str | None = None


NO_BODY = KeptBody(None)


class KeptRequest(Struct, frozen=True, kw_only=True):
    """As it came, secrets included: they are struck out on the way to whoever looks."""

    id: str
    at: datetime
    method: str
    path: str
    route: str
    """The path with its names."""
    query: bytes
    """As it was written."""
    status: int
    ms: float
    reason: str | None
    request: KeptBody
    response: KeptBody

    @property
    def size(self) -> int:
        """Bytes, roughly."""
        said, answered = self.request.content or b"", self.response.content or b""
        return 1_000 + len(self.path) + len(self.query) + len(said) + len(answered)


class Position(Struct, frozen=True):
    """How far somebody has read. One of another series, from before a restart say, has read nothing of this one."""

    series: str
    number: int


class RequestWish(Struct, frozen=True, kw_only=True):
    request_id: str | None = None
    after: Position | None = None
    """Those that came after it, from the first on; without it the last ones."""
    is_from_now: bool = False
    """None of those that are there: only where to go on from."""
    limit: int = 100


class RecentRequests(Struct, frozen=True):
    found: list[KeptRequest]
    """Newest last."""
    next: Position
    """Where to go on from."""
    missed: int = 0
    """So many came after the position that was asked for, and are forgotten already."""
