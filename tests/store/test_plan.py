"""What is asked all day long is found by an index, also beside a hundred thousand jobs that wait."""

from typing import Any

import pytest

from payproof.model.tenant import Tenant
from payproof.store import Store, SystemTx, job, lane, lease
from payproof.store.dialect import SystemSql

MANY = 100_000
_FILL_SQLITE = (
    "INSERT INTO job (kind, subject, tenant, due_at, due_on, fence, lane)"
    " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many)"
    " SELECT 'verify', 'task ' || i, :owner, :later + i, :later + i, 1, 'link ' || i FROM n"
)
_FILL_POSTGRES = (
    "INSERT INTO job (kind, subject, tenant, due_at, due_on, fence, lane)"
    " SELECT 'verify', 'task ' || i, :owner, CAST(:later AS BIGINT) + i, CAST(:later AS BIGINT) + i, 1, 'link ' || i"
    " FROM generate_series(1, :many) AS i"
)
VALUES: dict[str, Any] = {
    "kind": "verify",
    "subject": "task 7",
    "subjects": '["task 7", "task 8"]',
    "lanes": '["link 7"]',
    "lane": "link 7",
    "slot": 0,
    "now": 1,
    "until": 2,
    "limit": 32,
    "worker": "A",
    "fence": 1,
    "due_at": 1,
    "due_on": 1,
}
ASKED = {
    "due": lease._DUE,
    "next due": lease._NEXT_DUE,
    "claim": lease._CLAIM,
    "renew": lease._RENEW,
    "any expired": lease._ANY_EXPIRED,
    "expired": lease._EXPIRED,
    "held lanes": lane._HELD,
    "unpark": lane._UNPARK,
    "stranded": lane._STRANDED,
    "fence": job._FENCE,
    "postpone": job._POSTPONE,
    "finish": job._FINISH,
    "next open": job._OPEN,
    "dead": job._DEAD,
}


@pytest.fixture
async def crowded(store: Store, tenant: Tenant) -> Store:
    fill = SystemSql(_FILL_POSTGRES if store.is_postgres else _FILL_SQLITE)
    await store.everywhere.write(lambda tx: tx.put(fill, owner=tenant.id, later=2**52, many=MANY))
    if store.is_postgres:
        await store.everywhere.write(lambda tx: tx.put(SystemSql("ANALYZE job")))
    return store


def plan(tx: SystemTx, statement: SystemSql, is_postgres: bool, tenant: Tenant, given: dict[str, Any] = VALUES) -> str:
    explain = SystemSql("")
    explain.sqlite, explain.ordered = f"EXPLAIN QUERY PLAN {statement.sqlite}", statement.ordered
    explain.postgres = f"EXPLAIN {statement.postgres}"
    values = given | {"tenant": tenant.id}
    chosen = {name: value for name, value in values.items() if f"%({name})s" in statement.postgres}
    return "\n".join(str(row[0 if is_postgres else 3]) for row in tx.all(explain, **chosen))


async def test_no_statement_of_the_engine_walks_through_all_jobs(crowded: Store, tenant: Tenant) -> None:
    for name, statement in ASKED.items():
        found = await crowded.everywhere.write(plan, statement, crowded.is_postgres, tenant)
        scans = [
            line for line in found.splitlines() if "Seq Scan on job" in line or line.strip() in ("SCAN job", "SCAN j")
        ]
        assert not scans, f"{name}:\n{found}"
