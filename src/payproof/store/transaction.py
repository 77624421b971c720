"""What a unit of work sees: one open transaction, scoped to a tenant or to the whole system."""

from collections.abc import Iterator, Mapping, Sequence
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


class ReferenceGone(Exception):
    """A row was to refer to one that is not there: somebody has taken it away meanwhile. Nothing was written."""


class Cursor(Protocol):
    """A connection inside a transaction. Every call exhausts its result before it returns."""

    def all(self, sql: SystemSql, params: Params) -> list[Row]: ...
    def one(self, sql: SystemSql, params: Params) -> Row | None: ...
    def run(self, sql: SystemSql, params: Params) -> int: ...
    def put(self, sql: SystemSql, params: Params) -> None: ...
    def many(self, sql: SystemSql, rows: Sequence[Params]) -> None: ...


class Notices:
    """What to tell once the transaction has committed."""

    __slots__ = ("events", "jobs", "keys", "tasks")

    def __init__(self) -> None:
        self.events: list[tuple[str, str]] = []
        """Tenants and what happened to them, in order."""
        self.jobs: set[str] = set()
        """Kinds of which a job may have become due."""
        self.keys = False
        """Access keys were deactivated or taken away."""
        self.tasks: list[str] = []
        """Tasks, and sessions of tasks, that changed; tenants whose clock did."""

    def __iter__(self) -> Iterator[str]:
        yield from self.jobs
        yield from self.tasks
        yield from dict(self.events)


_CLOCK = Sql("SELECT clock_offset, clock_frozen_at, clock_target FROM tenant WHERE id = :tenant")
_CLOCK_HELD = Sql("SELECT clock_offset, clock_frozen_at, clock_target FROM tenant WHERE id = :tenant {share}")
_CLOCK_OWNED = Sql("SELECT clock_offset, clock_frozen_at, clock_target FROM tenant WHERE id = :tenant {lock}")


class SystemTx:
    """A transaction across tenants: authentication, the engine, the directory. Everyone else uses `Tx`."""

    def __init__(self, cursor: Cursor, vault: Vault, wall: datetime) -> None:
        self.cursor = cursor
        self.vault = vault
        self.wall = wall
        self.births = 0
        """How many jobs this transaction has asked for: they are born one after the other."""

    @cached_property
    def notices(self) -> Notices:
        """Made when something is to be told: most transactions only read."""
        return Notices()

    def of(self, tenant: Tenant) -> "Tx":
        return Tx(self, tenant)

    def all(self, sql: SystemSql, **params: Any) -> list[Row]:
        return self.cursor.all(sql, params)

    def one(self, sql: SystemSql, **params: Any) -> Row | None:
        return self.cursor.one(sql, params)

    def run(self, sql: SystemSql, **params: Any) -> int:
        return self.cursor.run(sql, params)

    def put(self, sql: SystemSql, **params: Any) -> None:
        self.cursor.put(sql, params)

    def many(self, sql: SystemSql, rows: Sequence[Params]) -> None:
        self.cursor.many(sql, rows)


class Tx:
    """A transaction of one tenant. Runs only statements that name `:tenant`, and fills it in itself."""

    def __init__(self, system: SystemTx, tenant: Tenant) -> None:
        self.system = system
        self.cursor = system.cursor
        self.tenant = tenant
        self.vault = system.vault
        self.wall = system.wall
        self.opened_keys: dict[str, AESGCM] = {}
        self.listeners: list[Row] | None = None
        """The tenant's webhooks, looked up once for all events of this transaction."""

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

    def put(self, sql: Sql, **params: Any) -> None:
        """Execute where nobody wants to know how many rows it changed: it need not be waited for."""
        params["tenant"] = self.tenant.id
        self.cursor.put(sql, params)

    def many(self, sql: Sql, rows: Sequence[dict[str, Any]]) -> None:
        for row in rows:
            row["tenant"] = self.tenant.id
        self.cursor.many(sql, rows)

    @property
    def notices(self) -> Notices:
        return self.system.notices

    @cached_property
    def clock(self) -> TenantClock:
        return self._look(_CLOCK)

    def hold_clock(self) -> TenantClock:
        """The clock, which nobody can set before this transaction ends: for whoever plans by it."""
        return self._set_clock(self._look(_CLOCK_HELD))

    def own_clock(self) -> TenantClock:
        """The clock, for whoever is about to set it."""
        return self._set_clock(self._look(_CLOCK_OWNED))

    def forget_clock(self) -> None:
        """It was set: what this transaction knew of the time is out of date."""
        self.__dict__.pop("clock", None)
        self.__dict__.pop("now", None)

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

    def _look(self, sql: Sql) -> TenantClock:
        row = self.one(sql)
        return TenantClock(*row) if row else TenantClock(0)

    def _set_clock(self, found: TenantClock) -> TenantClock:
        self.forget_clock()
        self.clock = found
        return found
