"""The story of a delivery: sign, post, and try again for a day."""

import hashlib
import hmac
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from msgspec import Struct

from payproof.contract.event import webhook_body
from payproof.engine.work import Work
from payproof.model.secret import Secret
from payproof.model.webhook import DeliveryStatus
from payproof.store import Tx, delivery, key, webhook
from payproof.store.delivery import Owed

USER_AGENT = "Truv-Webhook-Service/2.0"
SIGNATURE = "X-WEBHOOK-SIGN"
PAUSES_SECONDS = (5, 15, 60, 300, 900, 1800, 3600)
"""Between tries, before jitter; the last one repeats."""
GIVE_UP_AFTER = timedelta(hours=24)
DISABLE_AFTER = timedelta(days=3)
"""A webhook that failed for so long without a success is switched off."""


class Reply(Struct, frozen=True):
    """What came of a post: a status, or the reason why there was none."""

    status: int | None
    headers: Mapping[str, str] = {}
    error: str | None = None


Post = Callable[[str, Mapping[str, str], bytes], Awaitable[Reply]]
"""Sends a body to an address within ten seconds; never raises for what the other side does."""


class Letter(Struct, frozen=True):
    owed: Owed
    secret: Secret | None
    now: datetime


@dataclass(frozen=True)
class Deliver:
    """Handles jobs of kind `deliver`; the subject is the delivery."""

    post: Post

    async def step(self, work: Work) -> None:
        letter = await work.read(_look, work.subject)
        if letter is None or letter.owed.delivery.status is not DeliveryStatus.PENDING:
            await work.finish(_nothing)
        elif not letter.owed.is_wanted:
            await work.finish(_drop, letter.owed, "The webhook was removed or disabled.")
        else:
            await self._send(work, letter)

    async def give_up(self, work: Work) -> None:
        await work.bury(_bury, work.subject)

    async def _send(self, work: Work, letter: Letter) -> None:
        owed = letter.owed
        body = owed.delivery.body or webhook_body(owed.delivery)
        reply = await self.post(owed.delivery.webhook_url, _headers(body, letter.secret), body)
        if reply.status is not None and 200 <= reply.status < 300:
            await work.finish(_delivered, owed, body, reply)
            return
        first = owed.delivery.first_tried_at or letter.now
        if letter.now - first >= GIVE_UP_AFTER:
            await work.finish(_failed, owed, body, reply, DeliveryStatus.FAILED)
            return
        again = letter.now + _pause(owed.delivery.tries, reply, letter.now)
        await work.postpone(again, _failed, owed, body, reply, DeliveryStatus.PENDING)


def sign(body: bytes, secret: Secret) -> str:
    """The signature a client checks: `v1=` and the hex HMAC-SHA256 of the raw body under the access secret."""
    return "v1=" + hmac.new(secret.reveal().encode(), body, hashlib.sha256).hexdigest()


def _headers(body: bytes, secret: Secret | None) -> dict[str, str]:
    headers = {"Content-Type": "application/json", "User-Agent": USER_AGENT}
    return headers | {SIGNATURE: sign(body, secret)} if secret else headers


def _pause(tries: int, reply: Reply, now: datetime) -> timedelta:
    """Longer with every try, never less than the other side asked for, at most an hour."""
    planned = PAUSES_SECONDS[min(tries, len(PAUSES_SECONDS) - 1)] * random.uniform(0.8, 1.2)
    asked = _retry_after(reply.headers.get("retry-after", ""), now)
    return timedelta(seconds=min(max(planned, asked), 3600.0 * 1.2))


def _retry_after(value: str, now: datetime) -> float:
    """Seconds the other side asks us to wait; it may say a number or a date."""
    if value.strip().isdigit():
        return float(value)
    try:
        return max((parsedate_to_datetime(value) - now).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return 0.0


def _look(tx: Tx, delivery_id: str) -> Letter | None:
    owed = delivery.owed(tx, delivery_id)
    return Letter(owed, key.signing_secret(tx, owed.key_id), tx.now) if owed else None


def _nothing(tx: Tx) -> None:
    return None


def _drop(tx: Tx, owed: Owed, why: str) -> None:
    delivery.note_try(tx, owed.delivery.id, DeliveryStatus.FAILED, status_code=None, error=why)


def _bury(tx: Tx, delivery_id: str) -> None:
    owed = delivery.owed(tx, delivery_id)
    if owed is not None:
        _drop(tx, owed, "The delivery failed here too often without an outcome.")


def _delivered(tx: Tx, owed: Owed, body: bytes, reply: Reply) -> None:
    delivery.set_body(tx, owed.delivery.id, body)
    delivery.note_try(tx, owed.delivery.id, DeliveryStatus.DELIVERED, status_code=reply.status, error=None)
    webhook.note_success(tx, owed.delivery.webhook_id)


def _failed(tx: Tx, owed: Owed, body: bytes, reply: Reply, status: DeliveryStatus) -> None:
    delivery.set_body(tx, owed.delivery.id, body)
    error = reply.error or f"The webhook answered {reply.status}."
    delivery.note_try(tx, owed.delivery.id, status, status_code=reply.status, error=error)
    if webhook.note_failure(tx, owed.delivery.webhook_id) >= DISABLE_AFTER.total_seconds():
        webhook.disable_webhook(tx, owed.delivery.webhook_id)
