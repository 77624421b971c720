"""What happened, as it is announced. An event snapshots its facts when it happens and never changes."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct

from payproof.model.id import EventId


class EventType(StrEnum):
    TASK_STATUS_UPDATED = "task-status-updated"
    ORDER_STATUS_UPDATED = "order-status-updated"
    ORDER_CREATED = "order-created"
    LINK_CONNECTED = "link-connected"
    LINK_DISCONNECTED = "link-disconnected"
    ORDER_REFRESH_FAILED = "order-refresh-failed"
    LINK_DELETED = "link-deleted"
    EMPLOYMENT_CREATED = "employment-created"
    EMPLOYMENT_UPDATED = "employment-updated"
    PROFILE_CREATED = "profile-created"
    PROFILE_UPDATED = "profile-updated"
    STATEMENTS_CREATED = "statements-created"
    STATEMENTS_UPDATED = "statements-updated"
    SHIFTS_CREATED = "shifts-created"
    SHIFTS_UPDATED = "shifts-updated"
    BANK_ACCOUNTS_CREATED = "bank-accounts-created"
    BANK_ACCOUNTS_UPDATED = "bank-accounts-updated"
    ORDER_FINALIZED = "order-finalized"
    CERTIFICATION_COMPLETED = "certification-completed"


class Event(Struct, frozen=True, kw_only=True):
    id: EventId
    type: EventType
    created_at: datetime
    user_id: str | None
    facts: dict[str, Any]
    """The event's own keys (task_id, link_id, product, status, …) as JSON values; times are ISO-8601 text."""
