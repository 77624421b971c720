"""One server for the whole folder. It knows only the keys that it made: its callers are strangers, as in production."""

from collections.abc import AsyncIterator, Iterator

import pytest

from payproof.testing.client import Client
from tests.clients.quickstart import Keys
from tests.clients.wire import Wire
from tests.stories.server import Dev, running


@pytest.fixture(scope="session")
def dev(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dev]:
    with running(tmp_path_factory.mktemp("clients"), "--port", "0", PAYPROOF_ACCEPT_ANY_KEY="false") as server:
        yield server


@pytest.fixture
async def keys(dev: Dev) -> Keys:
    """Of a tenant of its own: whose webhooks hear of nobody else."""
    async with Client(dev.url, dev.client_id, dev.secret) as client:
        made = await client.post("/v1/sandbox/tenants/", {})
    return Keys(made["client_id"], made["secret"])


@pytest.fixture
async def wire(dev: Dev) -> AsyncIterator[Wire]:
    async with Wire(dev.url) as opened:
        yield opened


@pytest.fixture
async def client(dev: Dev, keys: Keys) -> AsyncIterator[Client]:
    """For what is not what is tried: the same tenant, by a client that normalises."""
    async with Client(dev.url, *keys) as calling:
        yield calling
