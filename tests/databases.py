"""The same test on both databases: `store` is an empty one on SQLite, then an empty one on PostgreSQL."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from payproof.model.id import ClientId
from payproof.model.tenant import Environment, Tenant
from payproof.store import Store
from payproof.store.key import ensure_tenant
from payproof.testing.clock import ManualClock
from tests.postgres import Postgres

MASTER_KEY = bytes(range(32))


@pytest.fixture(scope="session")
def migrated(postgres: Postgres) -> str:
    """The name of a database that has the schema and nothing else: a template for quick copies."""
    from payproof.store.postgres import PostgresBackend
    from payproof.store.sealing import Vault

    name = f"migrated_{uuid4().hex}"
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    url = postgres.url_of(name)
    PostgresBackend(url, Vault(MASTER_KEY), lambda _: None, ManualClock(), connections=1).start()
    return name


@pytest.fixture
def postgres_store_url(postgres: Postgres, migrated: str) -> Iterator[str]:
    with migrated_copy(postgres, migrated) as url:
        yield url


@contextmanager
def migrated_copy(postgres: Postgres, migrated: str) -> Iterator[str]:
    """The URL of a database with the schema and nothing else, until the end of the block."""
    name = f"store_{uuid4().hex}"
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {migrated}")
        yield postgres.url_of(name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """What `Store` opens."""
    if request.param == "sqlite":
        return tmp_path / "payproof.sqlite"
    url: str = request.getfixturevalue("postgres_store_url")
    return url


@pytest.fixture
def wall() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def store(where: Path | str, wall: ManualClock) -> AsyncIterator[Store]:
    opened = Store(where, MASTER_KEY, synchronous="OFF", wall=wall)
    await opened.start()
    yield opened
    await opened.stop()


@pytest.fixture
async def tenant(store: Store) -> Tenant:
    return await store.everywhere.write(ensure_tenant, ClientId("client"), Environment.SANDBOX, "seed")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where there is no schema yet."""
    if request.param == "sqlite":
        return tmp_path / "target.sqlite"
    url: str = request.getfixturevalue("postgres_database")
    return url
