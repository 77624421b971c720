"""A task is one sign-in attempt and all that follows from it."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from payproof.model.id import LinkId, SessionId, TaskId, UserId
from payproof.model.product import DataSource, ProductType


class TaskStatus(StrEnum):
    NEW = "new"
    LOGIN = "login"
    MFA = "mfa"
    PARSE = "parse"
    FULL_PARSE = "full_parse"
    SWITCH_DEPOSIT = "switch_deposit"
    DONE = "done"
    ERROR = "error"
    LOGIN_ERROR = "login_error"
    ACCOUNT_LOCKED = "account_locked"
    MFA_ERROR = "mfa_error"
    CONFIG_ERROR = "config_error"
    NO_DATA = "no_data"
    UNAVAILABLE = "unavailable"
    UNABLE_TO_RESET = "unable_to_reset"
    NOT_SUPPORTED = "not_supported"

    @property
    def is_final(self) -> bool:
        return self in ENDINGS


ENDINGS = frozenset(
    {
        TaskStatus.DONE,
        TaskStatus.ERROR,
        TaskStatus.LOGIN_ERROR,
        TaskStatus.ACCOUNT_LOCKED,
        TaskStatus.MFA_ERROR,
        TaskStatus.CONFIG_ERROR,
        TaskStatus.NO_DATA,
        TaskStatus.UNAVAILABLE,
        TaskStatus.UNABLE_TO_RESET,
        TaskStatus.NOT_SUPPORTED,
    }
)
"""The ten statuses from which no task moves again."""

_SOURCE_FAILED = frozenset({TaskStatus.ERROR, TaskStatus.CONFIG_ERROR, TaskStatus.UNAVAILABLE, TaskStatus.NO_DATA})
_SIGN_IN_FAILED = _SOURCE_FAILED | {
    TaskStatus.LOGIN_ERROR,
    TaskStatus.ACCOUNT_LOCKED,
    TaskStatus.MFA_ERROR,
    TaskStatus.UNABLE_TO_RESET,
    TaskStatus.NOT_SUPPORTED,
}

MOVES: dict[TaskStatus, frozenset[TaskStatus]] = {
    TaskStatus.NEW: frozenset({TaskStatus.LOGIN, TaskStatus.ERROR}),
    TaskStatus.LOGIN: _SIGN_IN_FAILED | {TaskStatus.MFA, TaskStatus.PARSE},
    TaskStatus.MFA: _SIGN_IN_FAILED | {TaskStatus.PARSE},
    TaskStatus.PARSE: _SOURCE_FAILED | {TaskStatus.FULL_PARSE},
    TaskStatus.FULL_PARSE: _SOURCE_FAILED | {TaskStatus.SWITCH_DEPOSIT, TaskStatus.DONE},
    TaskStatus.SWITCH_DEPOSIT: _SOURCE_FAILED | {TaskStatus.DONE},
    **{ending: frozenset() for ending in ENDINGS},
}
"""Every lawful move. SQL checks, OpenAPI, the docs diagram and the test matrix derive from this."""


class Task(Struct, frozen=True, kw_only=True):
    id: TaskId
    user_id: UserId
    link_id: LinkId | None
    session_id: SessionId | None
    provider_id: str
    product_type: ProductType
    data_source: DataSource
    status: TaskStatus
    version: int
    """Bumped by every writer that changes the task; a writer that read an older one gets `StaleTask`."""
    is_suspicious: bool = False
    error_message: str | None = None
    """The text for the person, literally as the source gave it."""
    error_reason: str | None = None
    """A machine reason such as `sign_in_interrupted`; never shown on the Truv wire."""
    tracking_info: str | None = None
    bridge_token: str | None = None
    order_id: str | None = None
    is_refresh: bool = False
    """The source is visited again with what the person typed before: nobody is there to be asked."""
    created_at: datetime
    updated_at: datetime
    deadline_at: datetime


class UnlawfulMove(Exception):
    """A move that `MOVES` does not know: a fault of ours, never of the caller."""


class StaleTask(Exception):
    """Somebody changed the task since it was read; read it again and decide anew."""
