"""SQLite: one process owns the file, one thread writes and groups commits, reads run beside it."""

import asyncio
import fcntl
import os
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

from payproof.clock import Wall
from payproof.store.dialect import SystemSql
from payproof.store.migration import migrate, statements
from payproof.store.sealing import Vault
from payproof.store.transaction import Notices, Params, ReferenceGone, Row, SystemTx

Unit = Callable[[SystemTx], Any]
_GROUP = 128
"""At most this many units share one commit."""


class FileHeld(Exception):
    """Another process owns the database file."""


class SqliteCursor:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def all(self, sql: SystemSql, params: Params) -> list[Row]:
        return self._connection.execute(sql.sqlite, sql.ordered(params)).fetchall()

    def one(self, sql: SystemSql, params: Params) -> Row | None:
        rows = self._connection.execute(sql.sqlite, sql.ordered(params)).fetchall()
        return rows[0] if rows else None

    def run(self, sql: SystemSql, params: Params) -> int:
        return self._connection.execute(sql.sqlite, sql.ordered(params)).rowcount

    def put(self, sql: SystemSql, params: Params) -> None:
        self._connection.execute(sql.sqlite, sql.ordered(params))

    def many(self, sql: SystemSql, rows: Sequence[Params]) -> None:
        self._connection.executemany(sql.sqlite, map(sql.ordered, rows))


class _Wish:
    """A unit of work on its way through the writer."""

    __slots__ = ("error", "future", "loop", "notices", "result", "unit")

    def __init__(self, unit: Unit, loop: asyncio.AbstractEventLoop) -> None:
        self.unit = unit
        self.loop = loop
        self.future: asyncio.Future[Any] = loop.create_future()
        self.result: Any = None
        self.error: BaseException | None = None
        self.notices: Notices | None = None


