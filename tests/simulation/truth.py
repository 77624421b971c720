"""What must hold after every run, whatever happened in it."""

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import msgspec

from payproof.model.event import Event, EventType
from payproof.model.task import MOVES, TaskStatus
from payproof.model.webhook import DeliveryStatus
from payproof.store import Tx, delivery, employment, job, webhook
from payproof.store import event as events
from payproof.store import task as tasks
from payproof.store.dialect import Sql, SystemSql
from payproof.store.transaction import SystemTx
from payproof.store.window import Window
from tests.simulation.city import City
from tests.simulation.plan import Story

ONCE = (EventType.LINK_CONNECTED, EventType.LINK_DISCONNECTED, EventType.LINK_DELETED)
"""Of each link: here nobody connects again what was lost."""
_FACTS = Sql(
    "SELECT id FROM employment WHERE link_id = :link_id AND tenant = :tenant UNION ALL"
    " SELECT r.id FROM raw r JOIN task t ON t.id = r.task_id WHERE t.link_id = :link_id AND t.tenant = :tenant"
)
_JOBS = Sql("SELECT kind, subject FROM job WHERE tenant = :tenant AND dead_at IS NULL AND kind <> 'expire'")
_LEASED = SystemSql("SELECT kind, subject FROM job WHERE lease_until IS NOT NULL OR worker IS NOT NULL")
_DOUBLED = [
    Sql(f"SELECT {key} FROM {table} WHERE tenant = :tenant GROUP BY {key} HAVING COUNT(*) > 1")
    for table, key in (
        ("raw", "task_id, raw_key"),
        ("employment", "link_id, key_hash"),
        ("pay_statement", "employment_id, key_hash"),
        ("delivery", "event_id, webhook_id"),
    )
]


def check(tx: Tx, city: City) -> None:
    assert tx.all(_JOBS) == []
    for doubled in _DOUBLED:
        assert tx.all(doubled) == []
    written = events.events(tx)
    times = [one.created_at for one in written]
    assert times == sorted(times)
    dead = {one.subject for one in job.dead_jobs(tx) if one.kind == "verify"}
    assert dead == {story.task_id for story in city.stories if story.is_given_up}
    for story in city.stories:
        _check_story(tx, story, written)
    _check_deliveries(tx, city, written)


def _check_story(tx: Tx, story: Story, written: list[Event]) -> None:
    task = tasks.task(tx, story.task_id)
    assert task is not None
    moves = [one for one in written if one.type is EventType.TASK_STATUS_UPDATED and one.facts["task_id"] == task.id]
    statuses = [TaskStatus(one.facts["status"]) for one in moves]
    assert statuses[0] is TaskStatus.NEW
    assert all(after in MOVES[before] for before, after in pairwise(statuses)), statuses
    assert statuses[-1] is task.status
    assert task.version >= len(statuses)
    if story.is_deleted and task.error_reason == "link_deleted":
        assert task.status is TaskStatus.ERROR
    elif story.is_given_up:
        assert (task.status, task.error_reason) == (TaskStatus.ERROR, "gave_up")
    elif task.error_reason in ("timed_out", "unanswered"):
        assert moves[-1].created_at >= task.deadline_at
    else:
        assert task.status is story.plan.ending, story
    if story.is_deleted:
        assert task.link_id is not None
        assert tx.all(_FACTS, link_id=task.link_id) == []
    else:
        _check_facts(tx, task.link_id, task.status)
    once = Counter((one.type, one.facts.get("link_id")) for one in written if one.type in ONCE)
    assert all(count == 1 for count in once.values())


def _check_facts(tx: Tx, link_id: str | None, status: TaskStatus) -> None:
    if status is TaskStatus.DONE and link_id:
        [job_there] = employment.employments(tx, link_id)
        assert len(job_there.statements) == 1


def _check_deliveries(tx: Tx, city: City, written: list[Event]) -> None:
    owed = delivery.deliveries(tx)
    hooks = {one.id: one.webhook_url for one in webhook.webhooks(tx, window=Window())[1]}
    assert Counter((one.event.id, one.webhook_id) for one in owed) == Counter(
        (event.id, hook) for event in written for hook in hooks
    )
    seen: dict[tuple[str, str], set[bytes]] = {}
    for url, bodies in city.posts.items():
        for body in bodies:
            seen.setdefault((url, _webhook_id(body)), set()).add(body)
    assert all(len(bodies) == 1 for bodies in seen.values())
    dead = {one.subject for one in job.dead_jobs(tx) if one.kind == "deliver"}
    for one in owed:
        assert one.status is (DeliveryStatus.FAILED if one.id in dead else DeliveryStatus.DELIVERED)
        assert one.id in dead or (hooks[one.webhook_id], one.id) in seen


def check_all(tx: SystemTx) -> None:
    """Nothing of anybody's is left in hand."""
    assert tx.all(_LEASED) == []


def _webhook_id(body: bytes) -> str:
    payload: dict[str, Any] = msgspec.json.decode(body)
    found: str = payload["webhook_id"]
    return found


def renamed(written: Iterable[Event]) -> list[Any]:
    """Events with each id renamed in the order of its first appearance."""
    names: dict[str, str] = {}

    def rename(value: Any) -> Any:
        if isinstance(value, str) and len(value) == 32:
            return names.setdefault(value, f"id {len(names)}")
        return {key: rename(inner) for key, inner in value.items()} if isinstance(value, dict) else value

    return [(one.type, one.created_at, rename(one.user_id), rename(one.facts)) for one in written]
