"""What a connector gets to work with during one step, and nothing else."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from payproof.model.id import TaskId
from payproof.model.product import ProductType
from payproof.model.raw import Raw


class Response(Protocol):
    """The part of an HTTP response that connectors may use. Bodies are bounded by the visit's size limit."""

    @property
    def status_code(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def content(self) -> bytes: ...
    @property
    def text(self) -> str: ...
    @property
    def url(self) -> Any: ...


class Browser(Protocol):
    """A guarded HTTP client: only the manifest's hosts, every hop checked, redirects followed, time and size bounded.

    Transport faults are raised as `kit.failure.Unavailable`. Cookies live in `visit.memory["cookies"]` and come back
    after a crash.
    """

    async def get(self, url: str) -> Response: ...
    async def post(self, url: str, data: Mapping[str, str]) -> Response: ...


class Visit(Protocol):
    task_id: TaskId
    product_type: ProductType
    now: datetime
    """The tenant's time at the start of this step."""
    world_url: str
    """Origin and path prefix of the pretend world, without a trailing slash; empty where there is none."""
    memory: dict[str, Any]
    """A small JSON object, sealed and stored with the step's outcome and with every `intend`."""
    remembered: dict[str, Any]
    """What this person's earlier tasks with this connector chose to keep (`remember`)."""
    http: Browser
    uploads: tuple[Raw, ...]
    """The files handed over, in order."""

    async def intend(self, call: str, *, limit: int = 1) -> int:
        """Commit, before a call that changes the outside world, that it is about to be made; also commits `memory`.

        Returns how often it has now been intended. Raises `SignInInterrupted` instead of exceeding `limit`.
        """
        ...

    def intended(self, call: str) -> int:
        """How often `call` was intended before: more than zero after a crash means its outcome is unknown."""
        ...

    def remember(self, key: str, value: Any) -> None:
        """Keep a small JSON value for this person's later tasks with this connector, from this step's commit on."""
        ...

    def log(self, event: str, **facts: str | int | float | bool | None) -> None:
        """Write a log line; never pass what the person typed or the source told."""
        ...