class SqliteBackend:
    """Owns the file from `start` to `stop`; `announce` is called in the loop with the notices of committed units."""

    is_postgres = False

    def __init__(
        self, path: Path, vault: Vault, announce: Callable[[Notices], None], wall: Wall, *, synchronous: str
    ) -> None:
        self._path = path
        self._vault = vault
        self._announce = announce
        self._wall = wall
        self._synchronous = synchronous
        self._wishes: queue.SimpleQueue[_Wish | None] = queue.SimpleQueue()
        self._long_reads = ThreadPoolExecutor(1, "sqlite-read")
        self._thread: threading.Thread | None = None
        self._connections: list[sqlite3.Connection] = []
        self._lock = -1

    def start(self) -> None:
        """Take the file lock, recover and migrate the file, then open the readers. Raises FileHeld."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = hold(self._path)
        try:
            self._writer = self._connect()
            self._writer.execute("PRAGMA journal_mode = WAL")
            self._writer.execute(f"PRAGMA synchronous = {self._synchronous}")
            self._migrate()
            self._reader = self._connect(read_only=True)
            self._long_reader = self._connect(read_only=True)
        except BaseException:
            self.stop()
            raise
        self._thread = threading.Thread(target=self._write_loop, name="sqlite-write", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the units in hand, close, and give the file back."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._wishes.put(None)
            thread.join()
            self._refuse_rest()
        self._long_reads.shutdown()
        while self._connections:
            self._connections.pop().close()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    async def write(self, unit: Unit) -> Any:
        if self._thread is None:
            raise RuntimeError("the store is not started")
        wish = _Wish(unit, asyncio.get_running_loop())
        self._wishes.put(wish)
        return await asyncio.shield(wish.future)

    async def read(self, unit: Unit) -> Any:
        return self._read(self._reader, unit)

    async def look(self, unit: Unit) -> Any:
        return unit(SystemTx(SqliteCursor(self._reader), self._vault, self._wall()))

    async def read_long(self, unit: Unit) -> Any:
        """For reads that may pass 500 rows: beside the loop, in a thread of their own."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._long_reads, self._read, self._long_reader, unit)

    def _read(self, connection: sqlite3.Connection, unit: Unit) -> Any:
        connection.execute("BEGIN")
        try:
            return unit(SystemTx(SqliteCursor(connection), self._vault, self._wall()))
        finally:
            connection.execute("ROLLBACK")

    def _connect(self, *, read_only: bool = False) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, isolation_level=None, check_same_thread=False, timeout=5, cached_statements=512
        )
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")  # a deleted data key must not linger in a free page
        connection.execute("PRAGMA cache_size = -32000")
        # a savepoint's own journal is such a file, and a machine locked up well has no place for it (found in a test)
        connection.execute("PRAGMA temp_store = MEMORY")
        if read_only:
            connection.execute("PRAGMA query_only = ON")
        self._connections.append(connection)
        return connection

    def _migrate(self) -> None:
        self._writer.execute("BEGIN IMMEDIATE")
        try:
            migrate(SqliteCursor(self._writer), self._run_script, postgres=False)
        except BaseException:
            self._writer.execute("ROLLBACK")
            raise
        self._writer.execute("COMMIT")

    def _run_script(self, text: str) -> None:
        for statement in statements(text):
            self._writer.execute(statement)

    def _write_loop(self) -> None:
        """Until told to stop; what was wished for before that is still done."""
        is_last = False
        while not is_last and (first := self._wishes.get()) is not None:
            group, is_last = self._gather(first)
            self._commit(group)
            _answer(group, self._announce)

    def _refuse_rest(self) -> None:
        """Whoever wished while we were stopping must not wait for ever."""
        with suppress(queue.Empty):
            while wish := self._wishes.get_nowait():
                wish.error = RuntimeError("the store was stopped")
                _answer([wish], self._announce)

    def _gather(self, first: _Wish) -> tuple[list[_Wish], bool]:
        group = [first]
        while len(group) < _GROUP:
            try:
                wish = self._wishes.get_nowait()
            except queue.Empty:
                break
            if wish is None:
                return group, True
            group.append(wish)
        return group, False

    def _commit(self, group: list[_Wish]) -> None:
        """One transaction for the whole group, a savepoint for each of several; nobody is answered before COMMIT."""
        try:
            self._writer.execute("BEGIN IMMEDIATE")
            if len(group) == 1:
                self._run(group[0])
            else:
                for wish in group:
                    self._run_apart(wish)
            self._writer.execute("COMMIT")
        except BaseException as failed:
            with suppress(sqlite3.Error):
                self._writer.rollback()
            for wish in group:
                wish.error = wish.error or _in_our_words(failed)

    def _run(self, wish: _Wish) -> None:
        tx = SystemTx(SqliteCursor(self._writer), self._vault, self._wall())
        wish.result = wish.unit(tx)
        wish.notices = tx.notices

    def _run_apart(self, wish: _Wish) -> None:
        """Its fault undoes nothing of the others."""
        self._writer.execute("SAVEPOINT unit")
        try:
            self._run(wish)
        except BaseException as failed:
            self._writer.execute("ROLLBACK TO unit")
            wish.error = _in_our_words(failed)
        self._writer.execute("RELEASE unit")


def _answer(group: list[_Wish], announce: Callable[[Notices], None]) -> None:
    """Give each waiting caller its result, in its own loop."""

    def settle() -> None:
        for wish in group:
            if wish.future.cancelled():
                continue
            if wish.error is not None:
                wish.future.set_exception(wish.error)
            else:
                wish.future.set_result(wish.result)
        for wish in group:
            if wish.error is None and wish.notices is not None:
                announce(wish.notices)

    try:
        group[0].loop.call_soon_threadsafe(settle)
    except RuntimeError:
        return  # the loop is closed: the caller is gone, the commit stands


def _in_our_words(failed: BaseException) -> BaseException:
    is_reference = isinstance(failed, sqlite3.IntegrityError) and "FOREIGN KEY" in str(failed)
    return ReferenceGone(str(failed)) if is_reference else failed


def hold(path: Path) -> int:
    """An exclusive lock beside the file, held until the process ends. Raises FileHeld at once when taken."""
    lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise FileHeld(f"{path} is in use by another payproof process") from None
    return lock
