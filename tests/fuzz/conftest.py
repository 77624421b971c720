"""One server for all generated calls."""

from collections.abc import Iterator

import pytest
import schemathesis
from requests import Session

from tests.fuzz.holding import Target
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
def truv_target(dev: Dev, session: Session) -> Target:
    return _target(dev, session, "/openapi.json")


@pytest.fixture(scope="session")
def bridge_target(dev: Dev, session: Session) -> Target:
    return _target(dev, session, "/bridge/openapi.json")


def _target(dev: Dev, session: Session, path: str) -> Target:
    return Target(dev.url, session, schemathesis.openapi.from_dict(session.get(dev.url + path).json()))
