"""One server for the stories that do not end it; each story makes its own users."""

from collections.abc import AsyncIterator, Iterator

import pytest

from payproof.testing.client import Client
from tests.stories.server import Dev, running


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def dev(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dev]:
    with running(tmp_path_factory.mktemp("dev"), "--port", "0") as server:
        yield server


@pytest.fixture
async def client(dev: Dev) -> AsyncIterator[Client]:
    async with Client(dev.url, dev.client_id, dev.secret) as calling:
        yield calling
