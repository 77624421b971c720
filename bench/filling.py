"""A database with many tasks in it, of many people, in all statuses."""

import random
from datetime import timedelta
from pathlib import Path

from payproof import clock
from payproof.model.id import ClientId, UserId, new_id
from payproof.model.secret import Secret
from payproof.model.task import TaskStatus
from payproof.model.tenant import Environment
from payproof.model.user import User
from payproof.store import Store, SystemTx, Tx
from payproof.store.dialect import Sql
from payproof.store.key import add_key, ensure_tenant
from payproof.store.user import add_user
from tests.kill.programs import CLIENT_ID, MASTER_BYTES, SECRET

_ADD = Sql(
    "INSERT INTO task (id, tenant, user_id, link_id, session_id, provider_id, product_type, data_source, status,"
    " version, tracking_info, bridge_token, created_at, updated_at, deadline_at)"
    " VALUES (:id, :tenant, :user_id, :link_id, :session_id, 'statement_file', 'transactions', 'financial_accounts',"
    " :status, 5, :tracking_info, :bridge_token, :created, :created, :created)"
)
_PEOPLE = 50
_CHUNK = 5000


def first_client(tx: SystemTx) -> Tx:
    """The client of the benchmark, with its key."""
    tenant = ensure_tenant(tx, ClientId(CLIENT_ID), Environment.SANDBOX, "payproof")
    add_key(tx.of(tenant), Secret(SECRET))
    return tx.of(tenant)


async def fill(where: Path | str, count: int) -> list[str]:
    """So many tasks; returns their ids."""
    store = Store(where, MASTER_BYTES)
    await store.start()
    try:
        tenant = await store.everywhere.write(lambda tx: first_client(tx).tenant)
        people = await store.of(tenant).write(_add_people)
        ids: list[str] = []
        while len(ids) < count:
            ids += await store.of(tenant).write(_add_tasks, people, min(_CHUNK, count - len(ids)))
        return ids
    finally:
        await store.stop()


def _add_people(tx: Tx) -> list[str]:
    people = [User(id=UserId(new_id()), first_name="Ada", created_at=tx.now, updated_at=tx.now) for _ in range(_PEOPLE)]
    return [add_user(tx, one).id for one in people]


def _add_tasks(tx: Tx, people: list[str], count: int) -> list[str]:
    statuses = [one.value for one in TaskStatus]
    rows = [
        {
            "id": new_id(),
            "user_id": random.choice(people),
            "link_id": new_id(),
            "session_id": new_id(),
            "status": random.choice(statuses),
            "tracking_info": "1338-0111-A",
            "bridge_token": new_id(),
            "created": clock.to_micros(tx.now - timedelta(seconds=random.randrange(86400 * 90))),
        }
        for _ in range(count)
    ]
    tx.many(_ADD, rows)
    return [str(row["id"]) for row in rows]
