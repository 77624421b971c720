"""What an operator does to the store while no server owns it: migrate, keys, the directory, begin anew."""

import asyncio
import fcntl
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from msgspec import Struct

from payproof.app.opening import open_store
from payproof.config import BadSetting, Settings
from payproof.model.id import ClientId
from payproof.model.key import AccessKey, environment_of
from payproof.model.missing import NotFound
from payproof.model.secret import Secret
from payproof.model.tenant import Environment
from payproof.services import directory
from payproof.services import key as service
from payproof.services.directory import Taken, Told
from payproof.services.directory_file import BadFile
from payproof.store import FileHeld, SystemTx
from payproof.store.key import ensure_tenant, keys, tenants

__all__ = [
    "AccessKey",
    "BadFile",
    "NewKey",
    "add_key",
    "begin_anew",
    "deactivate_key",
    "import_directory",
    "live_keys",
    "migrate",
]

P = ParamSpec("P")
T = TypeVar("T")


class NewKey(Struct, frozen=True):
    key: AccessKey
    secret: Secret


def migrate(settings: Settings) -> None:
    """Bring the database up to date; done again it changes nothing. Raises FileHeld beside a running server."""
    _in_store(settings, lambda tx: None)


def add_key(settings: Settings, client_id: str, environment: str, secret: str | None = None) -> NewKey:
    """A key, and the client where it is new. Raises BadSetting, TooManyKeys, FileHeld."""
    if environment not in list(Environment):
        raise BadSetting(f"there is no environment {environment!r}: it is one of {', '.join(Environment)}")
    if secret is not None and environment_of(secret) is not Environment(environment):
        raise BadSetting(f"the secret of a {environment} key begins with {environment}-")
    return _in_store(settings, _add_key, client_id, Environment(environment), settings.seed, secret)


def live_keys(settings: Settings, client_id: str | None = None) -> list[AccessKey]:
    """The keys that work, of one client or of all. Raises FileHeld."""
    return _in_store(settings, _live_keys, client_id)


def deactivate_key(settings: Settings, key_id: str) -> AccessKey:
    """At once and for good. Raises NotFound, FileHeld."""
    return _in_store(settings, _deactivate_key, key_id)


def import_directory(settings: Settings, text: bytes, told: Told, *, dry_run: bool) -> Taken:
    """The rows of a CSV file, all or none. Raises BadFile, FileHeld; on PostgreSQL it may be done beside a server."""
    try:
        return _in_store(settings, _import, text, told, dry_run=dry_run)
    except _OnlyTried as tried:
        return tried.taken


def begin_anew(settings: Settings) -> None:
    """Delete the SQLite data and the pretend world's, never the master key. Raises FileHeld, BadSetting."""
    if settings.database_url is not None:
        raise BadSetting("data in PostgreSQL is never deleted by us: drop the database and create it again")
    lock = settings.data / "payproof.sqlite.lock"
    if not lock.exists():
        return
    with lock.open("rb") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FileHeld(f"{settings.data / 'payproof.sqlite'} is in use by another payproof process") from None
        for name in ("payproof.sqlite", "world.sqlite", "world-access.log"):
            for end in ("", "-wal", "-shm"):
                (settings.data / f"{name}{end}").unlink(missing_ok=True)


def _in_store(settings: Settings, unit: Callable[Concatenate[SystemTx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    async def run() -> T:
        store = await open_store(settings, may_make_key=False)
        try:
            return await store.everywhere.write(unit, *args, **kwargs)
        finally:
            await store.stop()

    return asyncio.run(run())


def _add_key(tx: SystemTx, client_id: str, environment: Environment, seed: str, secret: str | None) -> NewKey:
    tenant = ensure_tenant(tx, ClientId(client_id), environment, seed)
    return NewKey(*service.add_key(tx.of(tenant), Secret(secret) if secret else None))


def _live_keys(tx: SystemTx, client_id: str | None) -> list[AccessKey]:
    chosen = [one for one in tenants(tx) if client_id is None or one.client_id == client_id]
    return [key for tenant in chosen for key in keys(tx.of(tenant))]


def _deactivate_key(tx: SystemTx, key_id: str) -> AccessKey:
    for key in _live_keys(tx, None):
        if key.id == key_id:
            return service.deactivate_key(tx.of(key.tenant), key_id)
    raise NotFound("key", key_id)


class _OnlyTried(Exception):
    """Undoes what was done."""

    def __init__(self, taken: Taken) -> None:
        self.taken = taken
        super().__init__()


def _import(tx: SystemTx, text: bytes, told: Told, *, dry_run: bool) -> Taken:
    taken = directory.import_directory(tx, text, told)
    if dry_run:
        raise _OnlyTried(taken)
    return taken
