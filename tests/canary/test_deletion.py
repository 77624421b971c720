"""Whoever was deleted is gone: no row that holds anything of theirs, and no key that could open an old one."""

import asyncio
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg

from tests.canary.planting import SCRIPTS, Morning
from tests.kill.stage import Stage

EMPTY = (
    "data_key", "question", "raw", "employment", "pay_statement", "account", "posting", "remembered", "session",
    "bridge_token", "file_token",
)  # fmt: skip
LEFT = "SELECT (SELECT COUNT(*) FROM task), (SELECT COUNT(*) FROM app_user), (SELECT COUNT(*) FROM link)"


async def test_nobody_is_left_on_sqlite(tmp_path: Path) -> None:
    with Stage(tmp_path, keep_requests="200") as stage:
        wrapped = await _everybody_comes_and_goes(stage)
        stage.server.end()
        for file in (tmp_path / "data").iterdir():
            assert not [key for key in wrapped if key in file.read_bytes()], file.name


async def test_nobody_is_left_on_postgres(tmp_path: Path, postgres_database: str) -> None:
    with Stage(tmp_path, postgres_database, keep_requests="200") as stage:
        wrapped = await _everybody_comes_and_goes(stage)
        dump = await asyncio.to_thread(_dump, postgres_database)
        assert not [key for key in wrapped if key.hex().encode() in dump]


def _dump(url: str) -> bytes:
    return subprocess.run(["pg_dump", url], stdout=subprocess.PIPE, check=True).stdout


async def _everybody_comes_and_goes(stage: Stage) -> list[bytes]:
    """Returns the wrapped keys that they had."""
    stage.start_server()
    morning = Morning(stage)
    await morning.pass_by(stage.witness_url)
    wrapped = [bytes(row[0]) for row in look(stage, "SELECT wrapped FROM data_key")]
    assert len(wrapped) == len(morning.users) > len(SCRIPTS)
    assert all(look(stage, f"SELECT COUNT(*) FROM {table}")[0][0] for table in ("raw", "posting", "pay_statement"))
    await morning.leave()
    for _ in range(400):
        if not look(stage, "SELECT subject FROM job WHERE kind = 'purge'"):
            break
        await asyncio.sleep(0.1)
    assert {table: look(stage, f"SELECT COUNT(*) FROM {table}")[0][0] for table in EMPTY} == dict.fromkeys(EMPTY, 0)
    assert all(look(stage, LEFT)[0]), "tasks, and emptied rows of people and links, stay"
    return wrapped


def look(stage: Stage, statement: str) -> list[Any]:
    """In the database, or in a copy of the file, which only the server may open."""
    where = stage.database
    if isinstance(where, str):
        with psycopg.connect(where) as connection:
            return list(connection.execute(statement))
    with tempfile.TemporaryDirectory() as place:
        for suffix in ("", "-wal"):
            shutil.copy(f"{where}{suffix}", place)
        with closing(sqlite3.connect(Path(place) / where.name)) as copy:
            return copy.execute(statement).fetchall()
