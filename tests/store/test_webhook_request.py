"""The history of deliveries, and what has grown old in it, is found by an index beside tens of thousands of others."""

import re
from typing import Any

import pytest

from payproof.model.tenant import Tenant
from payproof.store import Store, SystemTx, event, expiry, replay, webhook_request
from payproof.store.dialect import SystemSql
from tests import acting
from tests.store.test_listing import NUMBERS
from tests.store.test_plan import plan

MANY = 30_000
_FILL = (
    (
        "INSERT INTO event (id, tenant, type, facts, created_at)",
        "'event ' || i, :owner, 'link-connected', '{}', i",
    ),
    (
        "INSERT INTO delivery (id, tenant, webhook_id, event_id, status, last_tried_at, created_at)",
        "'delivery ' || i, :owner, :hook, 'event ' || i, 'delivered', i, i",
    ),
    (
        "INSERT INTO webhook_request (tenant, delivery_id, attempt, webhook_url, status_code, created_at)",
        "CAST(:owner AS TEXT), 'delivery ' || i, 1, CAST(:hook AS TEXT), 200 + 300 * (i % 2), i",
    ),
)
_ALL_PAGES = {f"history, upward {up}, by status {by}": found for (up, by), found in webhook_request._PAGES.items()}
_ALL_OLDEST = {f"oldest {number}": found for number, found in enumerate(expiry._OLDEST)}
ASKED = _ALL_PAGES | _ALL_OLDEST | {
    "old attempts": expiry._REQUESTS,
    "old deliveries": expiry._DELIVERIES,
    "old events": expiry._EVENTS,
    "owed in a span": replay._OWED,
    "never owed in a span": replay._NEVER_OWED,
    "inbox": event._AFTER,
}  # fmt: skip
VALUES: dict[str, Any] = {
    "since": 10,
    "until": 60,
    "at": 60,
    "position": 60,
    "status_code": 500,
    "event_type": None,
    "kind": None,
    "kinds": None,
    "task_id": None,
    "user_id": None,
    "webhook_id": None,
    "before": 40,
    "after": MANY - 50,
    "limit": 26,
}
_WALK = re.compile(r"^SEARCH .* \(tenant=\?\)$|Index Cond: \(tenant = '\w+'::text\)$")
"""All that the tenant has, though by an index."""
_NEWEST = "SEARCH event USING COVERING INDEX event_tenant (tenant=?)"
"""One row: the highest position."""
_SCAN = re.compile(r"Seq Scan on (webhook_request|delivery|event)\b|^SCAN (webhook_request|delivery|event|[red])\b")


@pytest.fixture
async def crowded(store: Store, tenant: Tenant) -> Store:
    hook = await store.of(tenant).write(acting.add_webhook)

    def fill(tx: SystemTx) -> None:
        for into, values in _FILL:
            text = f"{into} {NUMBERS[store.is_postgres].format(many=MANY)} SELECT {values} FROM n"
            tx.put(SystemSql(text), owner=tenant.id, hook=hook.id)
        for table in ("event", "delivery", "webhook_request") if store.is_postgres else ():
            tx.put(SystemSql(f"ANALYZE {table}"))

    await store.everywhere.write(fill)
    return store


async def test_nothing_walks_through_the_whole_history(crowded: Store, tenant: Tenant) -> None:
    for name, statement in ASKED.items():
        found = await crowded.everywhere.write(plan, statement, crowded.is_postgres, tenant, VALUES)
        lines = [line.strip() for line in found.splitlines()]
        assert not [line for line in lines if _SCAN.search(line)], f"{name}:\n{found}"
        walks = [line for line in lines if _WALK.search(line) and line != _NEWEST]
        assert not walks or name in _ALL_OLDEST, f"{name}:\n{found}"
        assert "by status True" not in name or "webhook_request_status" in found, f"{name}:\n{found}"
