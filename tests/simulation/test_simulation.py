"""Seeded schedules with a crash after any commit. `SEED=n pytest tests/simulation` repeats the seed that failed."""

import logging
import os
import random
import traceback
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
import structlog

from payproof.model.id import ClientId, new_id
from payproof.model.tenant import Environment
from payproof.store import Store
from payproof.store.key import ensure_tenant
from payproof.testing.clock import ManualClock
from tests.simulation import truth
from tests.simulation.city import City

SEED = os.environ.get("SEED")
ACTIONS = 150


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """A simulated crash is no news."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()


def seeds(count: int) -> range:
    return range(int(SEED), int(SEED) + 1) if SEED else range(count)


async def simulate(store: Store, wall: ManualClock, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids and jitter too come from the seed, so that it replays."""
    ids = Random(f"ids {seed}")
    with monkeypatch.context() as patch:
        patch.setattr("payproof.model.id.secrets.token_hex", lambda size: ids.randbytes(size).hex())
        random.seed(seed)
        tenant = await store.everywhere.write(ensure_tenant, ClientId(new_id()), Environment.SANDBOX, "seed")
        city = City(store, wall, tenant, seed)
        try:
            await city.live(ACTIONS)
            await store.of(tenant).read(truth.check, city)
            await store.everywhere.read(truth.check_all)
        except BaseException:
            traceback.print_exc()
            print("what happened:", " ".join(city.log))  # noqa: T201
            pytest.fail(f"seed {seed} on {'PostgreSQL' if store.is_postgres else 'SQLite'}: SEED={seed} replays it")
        finally:
            await city.end()


async def run_seeds(store: Store, wall: ManualClock, chosen: range, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in chosen:
        await simulate(store, wall, seed, monkeypatch)


async def test_schedules(store: Store, wall: ManualClock, where: Path | str, monkeypatch: pytest.MonkeyPatch) -> None:
    await run_seeds(store, wall, seeds(20 if store.is_postgres else 200), monkeypatch)


@pytest.mark.slow
async def test_many_schedules(store: Store, wall: ManualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    await run_seeds(store, wall, seeds(100 if store.is_postgres else 1000), monkeypatch)
