"""The story of a delivery: sign, post, and try again for a day."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from msgspec import Struct

from payproof import clock
from payproof.contract.event import webhook_body, webhook_headers
from payproof.engine.work import Work, nothing
from payproof.model.secret import Secret
from payproof.model.webhook import DeliveryStatus, Post, Reply
from payproof.store import Tx, delivery, key, webhook, webhook_request
from payproof.store.delivery import Owed

PAUSES_SECONDS = (5, 15, 60, 300, 900, 1800, 3600)
"""Between tries, before jitter; the last one repeats."""
GIVE_UP_AFTER = timedelta(hours=24)
DISABLE_AFTER = timedelta(days=3)
"""A webhook that failed for so long without a success is switched off."""


class Letter(Struct, frozen=True):
    owed: Owed
    secret: Secret | None
    now: datetime
    wall: datetime
    is_spread: bool
    """Retries are spread a little, but not where the tenant's clock stands: there a story goes the same way again."""


class Came(Struct, frozen=True):
    """What came of a post."""

    body: bytes
    reply: Reply
    latency_ms: int


@dataclass(frozen=True)
class Deliver:
    """Handles jobs of kind `deliver`; the subject is the delivery."""

    post: Post

    async def step(self, work: Work) -> None:
        letter = await work.read(_look, work.subject)
        if letter is None or letter.owed.delivery.status is not DeliveryStatus.PENDING:
            await work.finish(nothing)
        elif not letter.owed.is_wanted:
            await work.finish(_drop, letter.owed, "The webhook is removed or disabled.")
        else:
            await self._send(work, letter)

    async def give_up(self, work: Work) -> None:
        await work.bury(_bury, work.subject)

    async def _send(self, work: Work, letter: Letter) -> None:
        owed = letter.owed
        body = owed.delivery.body or webhook_body(owed.delivery.event, owed.delivery.id)
        began = clock.monotonic()
        reply = await self.post(owed.delivery.webhook_url, webhook_headers(body, letter.secret), body)
        came = Came(body, reply, round((clock.monotonic() - began) * 1000))
        first = owed.delivery.first_tried_at or letter.now
        if reply.is_good:
            await work.finish(_delivered, owed, came)
        elif letter.now - first >= GIVE_UP_AFTER:
            await work.finish(_failed, owed, came, DeliveryStatus.FAILED)
        else:
            again = letter.now + _pause(owed.delivery.tries, reply, letter)
            await work.postpone(again, _failed, owed, came, DeliveryStatus.PENDING)


def _pause(tries: int, reply: Reply, letter: Letter) -> timedelta:
    """Longer with every try, never less than the other side asked for, at most an hour."""
    spread = random.uniform(0.8, 1.2) if letter.is_spread else 1.0
    planned = PAUSES_SECONDS[min(tries, len(PAUSES_SECONDS) - 1)] * spread
    asked = _retry_after(reply.headers.get("retry-after", ""), letter.wall)
    return timedelta(seconds=min(max(planned, asked), 3600.0 * 1.2))


def _retry_after(value: str, wall: datetime) -> float:
    """Seconds the other side asks us to wait; it may say a number, or a date by its own clock on the wall."""
    if value.strip().isdigit():
        return float(value)
    try:
        return max((parsedate_to_datetime(value) - wall).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return 0.0


def _look(tx: Tx, delivery_id: str) -> Letter | None:
    owed = delivery.owed(tx, delivery_id)
    if owed is None:
        return None
    secret = key.signing_secret(tx, owed.key_id)
    return Letter(owed, secret, tx.now, tx.wall, is_spread=tx.clock.frozen_at_us is None)


def _drop(tx: Tx, owed: Owed, why: str) -> None:
    webhook_request.note_try(tx, owed.delivery, DeliveryStatus.FAILED, error=why)


def _bury(tx: Tx, delivery_id: str) -> None:
    owed = delivery.owed(tx, delivery_id)
    if owed is not None:
        _drop(tx, owed, "The delivery failed here too often without an outcome.")


def _delivered(tx: Tx, owed: Owed, came: Came) -> None:
    webhook.note_success(tx, owed.delivery.webhook_id)
    _note(tx, owed, came, DeliveryStatus.DELIVERED, None)


def _failed(tx: Tx, owed: Owed, came: Came, status: DeliveryStatus) -> None:
    """The webhook before the delivery, in the same order everywhere: two failures must not wait for each other."""
    failing_seconds = webhook.note_failure(tx, owed.delivery.webhook_id)
    _note(tx, owed, came, status, came.reply.reason)
    if failing_seconds >= DISABLE_AFTER.total_seconds():
        webhook.give_up_webhook(tx, owed.delivery.webhook_id)


def _note(tx: Tx, owed: Owed, came: Came, status: DeliveryStatus, error: str | None) -> None:
    webhook_request.note_try(
        tx,
        owed.delivery,
        status,
        body=came.body,
        status_code=came.reply.status,
        error=error,
        latency_ms=came.latency_ms,
    )
