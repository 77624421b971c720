"""A whole PostgreSQL database, by COPY: its snapshot beside servers, and its filling by us alone."""

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import chain, islice
from typing import Any, cast

import psycopg
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from payproof.store.migration import applied_in, migrate
from payproof.store.postgres import PostgresCursor, take_alone
from payproof.store.shape import Table
from payproof.store.transaction import Row
from payproof.store.unusable import DatabaseUnusable

_CHUNK = 2000
"""Rows of one COPY. The server remembers each until its references are checked, at the end of the statement."""
_TYPES = "SELECT attname, atttypid FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"


class PostgresBulk:
    is_postgres = True

    def __init__(self, connection: Connection[Row]) -> None:
        self._connection = connection
        self.cursor = PostgresCursor(connection)

    def applied(self) -> dict[int, str]:
        found = self._connection.execute("SELECT to_regclass('migration')").fetchone()
        return applied_in(self.cursor) if found and found[0] is not None else {}

    def rows(self, table: Table) -> Iterator[Row]:
        """Ordered byte by byte, as SQLite does it, whatever the database's own collation is."""
        query = table.select(collation=' COLLATE "C"')
        with self._copy(table, f"COPY ({query}) TO STDOUT (FORMAT BINARY)") as copy:
            yield from copy.rows()

    def load(self, table: Table, rows: Iterable[Row]) -> None:
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        rest = iter(rows)
        for first in rest:
            with self._copy(table, f'COPY "{table.name}" ({names}) FROM STDIN (FORMAT BINARY)') as copy:
                for row in chain([first], islice(rest, _CHUNK - 1)):
                    copy.write_row(row)

    def settle(self, tables: list[Table]) -> None:
        for table in tables:
            for column in table.key:
                self._count_on(table.name, column)
        self._connection.execute("ANALYZE")

    def migrate(self, to: int | None = None) -> None:
        migrate(self.cursor, lambda text: self._run(text), postgres=True, to=to)

    def drop(self, names: list[str]) -> None:
        self._connection.execute(SQL("DROP TABLE {} CASCADE").format(SQL(", ").join(map(Identifier, names))))

    @contextmanager
    def _copy(self, table: Table, query: str) -> Iterator[psycopg.Copy]:
        types: dict[str, int] = dict(self._connection.execute(_TYPES, (table.name,)).fetchall())
        with self._connection.cursor().copy(cast(Any, query)) as copy:
            copy.set_types([types[column.name] for column in table.columns])
            yield copy

    def _count_on(self, table: str, column: str) -> None:
        row = self._connection.execute("SELECT pg_get_serial_sequence(%s, %s)", (table, column)).fetchone()
        if row and row[0] is not None:
            highest = SQL("SELECT setval({}, COALESCE(MAX({}), 1), MAX({}) IS NOT NULL) FROM {}")
            at = Identifier(column)
            self._connection.execute(highest.format(row[0], at, at, Identifier(table)))

    def _run(self, text: str) -> None:
        self._connection.execute(cast(Any, text))


@contextmanager
def reading(url: str) -> Iterator[PostgresBulk]:
    with _faults_named(), closing(psycopg.connect(url, autocommit=True, connect_timeout=5)) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield PostgresBulk(connection)


@contextmanager
def alone(url: str) -> Iterator[PostgresBulk]:
    """Until the block has ended without fault, nothing of it is there. Raises DatabaseHeld beside servers."""
    with _faults_named(), closing(psycopg.connect(url, autocommit=True, connect_timeout=5)) as connection:
        take_alone(connection)
        connection.execute("BEGIN")
        yield PostgresBulk(connection)
        connection.execute("COMMIT")


@contextmanager
def _faults_named() -> Iterator[None]:
    try:
        yield
    except psycopg.Error as failed:
        raise DatabaseUnusable(f"PostgreSQL: {failed}") from failed
