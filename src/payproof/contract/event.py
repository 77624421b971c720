"""What a webhook receives."""

from datetime import datetime
from typing import Any

import msgspec

from payproof.contract.money import exact_moment, offset_moment
from payproof.model.webhook import Delivery


def webhook_body(delivery: Delivery) -> bytes:
    """The bytes to sign and to send: the same delivery gives the same bytes.

    The event's own keys come in alphabetical order after the common ones, since a store may not keep their order.
    """
    event = delivery.event
    payload: dict[str, Any] = {
        "webhook_id": delivery.id,
        "event_type": event.type.value,
        "event_created_at": exact_moment(event.created_at),
        "user_id": event.user_id,
    }
    for name in sorted(event.facts):
        payload.setdefault(name, _fact(name, event.facts[name]))
    return msgspec.json.encode(payload)


def _fact(name: str, value: Any) -> Any:
    """`updated_at` ends in `+00:00` here, unlike everywhere else on the wire."""
    if name == "updated_at" and isinstance(value, str):
        return offset_moment(datetime.fromisoformat(value))
    return value
