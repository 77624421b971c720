"""The server is killed at any moment, and nothing is lost, doubled or sent again."""

import random
from pathlib import Path

import pytest

from tests.kill.run import Run
from tests.kill.stage import Stage
from tests.told import Tell

pytestmark = pytest.mark.kill


async def _kill(stage: Stage, tell: Tell, *, kills: int, in_each: int) -> None:
    seed = random.randrange(10**6)
    told = f"failed with seed {seed}"
    try:
        with stage:
            told = f"seed {seed}: {await Run(stage, seed).go(kills=kills, in_each=in_each)}"
    finally:
        tell(told)


async def test_24_kills_on_sqlite_lose_nothing(tmp_path: Path, tell: Tell) -> None:
    await _kill(Stage(tmp_path), tell, kills=24, in_each=3)


async def test_24_kills_on_postgres_lose_nothing(tmp_path: Path, postgres_database: str, tell: Tell) -> None:
    await _kill(Stage(tmp_path, postgres_database), tell, kills=24, in_each=3)


@pytest.mark.slow
async def test_200_kills_on_sqlite_lose_nothing(tmp_path: Path, tell: Tell) -> None:
    await _kill(Stage(tmp_path), tell, kills=200, in_each=20)


@pytest.mark.slow
async def test_200_kills_on_postgres_lose_nothing(tmp_path: Path, postgres_database: str, tell: Tell) -> None:
    await _kill(Stage(tmp_path, postgres_database), tell, kills=200, in_each=20)
