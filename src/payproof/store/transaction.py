"""What a unit of work sees: one open transaction, scoped to a tenant or to the whole system."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from payproof import clock
from payproof.clock import TenantClock
from payproof.model.id import UserId
from payproof.model.tenant import Tenant
from payproof.store.dialect import Sql, SystemSql
from payproof.store.sealing import Vault

Row = tuple[Any, ...]
Params = Mapping[str, Any]


class Cursor(Protocol):
    """A connection inside a transaction. Every call exhausts its result before it returns."""

    def all(self, sql: SystemSql, params: Params) -> list[Row]: ...
    def one(self, sql: SystemSql, params: Params) -> Row | None: ...
    def run(self, sql: SystemSql, params: Params) -> int: ...
    def many(self, sql: SystemSql, rows: Sequence[Params]) -> None: ...


class Notices:
    """What to tell once the transaction has committed."""

    __slots__ = ("jobs", "keys", "tasks")

    def __init__(self) -> None:
        self.jobs = False
        self.keys = False
        self.tasks: list[str] = []


_CLOCK = Sql("SELECT clock_offset, clock_frozen_at FROM tenant WHERE id = :tenant")


class SystemTx:
    """A transaction across tenants: authentication, the engine, the directory. Everyone else uses `Tx`."""

    def __init__(self, cursor: Cursor, vault: Vault, wall: datetime) -> None:
        self.cursor = cursor
        self.vault = vault
        self.wall = wall
        self.notices = Notices()

    def of(self, tenant: Tenant) -> "Tx":
        return Tx(self, tenant)

    def all(self, sql: SystemSql, **params: Any) -> list[Row]:
        return self.cursor.all(sql, params)

    def one(self, sql: SystemSql, **params: Any) -> Row | None:
        return self.cursor.one(sql, params)

    def run(self, sql: SystemSql, **params: Any) -> int:
        return self.cursor.run(sql, params)

    def many(self, sql: SystemSql, rows: Sequence[Params]) -> None:
        self.cursor.many(sql, rows)


class Tx:
    """A transaction of one tenant. Runs only statements that name `:tenant`, and fills it in itself."""

    def __init__(self, system: SystemTx, tenant: Tenant) -> None:
        self.cursor = system.cursor
        self.tenant = tenant
        self.vault = system.vault
        self.wall = system.wall
        self.notices = system.notices
        self.opened_keys: dict[str, AESGCM] = {}

    def all(self, sql: Sql, **params: Any) -> list[Row]:
        params["tenant"] = self.tenant.id
        return self.cursor.all(sql, params)

    def one(self, sql: Sql, **params: Any) -> Row | None:
        params["tenant"] = self.tenant.id
        return self.cursor.one(sql, params)

    def run(self, sql: Sql, **params: Any) -> int:
        """Execute and return how many rows it changed."""
        params["tenant"] = self.tenant.id
        return self.cursor.run(sql, params)

    def many(self, sql: Sql, rows: Sequence[dict[str, Any]]) -> None:
        for row in rows:
            row["tenant"] = self.tenant.id
        self.cursor.many(sql, rows)

    @cached_property
    def clock(self) -> TenantClock:
        row = self.one(_CLOCK)
        return TenantClock(row[0], row[1]) if row else TenantClock(0, None)

    @cached_property
    def now(self) -> datetime:
        """The tenant's time."""
        return self.clock.at(self.wall)

    @property
    def now_us(self) -> int:
        return clock.to_micros(self.now)

    def seal(self, user_id: UserId, place: tuple[str, str, str], body: bytes) -> bytes:
        """Seal with the person's data key; `place` is (table, row, column) and must be the same to open."""
        return self.vault.seal(self, user_id, place, body)

    def open(self, user_id: UserId, place: tuple[str, str, str], sealed: bytes) -> bytes:
        return self.vault.open(self, user_id, place, sealed)

    def keyed_hash(self, purpose: str, text: str) -> str:
        """A hash to look sealed values up by: equal only within this tenant and purpose."""
        return self.vault.keyed_hash(self.tenant.id, purpose, text)
