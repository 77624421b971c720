"""Raws: sealed, append-only, unique by key within their task."""

from collections.abc import Iterable

from payproof.model.id import new_id
from payproof.model.raw import UPLOAD_PREFIX, Raw
from payproof.model.task import Task
from payproof.store.dialect import Sql
from payproof.store.transaction import Tx

_ADD = Sql(
    "INSERT INTO raw (id, tenant, task_id, user_id, raw_key, position, media_type, body, created_at)"
    " VALUES (:id, :tenant, :task_id, :user_id, :key, (SELECT COUNT(*) FROM raw WHERE task_id = :task_id),"
    " :media_type, :body, :now) ON CONFLICT (task_id, raw_key) DO NOTHING"
)
_FROM_SOURCE = Sql(
    "SELECT id, raw_key, media_type, body FROM raw WHERE task_id = :task_id AND tenant = :tenant"
    " AND SUBSTR(raw_key, 1, LENGTH(CAST(:prefix AS TEXT))) <> :prefix ORDER BY position, id"
)
_OF_TASK = Sql(
    "SELECT id, raw_key, media_type, body FROM raw WHERE task_id = :task_id AND tenant = :tenant"
    " AND (CAST(:prefix AS TEXT) IS NULL OR SUBSTR(raw_key, 1, LENGTH(CAST(:prefix AS TEXT))) = :prefix)"
    " ORDER BY position, id"
)
_KEYS = Sql("SELECT raw_key, id FROM raw WHERE task_id = :task_id AND tenant = :tenant")


def add_raws(tx: Tx, task: Task, raws: Iterable[Raw]) -> None:
    """Keep what the source gave, in this order; what is kept already under its key stays as it is."""
    rows = []
    for raw in raws:
        raw_id = new_id()
        sealed = tx.seal(task.user_id, ("raw", raw_id, "body"), raw.body)
        about = {"id": raw_id, "key": raw.key, "media_type": raw.media_type, "body": sealed}
        rows.append(about | {"task_id": task.id, "user_id": task.user_id, "now": tx.now_us})
    tx.many(_ADD, rows)


def raws(tx: Tx, task: Task, *, prefix: str | None = None) -> list[Raw]:
    """The task's raws in the order they came, opened."""
    return [
        Raw(key=key, media_type=media_type, body=tx.open(task.user_id, ("raw", raw_id, "body"), body))
        for raw_id, key, media_type, body in tx.all(_OF_TASK, task_id=task.id, prefix=prefix)
    ]


def source_raws(tx: Tx, task: Task) -> list[Raw]:
    """What the source gave so far: all but the files that the person handed over."""
    return [
        Raw(key=key, media_type=media_type, body=tx.open(task.user_id, ("raw", raw_id, "body"), body))
        for raw_id, key, media_type, body in tx.all(_FROM_SOURCE, task_id=task.id, prefix=UPLOAD_PREFIX)
    ]


def raw_keys(tx: Tx, task: Task) -> dict[str, str]:
    """Ids by key, without opening anything."""
    return {row[0]: row[1] for row in tx.all(_KEYS, task_id=task.id)}
