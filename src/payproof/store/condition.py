"""How a database is, for whoever looks after it: read without owning it, changing it or waiting for it."""

import fcntl
import os
import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from payproof import clock
from payproof.store import key_check
from payproof.store.dialect import SystemSql
from payproof.store.migration import applied_in, migrations
from payproof.store.provider import providers
from payproof.store.sealing import Vault, WrongKey
from payproof.store.sqlite import SqliteCursor
from payproof.store.transaction import Cursor, SystemTx

_NO_KEY = bytes(32)
_FACTS = """
SELECT current_setting('server_version_num')::int, current_setting('server_encoding'), pg_is_in_recovery(),
  current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
  (SELECT datconnlimit FROM pg_database WHERE datname = current_database()),
  (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user),
  has_schema_privilege(current_schema(), 'CREATE'), clock_timestamp()
"""


class Unreachable(Exception):
    """PostgreSQL does not let us in; the text is what it or the network says."""


class Unreadable(Exception):
    """There is something, and it cannot be read as a database of ours."""


class PostgresFacts(Struct, frozen=True):
    """What the server says of itself."""

    version: int
    """Of the major version."""
    encoding: str
    is_standby: bool
    connections: int
    """How many we could open at most, if nobody else had any."""
    may_create: bool
    """Tables, in the schema where ours are or would be."""
    seconds_ahead: float
    """Its clock against ours."""


class Condition(Struct, frozen=True):
    schema: int
    """The newest migration that was applied; 0 where none was."""
    known: int
    """The newest one that this version has."""
    pending: int
    """How many are still to be applied."""
    changed: tuple[int, ...]
    """Those that were applied with another text than they have today."""
    key_fits: bool | None
    """None where no key was given, or nothing was sealed yet."""
    offered: tuple[str, ...]
    """Ids of the providers on offer."""
    postgres: PostgresFacts | None = None


def condition(where: Path | str, master_key: bytes | None, *, wall: clock.Wall = clock.now) -> Condition | None:
    """None where there is no SQLite file yet. Raises Unreadable, Unreachable."""
    if isinstance(where, str):
        return _postgres_condition(where, master_key, wall)
    if not where.exists():
        return None
    try:
        connection = sqlite3.connect(f"{where.absolute().as_uri()}?mode=ro", uri=True, timeout=5)
        try:
            return _condition(SqliteCursor(connection), master_key, _has_sqlite_table)
        finally:
            connection.close()
    except sqlite3.Error as failed:
        raise Unreadable(f"{where}: {failed}") from None


def _has_sqlite_table(cursor: Cursor) -> bool:
    return cursor.one(_SQLITE_TABLE, {}) is not None


def _has_postgres_table(cursor: Cursor) -> bool:
    row = cursor.one(_POSTGRES_TABLE, {})
    return row is not None and row[0] is not None


_SQLITE_TABLE = SystemSql("SELECT 1 FROM sqlite_master WHERE name = 'migration'")
_POSTGRES_TABLE = SystemSql("SELECT to_regclass('migration')")


def holder(path: Path) -> int | None:
    """The process that owns this SQLite file; 0 for one that cannot be seen from here, None for nobody."""
    lock = Path(f"{path}.lock")
    try:
        inode = lock.stat().st_ino
    except OSError:
        return None
    for line in _locks():
        words = line.split()
        if words[1:2] == ["FLOCK"] and words[5].rpartition(":")[2] == str(inode):
            return int(words[4])
    return 0 if _is_locked(lock) else None


def _locks() -> list[str]:
    """Linux lists them; reading the list holds up nobody."""
    try:
        return Path("/proc/locks").read_text().splitlines()
    except OSError:
        return []


def _is_locked(lock: Path) -> bool:
    """For what the list does not show, such as the locks of another container."""
    try:
        held = os.open(lock, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(held)
    return False


def _condition(
    cursor: Cursor, master_key: bytes | None, has_table: Callable[[Cursor], bool], postgres: PostgresFacts | None = None
) -> Condition:
    known = migrations()
    applied = applied_in(cursor) if has_table(cursor) else {}
    changed = tuple(one.number for one in known if applied.get(one.number, one.checksum) != one.checksum)
    schema = max(applied, default=0)
    pending = sum(one.number not in applied for one in known)
    tx = SystemTx(cursor, Vault(master_key or _NO_KEY), clock.now())
    is_ours = 0 < schema <= known[-1].number and not changed
    offered = tuple(one.id for one in providers(tx) if not one.is_disabled) if is_ours else ()
    fits = _key_fits(tx) if is_ours and master_key is not None else None
    return Condition(schema, known[-1].number, pending, changed, fits, offered, postgres)


def _key_fits(tx: SystemTx) -> bool | None:
    try:
        return key_check.look(tx.cursor, tx.vault) or None
    except WrongKey:
        return False


def _postgres_condition(url: str, master_key: bytes | None, wall: clock.Wall) -> Condition:
    import psycopg

    from payproof.store.postgres import PostgresCursor, connect

    try:
        with connect(url) as connection:
            facts = _facts(connection.execute(_FACTS.encode()).fetchone(), wall())
            return _condition(PostgresCursor(connection), master_key, _has_postgres_table, facts)
    except psycopg.OperationalError as refused:
        raise Unreachable(str(refused).strip()) from None
    except psycopg.Error as failed:
        raise Unreadable(str(failed).strip()) from None


def _facts(row: tuple[int, str, bool, int, int, int, bool | None, datetime] | None, wall: datetime) -> PostgresFacts:
    assert row is not None
    version, encoding, is_standby, most, of_database, of_role, may_create, at = row
    connections = min(limit for limit in (most, of_database, of_role) if limit >= 0)
    ahead = (at - wall).total_seconds()
    return PostgresFacts(version // 10_000, encoding, is_standby, connections, bool(may_create), ahead)
