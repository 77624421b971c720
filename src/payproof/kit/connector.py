"""The interface between a workflow and a source."""

from collections.abc import AsyncIterator, Sequence
from enum import StrEnum
from typing import Protocol

from payproof.kit.manifest import Manifest
from payproof.kit.visit import Visit
from payproof.model.fact import Facts
from payproof.model.question import Answers, Question
from payproof.model.raw import Raw


class Depth(StrEnum):
    BASIC = "basic"
    """Status `parse`: who, where, which statements and accounts there are."""
    FULL = "full"
    """Status `full_parse`: everything, documents included."""


class Connector(Protocol):
    """Three verbs. `login` and `collect` may be run again after a crash at any line; `read` is pure."""

    @property
    def manifest(self) -> Manifest: ...

    async def login(self, visit: Visit, answers: Answers) -> Question | None:
        """Sign in, or go on with it. A question pauses the task; None means: we are in. Raises `Failure`."""
        ...

    def collect(self, visit: Visit, depth: Depth) -> AsyncIterator[Raw]:
        """Everything the source gives at this depth, as raws with keys that are the same in every try."""
        ...

    def read(self, raws: Sequence[Raw], depth: Depth) -> Facts:
        """Facts from all raws of the task so far. Pure: the same raws give equal facts, for ever. Raises `Failure`."""
        ...
