"""Identifiers and tokens: 32 lowercase hex digits everywhere on the wire except slugs."""

import secrets
import threading
import time
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


_making = threading.Lock()
_latest = 0


def new_id() -> str:
    """A fresh identifier: one that is made later sorts after it. Half of it is the wall's time, half chance.

    So a list has an order of its own also where a test clock stands, and a primary key grows at its end.
    """
    global _latest
    with _making:
        _latest = max(_latest + 1, (time.time_ns() << 16) // 1_000_000)
        return f"{_latest:016x}{secrets.token_hex(8)}"


def new_token() -> str:
    """A fresh token of 128 random bits: who has it may act."""
    return secrets.token_hex(16)
