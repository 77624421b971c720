"""What a webhook receives, and how it is signed."""

import hashlib
import hmac
from datetime import datetime
from typing import Any

import msgspec

from payproof.contract.money import exact_moment, offset_moment
from payproof.model.event import Event
from payproof.model.secret import Secret

USER_AGENT = "Truv-Webhook-Service/2.0"
SIGNATURE = "X-WEBHOOK-SIGN"
PING = "webhook-ping"


def webhook_body(event: Event, webhook_id: str) -> bytes:
    """The bytes to sign and to send: the same event and `webhook_id` give the same bytes.

    Ids, statuses, counts and times; of the person nothing, but what the client itself put into `tracking_info`. The
    event's own keys come in alphabetical order after the common ones, since a store may not keep their order.
    """
    payload: dict[str, Any] = {
        "webhook_id": webhook_id,
        "event_type": event.type.value,
        "event_created_at": exact_moment(event.created_at),
        "user_id": event.user_id,
    }
    for name in sorted(event.facts):
        payload.setdefault(name, _fact(name, event.facts[name]))
    return msgspec.json.encode(payload)


def ping_body(webhook_id: str, now: datetime) -> bytes:
    """A test of the way to a webhook: no event that anybody can subscribe to, and about nobody."""
    payload = {
        "webhook_id": webhook_id,
        "event_type": PING,
        "event_created_at": exact_moment(now),
        "user_id": None,
        "is_test": True,
    }
    return msgspec.json.encode(payload)


def sign(body: bytes, secret: Secret) -> str:
    """The signature a client checks: `v1=` and the hex HMAC-SHA256 of the raw body under the access secret."""
    return "v1=" + hmac.new(secret.reveal().encode(), body, hashlib.sha256).hexdigest()


def webhook_headers(body: bytes, secret: Secret | None) -> dict[str, str]:
    """Without a live key there is nothing to sign with."""
    headers = {"Content-Type": "application/json", "User-Agent": USER_AGENT}
    return headers | {SIGNATURE: sign(body, secret)} if secret else headers


def _fact(name: str, value: Any) -> Any:
    """`updated_at` ends in `+00:00` here, unlike everywhere else on the wire."""
    if name == "updated_at" and isinstance(value, str):
        return offset_moment(datetime.fromisoformat(value))
    return value
