"""What the world remembers: one SQLite file, one connection, verbs over named rows.

All verbs are short and may be called from the loop. `synchronous=NORMAL`
survives a killed process (not a power cut, which a pretend world may forget).
"""

import sqlite3
from collections import OrderedDict
from datetime import date, datetime
from pathlib import Path
from secrets import token_hex
from threading import Lock
from typing import Any

from msgspec import Struct

_SCHEMA = """
CREATE TABLE IF NOT EXISTS tenant (
    tenant TEXT PRIMARY KEY, seed TEXT NOT NULL, since TEXT NOT NULL, maintenance TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS session (
    token TEXT PRIMARY KEY, tenant TEXT NOT NULL, username TEXT NOT NULL, story TEXT NOT NULL, state TEXT NOT NULL,
    challenge TEXT, ready_at TEXT, expires_at TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS session_age ON session (tenant, expires_at);
CREATE TABLE IF NOT EXISTS attempt (
    tenant TEXT, username TEXT, wrong INTEGER NOT NULL, PRIMARY KEY (tenant, username)
) WITHOUT ROWID;
DROP TABLE IF EXISTS paper;
DROP INDEX IF EXISTS tenant_seed;
"""

_MOST_GONE = 10_000


class TenantGone(Exception):
    """Somebody visits for a tenant that was taken away: nothing is to be remembered of it."""


class Session(Struct, kw_only=True):
    """One browser that posted the right password. `state`: challenge, refused, wait or open."""

    token: str
    tenant: str
    username: str
    story: str
    """The password that was used, where it chooses what happens next; never a person's own."""
    state: str
    challenge: str | None = None
    """`<id>:<kind>` of the challenge that waits for an answer."""
    ready_at: datetime | None = None
    expires_at: datetime


class Memory:
    """The world's own file. Safe to open again after a kill; closing twice does no harm."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = Lock()
        self._file = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
        self._file.execute("PRAGMA journal_mode=WAL")
        self._file.execute("PRAGMA synchronous=NORMAL")
        self._file.execute("PRAGMA temp_store=MEMORY")  # there may be nowhere to write but here
        self._file.executescript(_SCHEMA)
        self._gone: OrderedDict[str, None] = OrderedDict()

    def close(self) -> None:
        with self._lock:
            self._file.close()

    def first_day(self, tenant: str, seed: str, today: date) -> date:
        """The day on which this tenant was first seen; today, if it is new. Raises TenantGone."""
        if tenant in self._gone:
            raise TenantGone(tenant)
        row = self._row("SELECT since, seed FROM tenant WHERE tenant = ?", tenant)
        if row is None or row[1] != seed:
            self._do(
                "INSERT INTO tenant VALUES (?, ?, ?, NULL) ON CONFLICT DO UPDATE SET seed = excluded.seed",
                tenant,
                seed,
                today.isoformat(),
            )
        return date.fromisoformat(row[0]) if row else today

    def maintenance(self, tenant: str) -> str | None:
        """The text of the notice while the tenant's portal is closed, else None."""
        row = self._row("SELECT maintenance FROM tenant WHERE tenant = ?", tenant)
        return row[0] if row else None

    def set_maintenance(self, tenant: str, notice: str | None) -> None:
        self._do("UPDATE tenant SET maintenance = ? WHERE tenant = ?", notice, tenant)

    def add_session(self, session: Session, now: datetime) -> None:
        """Keep a session; those of the tenant that have expired go."""
        self._do("DELETE FROM session WHERE tenant = ? AND expires_at < ?", session.tenant, now.isoformat())
        self._do(
            "INSERT INTO session VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            session.token,
            session.tenant,
            session.username,
            session.story,
            session.state,
            session.challenge,
            session.ready_at and session.ready_at.isoformat(),
            session.expires_at.isoformat(),
        )

    def session(self, tenant: str, token: str, now: datetime) -> Session | None:
        row = self._row(
            "SELECT token, tenant, username, story, state, challenge, ready_at, expires_at FROM session"
            " WHERE token = ? AND tenant = ? AND expires_at >= ?",
            token,
            tenant,
            now.isoformat(),
        )
        if row is None:
            return None
        ready_at = datetime.fromisoformat(row[6]) if row[6] else None
        return Session(
            token=row[0],
            tenant=row[1],
            username=row[2],
            story=row[3],
            state=row[4],
            challenge=row[5],
            ready_at=ready_at,
            expires_at=datetime.fromisoformat(row[7]),
        )

    def move_session(self, token: str, state: str, challenge: str | None = None) -> None:
        self._do("UPDATE session SET state = ?, challenge = ? WHERE token = ?", state, challenge, token)

    def end_session(self, token: str) -> None:
        self._do("DELETE FROM session WHERE token = ?", token)

    def wrong_passwords(self, tenant: str, username: str) -> int:
        row = self._row("SELECT wrong FROM attempt WHERE tenant = ? AND username = ?", tenant, username)
        return int(row[0]) if row else 0

    def add_wrong_password(self, tenant: str, username: str) -> int:
        """Count one more and say how many there are now."""
        self._do("INSERT INTO attempt VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET wrong = wrong + 1", tenant, username)
        return self.wrong_passwords(tenant, username)

    def forget_wrong_passwords(self, tenant: str, username: str) -> None:
        self._do("DELETE FROM attempt WHERE tenant = ? AND username = ?", tenant, username)

    def delete_tenant(self, tenant: str, *, for_good: bool = False) -> None:
        """All of a tenant; `for_good` nobody may visit for it any more, such as who is still on the way."""
        with self._lock, self._file:
            self._file.execute("BEGIN")
            for table in ("tenant", "session", "attempt"):
                self._file.execute(f"DELETE FROM {table} WHERE tenant = ?", (tenant,))
        if for_good:
            self._gone[tenant] = None
            if len(self._gone) > _MOST_GONE:
                self._gone.popitem(last=False)

    def _row(self, sql: str, *values: Any) -> Any:
        with self._lock:
            return self._file.execute(sql, values).fetchone()

    def _do(self, sql: str, *values: Any) -> None:
        with self._lock:
            self._file.execute(sql, values)


def new_token() -> str:
    return token_hex(16)
