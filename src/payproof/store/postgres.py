"""PostgreSQL: units of work run in threads of our own, each of which keeps one connection."""

import asyncio
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, cast

import psycopg
from psycopg import Connection
from psycopg.pq import TransactionStatus
from psycopg.sql import SQL, Identifier

from payproof.clock import Wall
from payproof.store import key_check
from payproof.store.dialect import SystemSql
from payproof.store.migration import migrate
from payproof.store.sealing import Vault
from payproof.store.transaction import Notices, Params, ReferenceGone, Row, SystemTx
from payproof.store.unusable import DatabaseHeld

Unit = Callable[[SystemTx], Any]
CHANNEL = "payproof"
_MIGRATION_LOCK = 0x70617970
_PRESENCE_LOCK = _MIGRATION_LOCK + 1
"""Shared by the sessions of all servers and workers; whoever wants the database for itself takes it alone."""
_PATIENCE_SECONDS = 8.0
"""How long a unit is tried again while the server is away, before its caller hears of it."""
_ENDING_SECONDS = 2.0
"""How long the sessions of processes that have just ended are waited for."""
_ALIVE: dict[str, Any] = {
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""A server that vanished without a word is noticed in about ten seconds."""
_SESSION = "SET idle_in_transaction_session_timeout = '10s'"
"""A process that was stopped in the middle of a unit must not keep its locks from the others."""


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

    def put(self, sql: SystemSql, params: Params) -> None:
        self._cursor.execute(sql.postgres, params)

    def many(self, sql: SystemSql, rows: Sequence[Params]) -> None:
        self._cursor.executemany(sql.postgres, rows)


class PostgresBackend:
    is_postgres = True

    def __init__(
        self, url: str, vault: Vault, announce: Callable[[Notices], None], wall: Wall, *, connections: int
    ) -> None:
        self.url = url
        self._vault = vault
        self._announce = announce
        self._wall = wall
        self._own = threading.local()
        self._open: set[Connection[Row]] = set()
        self._threads = ThreadPoolExecutor(connections, "postgres")

    def start(self) -> None:
        """Migrate under a lock that all processes share. Raises StoreUnavailable."""
        try:
            with _join(self.url) as connection:
                self._migrate(connection)
        except psycopg.OperationalError as refused:
            raise StoreUnavailable(f"PostgreSQL does not answer: {str(refused).strip()}") from refused

    def stop(self) -> None:
        self._threads.shutdown(cancel_futures=True)
        for connection in self._open:
            connection.close()

    def is_own(self, backend_pid: int) -> bool:
        """Whether a notice came from this process, which knows already."""
        return any(one.info.backend_pid == backend_pid for one in list(self._open) if not one.closed)

    async def write(self, unit: Unit) -> Any:
        loop = asyncio.get_running_loop()
        future = loop.run_in_executor(self._threads, self._patiently, self._write, unit)
        future.add_done_callback(self._tell)
        return (await asyncio.shield(future))[0]

    async def read(self, unit: Unit) -> Any:
        future = asyncio.get_running_loop().run_in_executor(self._threads, self._patiently, self._read, unit)
        return await asyncio.shield(future)

    look = read_long = read

    def _tell(self, written: asyncio.Future[tuple[Any, Notices]]) -> None:
        if not written.cancelled() and written.exception() is None:
            self._announce(written.result()[1])

    def _migrate(self, connection: Connection[Any]) -> None:
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (_MIGRATION_LOCK,))
            script = cast(Callable[[str], None], connection.execute)
            migrate(PostgresCursor(connection), script, postgres=True)

    def _patiently(self, once: Callable[[Connection[Row], Unit], Any], unit: Unit) -> Any:
        """Try again while nothing can have been committed: after a conflict, or while the server is away."""
        give_up = time.monotonic() + _PATIENCE_SECONDS
        pause = 0.01
        has_collided = False
        while True:
            try:
                return once(self._connection(), unit)
            except (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected):
                if time.monotonic() > give_up:
                    raise
            except psycopg.errors.UniqueViolation:
                if has_collided:
                    raise
                has_collided = True  # another unit made the row meanwhile: this time we shall see it
            except psycopg.errors.ForeignKeyViolation as gone:
                raise ReferenceGone(str(gone.diag.constraint_name)) from gone
            except (psycopg.OperationalError, psycopg.InterfaceError) as away:
                self._hang_up()
                if time.monotonic() > give_up:
                    raise StoreUnavailable("PostgreSQL does not answer") from away
            time.sleep(pause * (0.5 + random.random()))
            pause = min(pause * 2, 0.5)

    def _read(self, connection: Connection[Row], unit: Unit) -> Any:
        with _given_up_on_error(connection):
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            result = unit(SystemTx(PostgresCursor(connection), self._vault, self._wall()))
            connection.execute("ROLLBACK")
        return result

    def _write(self, connection: Connection[Row], unit: Unit) -> tuple[Any, Notices]:
        with _given_up_on_error(connection):
            transaction = _begin(connection)
            tx = SystemTx(PostgresCursor(connection), self._vault, self._wall())
            result = unit(tx)
        try:
            with _given_up_on_error(connection):
                _commit(connection, tx.notices)
        except (psycopg.OperationalError, psycopg.InterfaceError) as broken:
            self._look(transaction, broken)
        return result, tx.notices

    def _look(self, transaction: str, broken: Exception) -> None:
        """After an unknown COMMIT, ask the server; returns if it happened, raises `broken` if it did not."""
        give_up = time.monotonic() + _PATIENCE_SECONDS * 4
        while time.monotonic() < give_up:
            try:
                with connect(self.url) as connection:
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

    def _connection(self) -> Connection[Row]:
        """This thread's own."""
        held: Connection[Row] | None = getattr(self._own, "connection", None)
        if held is None or held.closed:
            self._hang_up()
            held = _join(self.url)
            self._check_key(held)
            self._own.connection = held
            self._open.add(held)
        return held

    def _check_key(self, connection: Connection[Row]) -> None:
        """The master key may have been changed while a server was out of reach. Raises WrongKey."""
        try:
            key_check.look(PostgresCursor(connection), self._vault)
        except BaseException:
            connection.close()
            raise

    def _hang_up(self) -> None:
        held: Connection[Row] | None = getattr(self._own, "connection", None)
        if held is not None:
            self._open.discard(held)
            self._own.connection = None
            held.close()


def connect(url: str) -> Connection[Row]:
    connection = psycopg.connect(url, autocommit=True, connect_timeout=2, **_ALIVE)
    connection.execute(_SESSION)
    return connection


def take_alone(connection: Connection[Row]) -> None:
    """For as long as this session lasts, no server or worker has one. Raises DatabaseHeld where one has."""
    if not _locks_in_time(connection, "pg_try_advisory_lock"):
        raise DatabaseHeld("a payproof server, worker or command is at work on that database")


def _join(url: str) -> Connection[Row]:
    """A session of a server or a worker. Raises DatabaseHeld."""
    connection = connect(url)
    if not _locks_in_time(connection, "pg_try_advisory_lock_shared"):
        connection.close()
        raise DatabaseHeld("that database is being restored, or its master key changed, by another payproof process")
    return connection


def _locks_in_time(connection: Connection[Row], lock: str) -> bool:
    """Asked again and again for a moment, since PostgreSQL takes one to notice that a process has ended.

    Who waits in the queue of a lock would keep others from sharing it.
    """
    give_up = time.monotonic() + _ENDING_SECONDS
    while not _has_locked(connection, lock):
        if time.monotonic() > give_up:
            return False
        time.sleep(0.02)
    return True


def _has_locked(connection: Connection[Row], lock: str) -> bool:
    row = connection.execute(SQL("SELECT {}(%s)").format(Identifier(lock)), (_PRESENCE_LOCK,)).fetchone()
    return row is not None and row[0]


@contextmanager
def _given_up_on_error(connection: Connection[Row]) -> Iterator[None]:
    """Leave the connection fit for the next unit, or closed."""
    try:
        yield
    except BaseException:
        try:
            connection.rollback()
        except psycopg.Error:
            connection.close()
        raise


def _begin(connection: Connection[Row]) -> str:
    """Open a transaction and learn its name in the same round trip."""
    cursor = connection.execute("BEGIN; SELECT pg_current_xact_id()::text")
    cursor.nextset()
    return str(cast(Row, cursor.fetchone())[0])


def _commit(connection: Connection[Row], notices: Notices) -> None:
    """In one call: the order of what happened, one notice of what there is to tell, and COMMIT.

    Taking the server's queue of notices makes commits wait for each other.
    """
    payload = " ".join(dict.fromkeys(notices))
    notify = f"NOTIFY {CHANNEL}, '{payload}'; " if payload else ""
    if connection.info.transaction_status is not TransactionStatus.INTRANS:
        raise RuntimeError("a unit of work went on after one of its statements had failed")
    order = _order(notices.events)
    connection.execute(f"{order}{notify}COMMIT")  # names of kinds and hex digits: nothing that could end the text


def _order(events: Sequence[tuple[str, str]]) -> str:
    """Events get their positions now, one transaction of a tenant after the other.

    So they become visible in the order of their positions, and whoever goes on from the last one has missed none.
    """
    tenants = "; ".join(
        f"SELECT pg_advisory_xact_lock(hashtextextended('events of {tenant}', 0))" for tenant in sorted(dict(events))
    )
    places = "; ".join(f"UPDATE event SET position = DEFAULT WHERE id = '{event}'" for _, event in events)
    return f"{tenants}; {places}; " if events else ""


async def listen(backend: PostgresBackend, ring: Callable[[list[str]], None], ring_all: Callable[[], None]) -> None:
    """Ring for every notice of other processes, for ever; after an outage, reconnect and ring for what was missed."""
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(
                backend.url, autocommit=True, connect_timeout=2, **_ALIVE
            ) as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                ring_all()
                async for notice in connection.notifies():
                    if not backend.is_own(notice.pid):
                        ring(notice.payload.split())
        except (psycopg.OperationalError, psycopg.InterfaceError):
            pass
        await asyncio.sleep(0.5)
