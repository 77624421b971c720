"""The store: two backends behind one small face."""

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from payproof import clock
from payproof.model.job import JobKind
from payproof.model.tenant import Tenant
from payproof.store import key_check
from payproof.store.change import Changes
from payproof.store.sealing import Vault
from payproof.store.sqlite import SqliteBackend
from payproof.store.transaction import Notices, SystemTx, Tx

P = ParamSpec("P")
T = TypeVar("T")


class Store:
    """Owns the database from `start` to `stop`. Units of work are plain functions of a transaction."""

    def __init__(
        self,
        where: Path | str,
        master_key: bytes,
        *,
        synchronous: str = "FULL",
        connections: int = 8,
        wall: clock.Wall = clock.now,
    ) -> None:
        """`where` is a SQLite file, or a `postgresql://` URL."""
        self.vault = Vault(master_key)
        self.changes = Changes()
        self.wall = wall
        self.key_changes = 0
        """Counts the commits of this process that ended access keys."""
        self._bells: dict[str, asyncio.Event] = {}
        self._listener: asyncio.Task[None] | None = None
        if isinstance(where, str):
            from payproof.store.postgres import PostgresBackend

            self._backend: SqliteBackend | PostgresBackend = PostgresBackend(
                where, self.vault, self._announce, wall, connections=connections
            )
        else:
            self._backend = SqliteBackend(where, self.vault, self._announce, wall, synchronous=synchronous)
        self.everywhere = Everywhere(self._backend)

    @property
    def is_postgres(self) -> bool:
        return self._backend.is_postgres

    async def start(self) -> None:
        """Open, migrate, and refuse a master key that is not the one this data was sealed with."""
        await asyncio.get_running_loop().run_in_executor(None, self._backend.start)
        try:
            await self.everywhere.write(key_check.check)
        except BaseException:
            self._backend.stop()
            raise
        if not isinstance(self._backend, SqliteBackend):
            from payproof.store.postgres import listen

            self._listener = asyncio.create_task(listen(self._backend, self._ring, self._ring_all))

    async def stop(self) -> None:
        if self._listener is not None:
            self._listener.cancel()
            await asyncio.gather(self._listener, return_exceptions=True)
        await asyncio.get_running_loop().run_in_executor(None, self._backend.stop)

    def of(self, tenant: Tenant) -> "Tenancy":
        return Tenancy(self._backend, tenant)

    def bell(self, kind: JobKind) -> asyncio.Event:
        """Set whenever a job of that kind may have become due."""
        return self._bells.setdefault(kind, asyncio.Event())

    def _announce(self, notices: Notices) -> None:
        self.key_changes += notices.keys
        self._ring(notices)

    def _ring(self, names: Iterable[str]) -> None:
        """Kinds of jobs, and ids of tasks, sessions and tenants."""
        for name in names:
            if name in self._bells:
                self._bells[name].set()
            else:
                self.changes.ring(name)

    def _ring_all(self) -> None:
        """Whatever was missed."""
        for bell in self._bells.values():
            bell.set()
        self.changes.ring_all()


class Tenancy:
    """A tenant's reads and writes; there is no other way to them."""

    __slots__ = ("_backend", "_tenant")

    def __init__(self, backend: Any, tenant: Tenant) -> None:
        self._backend = backend
        self._tenant = tenant

    async def read(self, fn: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        tenant = self._tenant
        return cast(T, await self._backend.read(lambda system: fn(system.of(tenant), *args, **kwargs)))

    async def look(self, fn: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """For a read of one statement: it is its own snapshot and needs no transaction around it."""
        tenant = self._tenant
        return cast(T, await self._backend.look(lambda system: fn(system.of(tenant), *args, **kwargs)))

    async def read_long(self, fn: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """For reads that may pass 500 rows."""
        tenant = self._tenant
        return cast(T, await self._backend.read_long(lambda system: fn(system.of(tenant), *args, **kwargs)))

    async def write(self, fn: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `fn` in one transaction; returns only after COMMIT, and a cancelled caller does not undo it."""
        tenant = self._tenant
        return cast(T, await self._backend.write(lambda system: fn(system.of(tenant), *args, **kwargs)))


class Everywhere:
    """Units across tenants: only for access, the engine, the directory and the composition root."""

    __slots__ = ("_backend",)

    def __init__(self, backend: Any) -> None:
        self._backend = backend

    async def read(self, fn: Callable[Concatenate[SystemTx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return cast(T, await self._backend.read(lambda system: fn(system, *args, **kwargs)))

    async def write(self, fn: Callable[Concatenate[SystemTx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return cast(T, await self._backend.write(lambda system: fn(system, *args, **kwargs)))
