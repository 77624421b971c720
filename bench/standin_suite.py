"""Tests as somebody writes them who tests against payproof: `bench.standin` runs many, `make test` a few."""

import os
from collections.abc import Iterator
from datetime import timedelta

import pytest

from payproof.testing.standin import Clock, Inbox, Server, Tenant

TESTS = int(os.environ.get("STANDIN_TESTS", "50"))
SEED = os.environ.get("STANDIN_SEED", "suite")


@pytest.fixture
def payproof_tenant(payproof_server: Server, number: int) -> Iterator[Tenant]:
    """With pretend people that nobody has seen before."""
    tenant = payproof_server.new_tenant(seed=f"{SEED}-{number}")
    yield tenant
    tenant.remove()


@pytest.mark.parametrize("number", range(TESTS))
def test_a_person_connects_and_time_goes_on(
    payproof_tenant: Tenant, payproof_clock: Clock, payproof_inbox: Inbox, number: int
) -> None:
    began = payproof_clock.freeze()
    made = payproof_tenant.connect()
    assert made["status"] == "done"
    assert payproof_inbox.wait("task-status-updated", status="done")["task_id"] == made["task_id"]
    assert payproof_clock.advance(days=30) == began + timedelta(days=30)
