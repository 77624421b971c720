"""One process owns a SQLite file; what it promises about the disk."""

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from payproof.store import FileHeld, Store
from payproof.store.sealing import Vault
from payproof.store.sqlite import SqliteBackend
from payproof.testing.clock import ManualClock
from tests.databases import MASTER_KEY

HOLD = """
import asyncio, sys
from pathlib import Path
from payproof.store import Store

async def hold():
    await Store(Path(sys.argv[1]), bytes(range(32))).start()
    print("held", flush=True)
    await asyncio.sleep(60)

asyncio.run(hold())
"""


def test_a_second_owner_is_refused_and_a_killed_one_holds_nothing(tmp_path: Path) -> None:
    file = tmp_path / "p.sqlite"
    with subprocess.Popen([sys.executable, "-c", HOLD, str(file)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(FileHeld):
            SqliteBackend(file, *BACKEND, synchronous="FULL").start()
        holder.send_signal(signal.SIGKILL)
    backend = SqliteBackend(file, *BACKEND, synchronous="FULL")
    backend.start()
    backend.stop()


@pytest.mark.parametrize(("wish", "level"), [("FULL", 2), ("NORMAL", 1)])
async def test_how_a_commit_reaches_the_disk(tmp_path: Path, wish: str, level: int) -> None:
    store = Store(tmp_path / "p.sqlite", MASTER_KEY, synchronous=wish)
    await store.start()
    backend = store._backend
    assert isinstance(backend, SqliteBackend)
    facts = {name: backend._writer.execute(f"PRAGMA {name}").fetchone()[0] for name in FACTS}
    assert facts == FACTS | {"synchronous": level}
    assert backend._reader.execute("PRAGMA query_only").fetchone()[0] == 1
    await store.stop()


BACKEND = (Vault(MASTER_KEY), lambda _: None, ManualClock())
FACTS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}


async def test_a_connection_left_by_a_reader_keeps_no_old_moment(tmp_path: Path) -> None:
    """An open cursor would pin the snapshot: the log could never be taken back."""
    store = Store(tmp_path / "p.sqlite", MASTER_KEY)
    await store.start()
    await store.everywhere.read(lambda tx: None)
    with sqlite3.connect(tmp_path / "p.sqlite") as other:
        busy, _, _ = other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    other.close()
    assert busy == 0
    await store.stop()
