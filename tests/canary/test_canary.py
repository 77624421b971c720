"""Planted secrets are nowhere to be found: not in database, logs, errors, webhooks, or the calls that are kept."""

import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import psycopg

from tests.canary.planting import PLANTED, Morning
from tests.canary.searching import found_in
from tests.kill.stage import Stage

FACTS = ("memo", "FITID")
"""What the client may read of the person's bank, and so may whoever looks at what it has read."""

TABLES = {
    False: "SELECT name FROM sqlite_master WHERE type = 'table'",
    True: "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
}


async def test_planted_secrets_are_nowhere_on_sqlite(tmp_path: Path) -> None:
    with Stage(tmp_path, log_level="debug", keep_requests="500") as stage:
        morning = await _morning(stage)
        data = tmp_path / "data"
        shutil.copytree(data, tmp_path / "alive")
        assert (tmp_path / "alive" / "payproof.sqlite-wal").stat().st_size > 0
        stage.server.end()
        _check_files(data)
        _check_files(tmp_path / "alive")
        with closing(sqlite3.connect(data / "payproof.sqlite")) as database:
            _check_cells(database, is_postgres=False)
        _check_told(stage, morning)


async def test_planted_secrets_are_nowhere_on_postgres(tmp_path: Path, postgres_database: str) -> None:
    with Stage(tmp_path, postgres_database, log_level="debug", keep_requests="500") as stage:
        morning = await _morning(stage)
        dump = _dump(postgres_database)
        assert b"COPY public.raw" in dump
        assert found_in(dump, PLANTED) == []
        assert found_in(dump, {"no secret": "task-status-updated"})
        with psycopg.connect(postgres_database, autocommit=True) as database:
            _check_cells(database, is_postgres=True)
        _check_told(stage, morning)


def _dump(url: str) -> bytes:
    return subprocess.run(["pg_dump", url], stdout=subprocess.PIPE, check=True).stdout


async def _morning(stage: Stage) -> Morning:
    stage.start_server()
    morning = Morning(stage)
    await morning.pass_by(stage.witness_url)
    return morning


def _check_files(place: Path) -> None:
    for file in place.iterdir():
        assert found_in(file.read_bytes(), PLANTED) == [], file.name


def _check_cells(database: "sqlite3.Connection | psycopg.Connection[tuple[object, ...]]", *, is_postgres: bool) -> None:
    """Bytes each by themselves: they do not lie in one piece in the file, and may be compressed from the first on."""
    count = 0
    for (table,) in database.execute(TABLES[is_postgres]).fetchall():
        cells = [value for row in database.execute(f'SELECT * FROM "{table}"').fetchall() for value in row]
        count += len(cells)
        texts = "\0".join(value for value in cells if isinstance(value, str))
        assert found_in(texts.encode(), PLANTED) == [], table
        for value in cells:
            if isinstance(value, bytes | memoryview):
                assert found_in(bytes(value), PLANTED) == [], table
    assert count > 500


def _check_told(stage: Stage, morning: Morning) -> None:
    log = stage.server.log.read_bytes()
    assert log.count(b'"request"') > 20
    assert found_in(log, PLANTED) == []
    assert morning.errors
    assert found_in(morning.errors.encode(), PLANTED) == []
    assert morning.kept.count(b'"request_body"') > 15
    assert morning.kept.count(b"****") > 15
    assert found_in(morning.kept, {name: text for name, text in PLANTED.items() if name not in FACTS}) == []
    stage.heard.look()
    assert len(stage.heard.all) > 20
    assert found_in(b"\n".join(line["body"].encode() for line in stage.heard.all), PLANTED) == []
