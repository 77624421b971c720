"""Identifiers and tokens: 32 lowercase hex digits everywhere on the wire except slugs."""

import secrets
from typing import NewType

ClientId = NewType("ClientId", str)
TenantId = NewType("TenantId", str)
UserId = NewType("UserId", str)
LinkId = NewType("LinkId", str)
TaskId = NewType("TaskId", str)
SessionId = NewType("SessionId", str)
QuestionId = NewType("QuestionId", str)
EventId = NewType("EventId", str)
WebhookId = NewType("WebhookId", str)
DeliveryId = NewType("DeliveryId", str)


def new_id() -> str:
    """A fresh random identifier of 128 bits, as 32 hex digits."""
    return secrets.token_hex(16)
