"""The REST door over a real store, on both databases, without a socket."""

from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec
import pytest

from payproof.api.door import Door
from payproof.api.log import Lines
from payproof.app.doors import build_door
from payproof.app.installing import write_installed
from payproof.config import Settings, read_settings
from payproof.model.company import Company
from payproof.model.product import DataSource, ProductType
from payproof.model.provider import Provider
from payproof.model.question import Field, Form
from payproof.model.webhook import Post, Reply
from payproof.store import Store, SystemTx
from payproof.store.company import company_id, write_companies
from payproof.store.directory import count_trigrams
from payproof.web.bridge import BridgeDoor
from tests.api.caller import Caller, Sink
from tests.databases import MASTER_KEY, migrated, migrated_copy, postgres_store_url

__all__ = ["migrated", "postgres_store_url"]

PROVIDERS = (
    Provider(
        id="acme",
        connector_id="acme_payroll",
        name="Acme Payroll",
        data_source=DataSource.PAYROLL,
        products=(ProductType.INCOME, ProductType.EMPLOYMENT),
        form=Form(fields=(Field(name="username", label="User name"), Field(name="password", label="Password"))),
        kind="credentials",
        aliases=("acme_old",),
    ),
    Provider(
        id="bank",
        connector_id="bank_file",
        name="Statement file",
        data_source=DataSource.FINANCIAL_ACCOUNTS,
        products=(ProductType.TRANSACTIONS, ProductType.ASSETS),
        form=Form(fields=(Field(name="file", label="Statement"),)),
        kind="file",
    ),
)

PLAYING = Provider(
    id="truv",
    connector_id="sandbox_payroll",
    name="Truv Payroll Provider",
    data_source=DataSource.PAYROLL,
    products=(ProductType.INCOME, ProductType.EMPLOYMENT),
    form=PROVIDERS[0].form,
    kind="credentials",
    aliases=("truv_api",),
    sandbox_only=True,
)
"""What stands in for every payroll where the keys are for the sandbox."""


def furnish(tx: SystemTx) -> None:
    """The providers, and a directory with one employer in it."""
    write_installed(tx, PROVIDERS)
    write_companies(tx, [Company(id=company_id("walmart.com"), name="Walmart", domain="walmart.com")])
    count_trigrams(tx)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    where: Path | str = tmp_path / "payproof.sqlite"
    if request.param == "postgres":
        where = request.getfixturevalue("postgres_store_url")
    opened = Store(where, MASTER_KEY, synchronous="OFF")
    await opened.start()
    await opened.everywhere.write(furnish)
    yield opened
    await opened.stop()


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def shared_store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Store]:
    """One for all tests of a module that each make clients of their own: a database for each would take ten times as
    long as the test.
    """
    with ExitStack() as closing:
        where: Path | str = tmp_path_factory.mktemp("shared") / "payproof.sqlite"
        if request.param == "postgres":
            server, template = (request.getfixturevalue(name) for name in ("postgres", "migrated"))
            where = closing.enter_context(migrated_copy(server, template))
        opened = Store(where, MASTER_KEY, synchronous="OFF")
        await opened.start()
        await opened.everywhere.write(furnish)
        yield opened
        await opened.stop()


@pytest.fixture
def settings() -> Settings:
    return read_settings({}, profile="fast", accept_any_key=True)


@pytest.fixture
def sink() -> Sink:
    return Sink()


async def nobody_there(url: str, headers: Mapping[str, str], body: bytes) -> Reply:
    return Reply(None, error="nobody there")


def door_over(
    store: Store,
    settings: Settings,
    sink: Sink,
    providers: tuple[Provider, ...] = PROVIDERS,
    *,
    post: Post = nobody_there,
    **changes: Any,
) -> Door:
    changed = msgspec.structs.replace(settings, **changes)
    mounts = {"bridge": BridgeDoor(store, providers)}
    return build_door(store, changed, providers, mounts, lambda: False, Lines(sink), post)


@pytest.fixture
def door(store: Store, settings: Settings, sink: Sink) -> Door:
    return door_over(store, settings, sink)


@pytest.fixture
def caller(door: Door) -> Caller:
    return Caller(door)
