"""(c1) The engine alone: tasks of four steps, no network, no webhook, every commit on the disk."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg

from bench.figure import Figure
from bench.scripting import begin_many, opened, work_off

TASKS = 1500
COMMITS = 300


async def measure(place: Path, postgres: str | None) -> list[Figure]:
    """`postgres` is the URL of an empty database."""
    figures = await _figures("sqlite, synchronous=FULL", place / "payproof.sqlite", _sqlite_commits(place / "bare"))
    if postgres:
        figures += await _figures("postgres, fsync on", postgres, _postgres_commits(postgres))
    return figures


async def _figures(name: str, where: Path | str, commits: float) -> list[Figure]:
    async with opened(where) as (store, tenant):
        await begin_many(store, tenant, "plain", TASKS)
        wall, cpu = await work_off(store)
    target = "≥ 300" if isinstance(where, Path) else None
    return [
        Figure(
            name=f"c1 engine alone, {name}",
            value=TASKS / wall,
            unit="tasks/s",
            ratio=TASKS / wall / commits,
            baseline=f"bare commits ({commits:.0f}/s)",
            target=target,
            note=f"{TASKS} tasks of four steps; {cpu / TASKS * 1000:.2f} ms CPU each, ours",
        )
    ]


def _sqlite_commits(path: Path) -> float:
    """How many transactions of one row a second this disk makes durable, one after the other."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE bare (number INTEGER)")
        return _rate(lambda: connection.execute("INSERT INTO bare VALUES (1)"))


def _postgres_commits(url: str) -> float:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE bare (number INTEGER)")
        return _rate(lambda: connection.execute("INSERT INTO bare VALUES (1)"))


def _rate(commit: Callable[[], object]) -> float:
    began = time.perf_counter()
    for _ in range(COMMITS):
        commit()
    return COMMITS / (time.perf_counter() - began)
