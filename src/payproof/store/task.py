"""Tasks, and the one door through which their status changes."""

from datetime import datetime
from typing import Any

import msgspec

from payproof import clock
from payproof.model.event import EventType
from payproof.model.id import LinkId, TaskId
from payproof.model.product import DataSource, ProductType
from payproof.model.task import MOVES, StaleTask, Task, TaskStatus, UnlawfulMove
from payproof.store.dialect import Sql
from payproof.store.event import add_event
from payproof.store.link import follow_task
from payproof.store.listing import Listing
from payproof.store.transaction import Row, Tx
from payproof.store.window import Window

_COLUMNS = (
    "id, user_id, link_id, session_id, provider_id, product_type, data_source, status, version, is_suspicious,"
    " error_message, error_reason, tracking_info, bridge_token, order_id, created_at, updated_at, deadline_at,"
    " is_refresh"
)
_ONE = Sql(f"SELECT {_COLUMNS} FROM task WHERE id = :id AND tenant = :tenant")
_ONE_LOCKED = Sql(f"SELECT {_COLUMNS} FROM task WHERE id = :id AND tenant = :tenant {{lock}}")
_OF_SESSION = Sql(
    f"SELECT {_COLUMNS} FROM task WHERE session_id = :session_id AND tenant = :tenant ORDER BY created_at, id"
)
_UNDER_WAY = ", ".join(f"'{one}'" for one in TaskStatus if not one.is_final)
_RUNNING_OF_LINK = Sql(
    f"SELECT id FROM task WHERE link_id = :id AND tenant = :tenant AND status IN ({_UNDER_WAY}) ORDER BY id"
)
_RUNNING_OF_USER = Sql(
    f"SELECT id FROM task WHERE user_id = :id AND tenant = :tenant AND status IN ({_UNDER_WAY}) ORDER BY id"
)
_SIGNED_IN = Sql(
    f"SELECT {_COLUMNS} FROM task WHERE user_id = :user_id AND tenant = :tenant AND provider_id = :provider_id"
    f" AND status IN ('{TaskStatus.PARSE}', '{TaskStatus.FULL_PARSE}', '{TaskStatus.SWITCH_DEPOSIT}')"
    " AND is_refresh = 0 AND link_id <> :own ORDER BY created_at, id"
)
_REFRESHES = Sql(
    f"SELECT {_COLUMNS} FROM task WHERE link_id = :link_id AND tenant = :tenant AND is_refresh = 1"
    " AND created_at > :since ORDER BY created_at DESC, id DESC LIMIT :limit"
)
_LIST = Listing(
    _COLUMNS,
    "FROM task",
    where="tenant = :tenant",
    newest="created_at DESC, id DESC",
    filters={
        "user_id": "user_id = :user_id",
        "link_id": "link_id = :link_id",
        "order_id": "order_id = :order_id",
        "status": "status = :status",
        "product": "product_type = :product",
        "since": "created_at >= :since",
        "until": "created_at <= :until",
    },
)
_ADD = Sql(
    "INSERT INTO task (id, tenant, user_id, link_id, session_id, provider_id, product_type, data_source, status,"
    " version, tracking_info, bridge_token, order_id, created_at, updated_at, deadline_at, is_refresh)"
    " VALUES (:id, :tenant, :user_id, :link_id, :session_id, :provider_id, :product, :data_source, :status,"
    " :version, :tracking_info, :bridge_token, :order_id, :created, :created, :deadline, :is_refresh)"
)
_MOVE = Sql(
    "UPDATE task SET status = :status, version = version + 1, updated_at = :now, link_id = :link_id,"
    " is_suspicious = :is_suspicious, error_message = :message, error_reason = :reason"
    " WHERE id = :id AND tenant = :tenant AND version = :version"
)
_TOUCH = Sql("UPDATE task SET version = version + 1 WHERE id = :id AND tenant = :tenant AND version = :version")
_PRODUCTS = {one.value: one for one in ProductType}
_SOURCES = {one.value: one for one in DataSource}
_STATUSES = {one.value: one for one in TaskStatus}
_MEMORY = Sql("SELECT memory FROM task WHERE id = :id AND tenant = :tenant")
_SET_MEMORY = Sql("UPDATE task SET memory = :memory WHERE id = :id AND tenant = :tenant")


def add_task(tx: Tx, task: Task) -> Task:
    """A new task, announced like every later move."""
    tx.put(
        _ADD,
        id=task.id,
        user_id=task.user_id,
        link_id=task.link_id,
        session_id=task.session_id,
        provider_id=task.provider_id,
        product=task.product_type,
        data_source=task.data_source,
        status=task.status,
        version=task.version,
        tracking_info=task.tracking_info,
        bridge_token=task.bridge_token,
        order_id=task.order_id,
        created=clock.to_micros(task.created_at),
        deadline=clock.to_micros(task.deadline_at),
        is_refresh=int(task.is_refresh),
    )
    _announce(tx, task)
    return task


