"""Fixtures for pytest: a server that the whole run shares, and for each test a tenant, its clock and its inbox.

Loaded by every pytest in the environment, so nothing but pytest is imported before a fixture is asked for.
"""

from __future__ import annotations

import os
import shlex
import tempfile
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from payproof.testing.standin import Clock, Inbox, Server, Tenant

_BEGAN = pytest.StashKey["tuple[str, str]"]()
"""The seed of a test's tenant, and its time when the test began."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("payproof")
    group.addoption("--payproof-seed", metavar="SEED", help="seed of the pretend people; the same gives the same data")
    group.addoption("--payproof-time", metavar="TIME", help="when tenants begin (ISO 8601); without it, now")


@pytest.fixture(scope="session")
def payproof_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server: that of PAYPROOF_BASE_URL, or one that all processes of this run share."""
    from payproof.testing.shared import shared_server
    from payproof.testing.standin import Keys, Server

    given = os.environ.get("PAYPROOF_BASE_URL")
    with nullcontext({"url": given}) if given else shared_server(_place(tmp_path_factory)) as said:
        keys = (
            Keys(os.environ.get("PAYPROOF_CLIENT_ID", ""), os.environ.get("PAYPROOF_SECRET", "")) if given else Keys()
        )
        server = Server(str(said["url"]), keys)
        yield server
        server.calling.close()


@pytest.fixture
def payproof_tenant(request: pytest.FixtureRequest, payproof_server: Server) -> Iterator[Tenant]:
    """A tenant of the test's own: a client, a key, and a world that no other test sees; taken away afterwards."""
    seed, at = (request.config.getoption(name) for name in ("--payproof-seed", "--payproof-time"))
    tenant = payproof_server.new_tenant(seed=seed, name=request.node.name[:128], at=at)
    request.node.stash[_BEGAN] = (tenant.seed, at or tenant.began)
    yield tenant
    tenant.remove()


@pytest.fixture
def payproof_clock(payproof_tenant: Tenant) -> Clock:
    """The time of the test's tenant."""
    return payproof_tenant.clock


@pytest.fixture
def payproof_inbox(payproof_tenant: Tenant) -> Inbox:
    """The webhooks of the test's tenant."""
    return payproof_tenant.inbox


def _place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where this run's server is at home; an earlier run in the same directory may still be ending its own."""
    base, run = tmp_path_factory.getbasetemp(), os.environ.get("PYTEST_XDIST_TESTRUNUID")
    if run and os.environ.get("PYTEST_XDIST_WORKER"):
        return base.parent / f"payproof-{run}"
    return Path(tempfile.mkdtemp(prefix="payproof-", dir=base))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """A test that failed says how it is run again with the same people at the same time."""
    report = yield
    began = item.stash.get(_BEGAN, None)
    if report.failed and began is not None:
        seed, at = began
        line = shlex.join(["pytest", item.nodeid, f"--payproof-seed={seed}", f"--payproof-time={at}"])
        report.sections.append(("payproof", f"seed {seed}; replay with: {line}"))
    return report
