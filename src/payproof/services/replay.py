"""Hearing again of what was announced before."""

from payproof.model.missing import NotFound
from payproof.model.replay import ReplayRefused, ReplayWish
from payproof.services.webhook import webhook
from payproof.store import Tx
from payproof.store import replay as store
from payproof.store.event import Due

MOST = 1000
"""How many deliveries one call replays: all in one transaction, with their jobs."""


def replay(tx: Tx, wish: ReplayWish) -> int:
    """How many deliveries are on their way now. Raises NotFound, ReplayRefused."""
    if wish.delivery_id is not None:
        return _replay_one(tx, wish.delivery_id)
    if wish.webhook_id is not None and not webhook(tx, wish.webhook_id).enabled:
        raise ReplayRefused("webhook", "It is disabled: enable it first.")
    owed = store.owed_in(tx, wish, MOST + 1)
    late = store.never_owed_in(tx, wish, MOST + 1) if wish.webhook_id is not None else []
    if len(owed) + len(late) > MOST:
        raise ReplayRefused("created_at__gte", f"That is more than {MOST} deliveries: ask for a shorter span.")
    store.replay(tx, owed)
    if wish.webhook_id is not None:
        store.owe_late(tx, late, wish.webhook_id)
    return len(owed) + len(late)


def _replay_one(tx: Tx, delivery_id: str) -> int:
    found = store.hook_of(tx, delivery_id)
    if found is None:
        raise NotFound("delivery", delivery_id)
    webhook_id, is_listening = found
    if not is_listening:
        raise ReplayRefused("webhook_id", "Its webhook is disabled or gone: enable it first.")
    store.replay(tx, [Due(delivery_id, webhook_id)])
    return 1
