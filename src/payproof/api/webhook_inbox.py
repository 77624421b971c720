"""The inbox at the door: a look at the events, and another one when there is news, for as long as the caller waits."""

import asyncio
from contextlib import suppress

from payproof import clock
from payproof.api.call import Call
from payproof.contract import webhook_inbox as wire
from payproof.store import Store, Tx
from payproof.store.event import events_after, newest_position
from payproof.store.key import signing_secret

LOOK_SECONDS = 1.0
"""A look at the store even when nobody rang: a ring may be lost with a connection."""


async def listed(store: Store, call: Call) -> wire.InboxBody:
    """Holds nothing while it waits. Ends early when the server does."""
    query = wire.inbox_query(call.query)
    until = clock.monotonic() + query.wait
    after = query.after or "0"
    with store.changes.watch([call.tenant.id]) as changed:
        while True:
            changed.clear()
            seen = await store.of(call.tenant).read(_look, query, after, call.key_id)
            left = until - clock.monotonic()
            if seen.results or left <= 0 or store.changes.is_over:
                return seen
            after = seen.next
            with suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), min(left, LOOK_SECONDS))


def _look(tx: Tx, query: wire.InboxQuery, after: str, key_id: str) -> wire.InboxBody:
    newest = newest_position(tx)
    if after == wire.LATEST:
        return wire.InboxBody(results=[], next=str(newest))
    found = events_after(
        tx,
        int(after),
        kinds=query.event_type,
        task_id=query.task_id,
        user_id=query.user_id,
        limit=query.page_size,
    )
    secret = signing_secret(tx, key_id) if found else None
    has_more = len(found) == query.page_size
    return wire.InboxBody(
        results=[wire.inbox_delivery(event, secret) for _, event in found],
        next=str(found[-1][0] if has_more else max(newest, int(after))),
    )
