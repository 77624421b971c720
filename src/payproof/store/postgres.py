"""PostgreSQL: units of work run in threads of our own on a pool of connections."""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import psycopg
from psycopg import Connection
from psycopg_pool import ConnectionPool, PoolTimeout

from payproof import clock
from payproof.store.dialect import SystemSql
from payproof.store.migration import migrate
from payproof.store.sealing import Vault
from payproof.store.transaction import Notices, Params, Row, SystemTx

Unit = Callable[[SystemTx], Any]
CHANNEL = "payproof"
_MIGRATION_LOCK = 0x70617970
_PATIENCE_SECONDS = 8.0
"""How long a unit is tried again while the server is away, before its caller hears of it."""


class StoreUnavailable(Exception):
    """The database cannot be reached; nothing was written."""


class OutcomeUnknown(Exception):
    """The connection broke at COMMIT and the server cannot tell any more whether it happened."""


class PostgresCursor:
    def __init__(self, connection: Connection[Row]) -> None:
        self._cursor = connection.cursor()

    def all(self, sql: SystemSql, params: Params) -> list[Row]:
        return self._cursor.execute(sql.postgres, params).fetchall()

    def one(self, sql: SystemSql, params: Params) -> Row | None:
        return self._cursor.execute(sql.postgres, params).fetchone()

    def run(self, sql: SystemSql, params: Params) -> int:
        return self._cursor.execute(sql.postgres, params).rowcount

    def many(self, sql: SystemSql, rows: Sequence[Params]) -> None:
        self._cursor.executemany(sql.postgres, rows)


class PostgresBackend:
    is_postgres = True

    def __init__(self, url: str, vault: Vault, announce: Callable[[Notices], None], *, connections: int = 8) -> None:
        self.url = url
        self._vault = vault
        self._announce = announce
        self._pool = ConnectionPool(
            url,
            open=False,
            min_size=2,
            max_size=connections,
            timeout=2,
            reconnect_timeout=600,
            kwargs={"autocommit": True},
            check=ConnectionPool.check_connection,
        )
        self._threads = ThreadPoolExecutor(connections, "postgres")

    def start(self) -> None:
        """Migrate under a lock that all processes share, then open the pool. Raises StoreUnavailable."""
        try:
            with psycopg.connect(self.url, autocommit=True) as connection:
                self._migrate(connection)
        except psycopg.OperationalError as refused:
            raise StoreUnavailable(f"PostgreSQL does not answer: {str(refused).strip()}") from refused
        self._pool.open()

    def stop(self) -> None:
        self._threads.shutdown(cancel_futures=True)
        self._pool.close()

    async def write(self, unit: Unit) -> Any:
        future = asyncio.get_running_loop().run_in_executor(self._threads, self._write, unit)
        result, notices = await asyncio.shield(future)
        self._announce(notices)
        return result

    async def read(self, unit: Unit) -> Any:
        future = asyncio.get_running_loop().run_in_executor(self._threads, self._read, unit)
        return await asyncio.shield(future)

    look = read_long = read

    def _migrate(self, connection: Connection[Any]) -> None:
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (_MIGRATION_LOCK,))
            script = cast(Callable[[str], None], connection.execute)
            migrate(PostgresCursor(connection), script, postgres=True)

    def _read(self, unit: Unit) -> Any:
        return self._patiently(self._read_once, unit)

    def _read_once(self, unit: Unit) -> Any:
        with self._pool.connection() as connection:
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            try:
                return unit(SystemTx(PostgresCursor(connection), self._vault, clock.now()))
            finally:
                if not connection.closed:
                    connection.execute("ROLLBACK")

    def _write(self, unit: Unit) -> tuple[Any, Notices]:
        return cast(tuple[Any, Notices], self._patiently(self._write_once, unit))

    def _patiently(self, once: Callable[[Unit], Any], unit: Unit) -> Any:
        """Try again while nothing can have been committed: after a conflict, or while the server is away."""
        give_up = time.monotonic() + _PATIENCE_SECONDS
        pause = 0.01
        while True:
            try:
                return once(unit)
            except (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected):
                if time.monotonic() > give_up:
                    raise
            except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout) as away:
                if time.monotonic() > give_up:
                    raise StoreUnavailable("PostgreSQL does not answer") from away
            time.sleep(pause * (0.5 + random.random()))
            pause = min(pause * 2, 0.5)

    def _write_once(self, unit: Unit) -> tuple[Any, Notices]:
        with self._pool.connection() as connection:
            transaction = _begin(connection)
            try:
                tx = SystemTx(PostgresCursor(connection), self._vault, clock.now())
                result = unit(tx)
                _ring(connection, tx.notices)
            except BaseException:
                if not connection.closed:
                    connection.execute("ROLLBACK")
                raise
            try:
                connection.execute("COMMIT")
            except (psycopg.OperationalError, psycopg.InterfaceError) as broken:
                self._look(transaction, broken)
            return result, tx.notices

    def _look(self, transaction: str, broken: Exception) -> None:
        """After an unknown COMMIT, ask the server; returns if it happened, raises `broken` if it did not."""
        give_up = time.monotonic() + _PATIENCE_SECONDS * 4
        while time.monotonic() < give_up:
            try:
                with psycopg.connect(self.url, autocommit=True, connect_timeout=2) as connection:
                    row = connection.execute("SELECT pg_xact_status(%s::xid8)", (transaction,)).fetchone()
            except psycopg.OperationalError:
                time.sleep(0.2)
                continue
            match row[0] if row else None:
                case "committed":
                    return
                case "aborted":
                    raise broken
            time.sleep(0.05)
        raise OutcomeUnknown(transaction) from broken


def _begin(connection: Connection[Row]) -> str:
    """Open a transaction and learn its id in the same round trip."""
    cursor = connection.execute("BEGIN; SELECT pg_current_xact_id()::text")
    cursor.nextset()
    row = cursor.fetchone()
    assert row is not None
    return str(row[0])


def _ring(connection: Connection[Row], notices: Notices) -> None:
    payloads = [f"task {task}" for task in notices.tasks] + (["jobs"] if notices.jobs else [])
    for payload in payloads:
        connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, payload))


async def listen(url: str, ring: Callable[[str], None]) -> None:
    """Ring for every notice of other processes, for ever; after an outage, reconnect and ring once for what was missed."""
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(url, autocommit=True, connect_timeout=5) as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                ring("jobs")
                async for notice in connection.notifies():
                    ring(notice.payload)
        except (psycopg.OperationalError, psycopg.InterfaceError):
            pass
        await asyncio.sleep(0.5)