def move_task(
    tx: Tx,
    task: Task,
    to: TaskStatus,
    *,
    link_id: LinkId | None = None,
    is_suspicious: bool | None = None,
    message: str | None = None,
    reason: str | None = None,
) -> Task:
    """The one door: a lawful move, the version, the event and its deliveries, in the caller's transaction.

    Raises UnlawfulMove for a move that MOVES does not know, StaleTask when somebody else changed the task since.
    """
    if to not in MOVES[task.status]:
        raise UnlawfulMove(f"{task.status} -> {to}")
    moved = msgspec.structs.replace(
        task,
        status=to,
        version=task.version + 1,
        updated_at=tx.now,
        link_id=link_id or task.link_id,
        is_suspicious=task.is_suspicious if is_suspicious is None else is_suspicious,
        error_message=message,
        error_reason=reason,
    )
    changed = tx.run(
        _MOVE,
        id=task.id,
        version=task.version,
        status=to,
        now=tx.now_us,
        link_id=moved.link_id,
        is_suspicious=int(moved.is_suspicious),
        message=message,
        reason=reason,
    )
    if changed != 1:
        raise StaleTask(task.id)
    _announce(tx, moved)
    return moved


def touch_task(tx: Tx, task: Task) -> None:
    """Bump the version without a move: the task's question was asked or answered. Raises StaleTask."""
    if tx.run(_TOUCH, id=task.id, version=task.version) != 1:
        raise StaleTask(task.id)
    tx.notices.tasks += [task.id, task.session_id or task.id]


def task(tx: Tx, task_id: str) -> Task | None:
    row = tx.one(_ONE, id=task_id)
    return _task(row) if row else None


def task_to_change(tx: Tx, task_id: str) -> Task | None:
    """The task, locked until the transaction ends: for whoever is about to change it."""
    row = tx.one(_ONE_LOCKED, id=task_id)
    return _task(row) if row else None


def session_tasks(tx: Tx, session_id: str) -> list[Task]:
    """The attempts of one session, oldest first."""
    return [_task(row) for row in tx.all(_OF_SESSION, session_id=session_id)]


def running_of_link(tx: Tx, link_id: str) -> list[TaskId]:
    """The link's tasks that have not ended."""
    return [row[0] for row in tx.all(_RUNNING_OF_LINK, id=link_id)]


def running_of_user(tx: Tx, user_id: str) -> list[TaskId]:
    """The person's tasks that have not ended, those without a link included."""
    return [row[0] for row in tx.all(_RUNNING_OF_USER, id=user_id)]


def signed_in(tx: Tx, task: Task) -> list[Task]:
    """Tasks of the same person on other links that have signed in to the same provider and are still collecting."""
    rows = tx.all(_SIGNED_IN, user_id=task.user_id, provider_id=task.provider_id, own=task.link_id)
    return [_task(row) for row in rows]


def refreshes(tx: Tx, link_id: str, *, since: datetime, limit: int = 100) -> list[Task]:
    """The link's refreshes that were asked for after that moment, newest first."""
    rows = tx.all(_REFRESHES, link_id=link_id, since=clock.to_micros(since), limit=limit)
    return [_task(row) for row in rows]


def tasks(
    tx: Tx,
    *,
    window: Window,
    user_id: str | None = None,
    link_id: str | None = None,
    order_id: str | None = None,
    status: str | None = None,
    product_type: str | None = None,
    created_at_gte: datetime | None = None,
    created_at_lte: datetime | None = None,
) -> tuple[int, list[Task]]:
    """How many there are, and the window's part of them, newest first."""
    chosen = {
        "user_id": user_id,
        "link_id": link_id,
        "order_id": order_id,
        "status": status,
        "product": product_type,
        "since": clock.to_micros(created_at_gte) if created_at_gte else None,
        "until": clock.to_micros(created_at_lte) if created_at_lte else None,
    }
    count, rows = _LIST.page(tx, window, chosen)
    return count, [_task(row) for row in rows]


def memory(tx: Tx, task: Task) -> dict[str, Any]:
    """What the connector remembers between the steps of this task."""
    row = tx.one(_MEMORY, id=task.id)
    if row is None or row[0] is None:
        return {}
    opened = tx.open(task.user_id, ("task", task.id, "memory"), row[0])
    return msgspec.json.decode(opened, type=dict[str, Any])


def set_memory(tx: Tx, task: Task, memory: dict[str, Any]) -> None:
    sealed = tx.seal(task.user_id, ("task", task.id, "memory"), msgspec.json.encode(memory)) if memory else None
    tx.put(_SET_MEMORY, id=task.id, memory=sealed)


def _announce(tx: Tx, task: Task) -> None:
    if task.link_id:
        follow_task(tx, task.link_id, task)
    facts = {
        "task_id": task.id,
        "link_id": task.link_id,
        "product": task.product_type,
        "data_source": task.data_source,
        "tracking_info": task.tracking_info,
        "status": task.status,
        "updated_at": task.updated_at.isoformat(),
        "template_id": None,
    }
    add_event(tx, EventType.TASK_STATUS_UPDATED, user_id=task.user_id, facts=facts, task=task.id, link=task.link_id)
    tx.notices.tasks += [task.id, task.session_id or task.id]


def _task(row: Row) -> Task:
    when: list[datetime] = [clock.from_micros(us) for us in row[15:18]]
    return Task(
        id=TaskId(row[0]),
        user_id=row[1],
        link_id=row[2],
        session_id=row[3],
        provider_id=row[4],
        product_type=_PRODUCTS[row[5]],
        data_source=_SOURCES[row[6]],
        status=_STATUSES[row[7]],
        version=row[8],
        is_suspicious=bool(row[9]),
        error_message=row[10],
        error_reason=row[11],
        tracking_info=row[12],
        bridge_token=row[13],
        order_id=row[14],
        created_at=when[0],
        updated_at=when[1],
        deadline_at=when[2],
        is_refresh=bool(row[18]),
    )
