"""The database as a killed server left it."""

import json
import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

_TASKS = (
    "SELECT t.id, t.status, t.error_reason, j.worker, j.fence FROM task t"
    " LEFT JOIN job j ON j.kind = 'verify' AND j.subject = t.id"
)
_OWED = (
    "SELECT e.facts FROM delivery d JOIN event e ON e.id = d.event_id"
    " WHERE d.status = 'pending' AND e.type = 'task-status-updated'"
)
_EVENTS = "SELECT COUNT(*) FROM event"


@dataclass(frozen=True)
class Standing:
    """One task: its status, and the worker that has its job leased, if any. `fence` counts how often it was claimed."""

    status: str
    reason: str | None
    worker: str | None
    fence: int | None

    def is_held_by(self, pid: int) -> bool:
        return self.worker is not None and self.worker.startswith(f"{pid}-")


@dataclass(frozen=True)
class Snapshot:
    tasks: dict[str, Standing]
    owed: set[tuple[str, str]]
    """Task and status of each announcement that was not delivered yet."""
    events: int


def take(where: Path | str) -> Snapshot:
    """Of a SQLite file (its copy: opening it would recover it) or of a PostgreSQL database."""
    if isinstance(where, str):
        with psycopg.connect(where, autocommit=True) as connection:
            return _read(connection)
    with tempfile.TemporaryDirectory() as place:
        for suffix in ("", "-wal"):
            if (file := where.with_name(where.name + suffix)).exists():
                shutil.copy(file, Path(place) / file.name)
        with closing(sqlite3.connect(Path(place) / where.name)) as copy:
            return _read(copy)


def _read(connection: Any) -> Snapshot:
    tasks = {row[0]: Standing(*row[1:]) for row in connection.execute(_TASKS).fetchall()}
    owed = set()
    for (facts,) in connection.execute(_OWED).fetchall():
        said = json.loads(facts)
        owed.add((said["task_id"], said["status"]))
    return Snapshot(tasks, owed, connection.execute(_EVENTS).fetchone()[0])
