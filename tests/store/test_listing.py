"""A list is found by an index of its filter, also beside a hundred thousand tasks of other people."""

import re
from typing import Any

import pytest

from payproof.model.id import UserId, WebhookId
from payproof.model.tenant import Tenant
from payproof.store import Store, SystemTx, Tx, Window, link, task, user, webhook
from payproof.store.dialect import SystemSql
from payproof.store.listing import Listing
from tests import acting
from tests.store.test_plan import plan

PEOPLE = 20_000
TASKS = 5
"""Of each person, with a link of its own each."""
NUMBERS = (
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {many})",
    "WITH n (i) AS (SELECT generate_series(1, {many}))",
)
_FILL = (
    (
        PEOPLE,
        "INSERT INTO app_user (id, tenant, external_user_id, body, created_at, updated_at)",
        "'user ' || i, :owner, 'external ' || i, '', i, i",
    ),
    (
        PEOPLE * TASKS,
        "INSERT INTO link (id, tenant, user_id, provider_id, data_source, initial_product_type, allowed_products,"
        " access_hash, access_token, status, created_at, updated_at)",
        f"'link ' || i, :owner, 'user ' || (1 + i % {PEOPLE}), 'acme', 'payroll', 'income', '[]', 'hash ' || i, '',"
        " 'done', i, i",
    ),
    (
        PEOPLE * TASKS,
        "INSERT INTO task (id, tenant, user_id, link_id, order_id, provider_id, product_type, data_source, status,"
        " created_at, updated_at, deadline_at)",
        f"'task ' || i, :owner, 'user ' || (1 + i % {PEOPLE}), 'link ' || i, 'order ' || i, 'acme', 'income',"
        " 'payroll', 'done', i, i, i",
    ),
)
ASKED: dict[str, tuple[Listing, tuple[str, ...], str]] = {
    "tasks of a user": (task._LIST, ("user_id",), "task_user"),
    "tasks of a user in a status": (task._LIST, ("user_id", "status"), "task_user"),
    "tasks of a link": (task._LIST, ("link_id",), "task_link"),
    "tasks of an order": (task._LIST, ("order_id",), "task_order"),
    "tasks of a time": (task._LIST, ("since", "until"), "task_tenant"),
    "links of a user": (link._LIST, ("user_id",), "link_user"),
    "links of an external user": (link._LIST, ("external",), "app_user_external"),
    "users by external id": (user._LIST, ("external",), "app_user_external"),
    "users of a time": (user._LIST, ("since", "until"), "app_user_tenant"),
    "users with a product": (user._LIST, ("external", "product"), "task_user"),
}
VALUES: dict[str, Any] = {
    "user_id": "user 7",
    "link_id": "link 7",
    "order_id": "order 7",
    "external": "external 7",
    "status": "done",
    "product": "income",
    "since": 10,
    "until": 20,
    "limit": 100,
    "offset": 0,
}


_SCAN = re.compile(r"Seq Scan on (app_user|link|task)\b|^SCAN ")


@pytest.fixture
async def crowded(store: Store, tenant: Tenant) -> Store:
    def fill(tx: SystemTx) -> None:
        for many, into, values in _FILL:
            numbers = NUMBERS[store.is_postgres].format(many=many)
            text = f"{into} {numbers} SELECT {values} FROM n"
            tx.put(SystemSql(text.replace("''", "CAST('' AS {blob})")), owner=tenant.id)
        for table in ("app_user", "link", "task") if store.is_postgres else ():
            tx.put(SystemSql(f"ANALYZE {table}"))

    await store.everywhere.write(fill)
    return store


async def test_a_list_is_found_by_its_index_and_counted(crowded: Store, tenant: Tenant) -> None:
    for name, (listing, filters, index) in ASKED.items():
        for statement in listing.statements(*filters):
            found = await crowded.everywhere.write(plan, statement, crowded.is_postgres, tenant, VALUES)
            assert index in found, f"{name}:\n{found}"
            scans = [line for line in found.splitlines() if _SCAN.search(line)]
            assert not scans, f"{name}:\n{found}"
    newest, following = f"task {6 + PEOPLE * (TASKS - 1)}", f"task {6 + PEOPLE * (TASKS - 2)}"
    assert await crowded.of(tenant).read(_tasks, Window(2)) == (TASKS, [newest, following])
    assert await crowded.of(tenant).read(_tasks, Window(2, 2 * TASKS)) == (TASKS, [])


def _tasks(tx: Tx, window: Window) -> tuple[int, list[str]]:
    count, found = task.tasks(tx, window=window, user_id="user 7")
    return count, [one.id for one in found]


async def test_what_came_at_one_moment_is_listed_newest_first(store: Store, tenant: Tenant) -> None:
    def make(tx: Tx, number: int) -> tuple[UserId, str, WebhookId]:
        session, begun = acting.begin(tx, "x")
        return session.user_id, begun.task.id, acting.add_webhook(tx, f"https://client.example/{number}").id

    made = [await store.of(tenant).write(make, number) for number in range(12)]
    people, begun, webhooks = ([*reversed(ids)] for ids in zip(*made, strict=True))

    def lists(tx: Tx) -> tuple[list[str], list[str], list[str]]:
        found = user.users(tx, window=Window()), task.tasks(tx, window=Window()), webhook.webhooks(tx, window=Window())
        assert len({one.created_at for _, some in found for one in some}) == 1
        return tuple([one.id for one in some] for _, some in found)  # type: ignore[return-value]

    assert await store.of(tenant).read(lists) == (people, begun, webhooks)
