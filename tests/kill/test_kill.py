"""The server is killed at any moment, and nothing is lost, doubled or sent again."""

import random
from pathlib import Path

import pytest

from tests.kill.run import Run
from tests.kill.stage import Stage

pytestmark = pytest.mark.kill


async def _kill(stage: Stage, capsys: pytest.CaptureFixture[str], *, kills: int, in_each: int) -> None:
    seed = random.randrange(10**6)
    told = f"failed with seed {seed}"
    try:
        with stage:
            told = f"seed {seed}: {await Run(stage, seed).go(kills=kills, in_each=in_each)}"
    finally:
        with capsys.disabled():
            print(f"\n{told}")  # noqa: T201


async def test_24_kills_on_sqlite_lose_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    await _kill(Stage(tmp_path), capsys, kills=24, in_each=3)


async def test_24_kills_on_postgres_lose_nothing(
    tmp_path: Path, postgres_database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await _kill(Stage(tmp_path, postgres_database), capsys, kills=24, in_each=3)


@pytest.mark.slow
async def test_200_kills_on_sqlite_lose_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    await _kill(Stage(tmp_path), capsys, kills=200, in_each=20)


@pytest.mark.slow
async def test_200_kills_on_postgres_lose_nothing(
    tmp_path: Path, postgres_database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await _kill(Stage(tmp_path, postgres_database), capsys, kills=200, in_each=20)
