"""The inbox at the door: a look at the events, and another one when there is news, for as long as the caller waits."""

from payproof.api.call import Call
from payproof.api.waiting import until
from payproof.contract import webhook_inbox as wire
from payproof.contract.reading import invalid
from payproof.store import Store, Tx
from payproof.store.event import events_after, newest_position
from payproof.store.key import signing_secret


async def listed(store: Store, call: Call) -> wire.InboxBody:
    """Each look begins where the last one ended, so that waiting costs the same however long the history is."""
    query = wire.inbox_query(call.query)
    seen = wire.InboxBody(results=[], next=query.after or "0")

    async def look() -> wire.InboxBody:
        nonlocal seen
        seen = await store.of(call.tenant).read(_look, query, seen.next, call.key_id)
        return seen

    return await until(store, [call.tenant.id], look, lambda found: bool(found.results), seconds=query.wait)


def _look(tx: Tx, query: wire.InboxQuery, after: str, key_id: str) -> wire.InboxBody:
    newest = newest_position(tx)
    if after == wire.LATEST:
        return wire.InboxBody(results=[], next=str(newest))
    if int(after) > newest:
        raise invalid("after", "The history has not come so far: this is no position of it.")
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
        next=str(found[-1][0] if has_more else newest),
    )
