"""One server for all generated calls."""

from collections.abc import Iterator

import pytest
import schemathesis
from requests import Session
from schemathesis.schemas import BaseSchema

from tests.stories.server import Dev, running


@pytest.fixture(scope="session")
def dev(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dev]:
    """It accepts any key, and limits nobody."""
    with running(tmp_path_factory.mktemp("fuzz"), "--port", "0") as server:
        yield server


@pytest.fixture(scope="session")
def session() -> Iterator[Session]:
    with Session() as opened:
        opened.trust_env = False
        yield opened


@pytest.fixture(scope="session")
def document(dev: Dev, session: Session) -> BaseSchema:
    return schemathesis.openapi.from_dict(session.get(f"{dev.url}/openapi.json").json())
