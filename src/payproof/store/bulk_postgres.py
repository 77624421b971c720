"""A whole PostgreSQL database, by COPY: its snapshot beside servers, and its filling by us alone."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from typing import Any, cast

import psycopg
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from payproof.store.migration import applied_in, migrate
from payproof.store.postgres import PostgresCursor, take_alone
from payproof.store.shape import Table
from payproof.store.transaction import Row
from payproof.store.unusable import DatabaseUnusable

_TYPES = "SELECT attname, atttypid FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
_REFERENCES = (
    "SELECT r.relname, c.conname, pg_get_constraintdef(c.oid)"
    " FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid"
    " WHERE c.contype = 'f' AND r.relnamespace = current_schema()::regnamespace AND r.relname = ANY(%s)"
    " ORDER BY r.relname, c.conname"
)


class PostgresBulk:
    is_postgres = True

    def __init__(self, connection: Connection[Row]) -> None:
        self._connection = connection
        self.cursor = PostgresCursor(connection)
        self._references: list[Row] = []

    def applied(self) -> dict[int, str]:
        found = self._connection.execute("SELECT to_regclass('migration')").fetchone()
        return applied_in(self.cursor) if found and found[0] is not None else {}

    def rows(self, table: Table) -> Iterator[Row]:
        """Ordered byte by byte, as SQLite does it, whatever the database's own collation is."""
        query = table.select(collation=' COLLATE "C"')
        with self._copy(table, f"COPY ({query}) TO STDOUT (FORMAT BINARY)") as copy:
            yield from copy.rows()

    def unbind(self, tables: list[Table]) -> None:
        """Without its references a table may be filled in any order; all of them are checked in `settle`, at once."""
        names = [table.name for table in tables]
        self._references = self._connection.execute(_REFERENCES, (names,)).fetchall()
        for table, name, _ in self._references:
            self._connection.execute(SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(*map(Identifier, (table, name))))

    def load(self, table: Table, rows: Iterable[Row]) -> None:
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        with self._copy(table, f'COPY "{table.name}" ({names}) FROM STDIN (FORMAT BINARY)') as copy:
            for row in rows:
                copy.write_row(row)

    def settle(self, tables: list[Table]) -> None:
        for table, name, definition in self._references:
            made = SQL("ALTER TABLE {} ADD CONSTRAINT {} ").format(*map(Identifier, (table, name))) + SQL(definition)
            self._connection.execute(made)
        for one in tables:
            for column in one.key:
                self._count_on(one.name, column)
        self._connection.execute("ANALYZE")

    def migrate(self, only: Collection[int] | None = None) -> None:
        migrate(self.cursor, self._run, postgres=True, only=only)

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
