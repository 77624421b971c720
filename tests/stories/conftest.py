"""One server for the stories that do not end it; each story makes its own users."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from payproof.testing.client import Client
from tests.stories.namespace import NoNamespace, namespace
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


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is /etc/hosts in there."""
    path = tmp_path_factory.mktemp("etc") / "hosts"
    path.write_text("127.0.0.1 localhost\n::1 localhost\n")
    return path


@pytest.fixture(scope="module")
def inside(hosts: Path) -> Iterator[list[str]]:
    """A network and mounts of our own, where port 443 is free: the beginning of a command that runs in there."""
    try:
        with namespace(hosts) as entering:
            yield entering
    except NoNamespace as refused:
        pytest.skip(f"this machine makes no namespace, so port 443, /etc/hosts and mounts are not tried: {refused}")
