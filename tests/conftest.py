"""What every room's tests may use: a real PostgreSQL, started once per test process and only when asked for."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from uuid import uuid4

import psycopg
import pytest
from hypothesis import settings

from tests.postgres import Postgres, PostgresMissing, running_postgres
from tests.told import Tell

pytest.register_assert_rewrite("tests.simulation.truth")

settings.register_profile("here", deadline=None)  # wall time is never asserted: the machine may be busy
settings.load_profile("here")


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Tell:
    """What is to be read at the end of the run, also where the test ran in another process."""
    return lambda figures: record_property("told", str(figures))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            for name, figures in getattr(report, "user_properties", ()) if report.when == "call" else ():
                if name == "told":
                    terminalreporter.write_line(f"{report.nodeid}\n{figures}\n")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The running server. It does not sync: take `running_postgres()` where a crash is part of the test."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(running_postgres(fsync=False))
        except PostgresMissing as missing:
            why = str(missing)
        else:
            yield server
            return
    pytest.fail(why, pytrace=False)


@pytest.fixture(scope="session")
def postgres_url(postgres: Postgres) -> str:
    """The URL of the server's own database; use it to make others."""
    return postgres.url


@pytest.fixture
def postgres_database(postgres: Postgres) -> Iterator[str]:
    """The URL of an empty database of this test's own."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        yield postgres.url_of(name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Async tests run on asyncio, the loop of the server."""
    return "asyncio"
