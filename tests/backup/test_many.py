"""A hundred thousand tasks go from SQLite to PostgreSQL: equal there, and what it costs is printed."""

import re
import resource
import sqlite3
import subprocess
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from bench.filling import fill
from tests.backup.contents import fingerprints
from tests.stories.server import PAYPROOF, environment

pytestmark = [pytest.mark.slow, pytest.mark.postgres]
TASKS, SEALED_BYTES, LOOK_EVERY_SECONDS = 100_000, 1000, 0.2
BESIDE = (
    "INSERT INTO raw (id, tenant, task_id, user_id, raw_key, position, media_type, body, created_at)"
    f" SELECT id, tenant, id, user_id, 'page', 0, 'text/html', randomblob({SEALED_BYTES}), created_at FROM task",
    "INSERT INTO event (id, tenant, type, user_id, task_id, link_id, facts, created_at)"
    " SELECT id, tenant, 'task-status-updated', user_id, id, link_id, '{\"status\":\"done\"}', created_at FROM task",
)
"""A sealed page and an event for each task. What is sealed does not get smaller."""


class Cost(NamedTuple):
    cpu_seconds: float
    seconds: float
    peak_mb: float

    def __str__(self) -> str:
        return f"{self.cpu_seconds:.1f} s CPU ({self.seconds:.0f} s), {self.peak_mb:.0f} MB of memory at most"


async def test_all_of_them_compare_equal(
    tmp_path: Path, postgres_database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    source, archive = tmp_path / "payproof.sqlite", tmp_path / "archive"
    await fill(source, TASKS)
    with closing(sqlite3.connect(source)) as sqlite, sqlite:
        for statement in BESIDE:
            sqlite.execute(statement)
    backup = cost_of("backup", str(archive), "--data", str(tmp_path))
    restore = cost_of("restore", str(archive), "--data", str(tmp_path), "--postgres", postgres_database)
    there = fingerprints(postgres_database)
    assert there == fingerprints(source)
    assert (there["task"][0], there["raw"][0], there["event"][0]) == (TASKS, TASKS, TASKS)
    with capsys.disabled():
        sizes = f"{source.stat().st_size / 1e6:.0f} MB in SQLite, {archive.stat().st_size / 1e6:.0f} MB in the file"
        print(f"\n{TASKS:,} tasks: {sizes}\nbackup: {backup}\nrestore: {restore}")  # noqa: T201


def cost_of(*arguments: str) -> Cost:
    """Of a command alone: what PostgreSQL spends is not in it, but in the seconds."""
    began, before = time.monotonic(), children_seconds()
    peak_mb = 0.0
    with subprocess.Popen([*PAYPROOF, *arguments], stdout=subprocess.DEVNULL, env=environment()) as process:
        while process.returncode is None:
            peak_mb = max(peak_mb, resident_mb(process.pid))
            with suppress(subprocess.TimeoutExpired):
                process.wait(LOOK_EVERY_SECONDS)
    assert process.returncode == 0
    return Cost(children_seconds() - before, time.monotonic() - began, peak_mb)


def children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def resident_mb(pid: int) -> float:
    """At most until now; what the kernel tells of a child that has ended counts us too, from before its `exec`."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0
