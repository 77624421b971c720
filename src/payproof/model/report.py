"""A report is a view over stored facts, made when it is read."""

from msgspec import Struct

from payproof.model.employment import StoredEmployment
from payproof.model.link import Link
from payproof.model.task import TaskStatus


class LinkReport(Struct, frozen=True, kw_only=True):
    """Income and employment as one link gives them."""

    link: Link
    employments: tuple[StoredEmployment, ...]
    refresh_status: TaskStatus | None = None
    """Of the last refresh, where there was any."""
    files: dict[str, str] = {}
    """Tokens of the files it points to, by the key of their raw."""
