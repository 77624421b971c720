"""A whole SQLite file: its snapshot beside the server that owns it, and its filling by us alone."""

import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from payproof.store.migration import applied_in, migrate, statements
from payproof.store.shape import Table
from payproof.store.sqlite import SqliteCursor, hold
from payproof.store.transaction import Row
from payproof.store.unusable import DatabaseUnusable


class SqliteBulk:
    is_postgres = False

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.cursor = SqliteCursor(connection)

    def applied(self) -> dict[int, str]:
        found = self._connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'migration'").fetchone()
        return applied_in(self.cursor) if found else {}

    def rows(self, table: Table) -> Iterator[Row]:
        return self._connection.execute(table.select())

    def load(self, table: Table, rows: Iterable[Row]) -> None:
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        marks = ", ".join("?" for _ in table.columns)
        self._connection.executemany(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', rows)

    def unbind(self, tables: list[Table]) -> None:
        """References are not looked at before the end."""

    def settle(self, tables: list[Table]) -> None:
        lost = self._connection.execute("PRAGMA foreign_key_check").fetchone()
        if lost is not None:
            raise DatabaseUnusable(f"a row of {lost[0]} refers to one of {lost[2]} that is not there")

    def migrate(self, only: Collection[int] | None = None) -> None:
        migrate(self.cursor, self._run_script, postgres=False, only=only)

    def drop(self, names: list[str]) -> None:
        for name in names:
            self._connection.execute(f'DROP TABLE "{name}"')

    def _run_script(self, text: str) -> None:
        for statement in statements(text):
            self._connection.execute(statement)


@contextmanager
def reading(path: Path) -> Iterator[SqliteBulk]:
    """The owner of the file is not disturbed, nor need there be one: what a killed one left is recovered first.

    Recovery is why the file is not opened for reading only; `query_only` keeps us from writing to it.
    """
    _refuse_missing(path)
    with _faults_named(path), closing(_connect(path)) as connection:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("BEGIN")
        yield SqliteBulk(connection)


@contextmanager
def filling(path: Path) -> Iterator[SqliteBulk]:
    """Until the block has ended without fault, nothing of it is there.

    With a rollback journal: new pages then go straight to their place, where a write-ahead log would write them twice
    and keep as much again on the disk.
    """
    with _owning(path), _faults_named(path), closing(_connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cache_size = -64000")
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("BEGIN EXCLUSIVE")
        yield SqliteBulk(connection)
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode = WAL")


@contextmanager
def changing(path: Path) -> Iterator[SqliteBulk]:
    _refuse_missing(path)
    with _owning(path), _faults_named(path), closing(_connect(path)) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("BEGIN IMMEDIATE")
        yield SqliteBulk(connection)
        connection.execute("COMMIT")


def _refuse_missing(path: Path) -> None:
    """Opening would make it."""
    if not path.exists():
        raise DatabaseUnusable(f"there is no {path}")


@contextmanager
def _owning(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = hold(path)
    try:
        yield
    finally:
        os.close(lock)


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, timeout=5)


@contextmanager
def _faults_named(path: Path) -> Iterator[None]:
    """A full disk and the like, with the file that it happened to."""
    try:
        yield
    except sqlite3.Error as failed:
        raise DatabaseUnusable(f"{path}: {failed}") from failed
