"""Several processes on one PostgreSQL: one dies, one sleeps through its lease, the database itself goes away."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from tests.kill import snapshot
from tests.kill.caller import Caller
from tests.kill.person import Person, Story
from tests.kill.programs import Program
from tests.kill.script import ASKING, PLAIN, Script
from tests.kill.stage import Stage
from tests.postgres import running_postgres
from tests.told import Tell

pytestmark = [pytest.mark.kill, pytest.mark.postgres]
TAKEN_OVER_SECONDS, GOES_ON_SECONDS = 30, 10
"""What is promised; a loaded machine fails these tests only at twice that."""
_DIGEST = "SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM \"{}\" t"


class _Office:
    """A door without an engine, and people who come in together."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._caller = Caller(stage.url)
        self._people = Person(self._caller)

    async def open(self) -> None:
        door = self.stage.add("serve --no-engine")
        await asyncio.to_thread(door.await_url, f"{self.stage.url}/readyz")
        wish = {"name": "witness", "webhook_url": self.stage.witness_url, "env_type": "sandbox"}
        await self._caller.post("/v1/webhooks/", wish)

    async def close(self) -> None:
        await self._caller.close()

    async def come(self, *scripts: Script) -> tuple[list[Story], "asyncio.Future[list[None]]"]:
        stories = [await self._people.arrive(script) for script in scripts]
        return stories, asyncio.gather(*(self._people.connect(story) for story in stories))

    async def until_holding(self, worker: Program) -> None:
        """Until that worker has sent a password and has not committed yet what came of it."""
        while True:
            line = await self.stage.portal_log.until(lambda line: line["event"] == "password_posted", seconds=30)
            assert line is not None
            worker.pause()
            left = await asyncio.to_thread(snapshot.take, self.stage.database)
            standing = left.tasks[line["task"]]
            if standing.status == "login" and standing.is_held_by(worker.pid):
                return
            worker.wake()


async def test_what_a_dead_or_sleeping_worker_held_is_finished_by_another(
    tmp_path: Path, postgres_url: str, tell: Tell
) -> None:
    """Both at once, since each waits for a lease to run out."""
    (tmp_path / "dead").mkdir()
    (tmp_path / "asleep").mkdir()
    with (
        _database(postgres_url, "dead") as dead,
        _database(postgres_url, "asleep") as asleep,
        Stage(tmp_path / "dead", dead) as one,
        Stage(tmp_path / "asleep", asleep) as other,
    ):
        seconds = await asyncio.gather(_dies(one), _sleeps(other))
    tell(f"a dead worker's tasks ended after {seconds[0]:.1f} s, a sleeping one's after {seconds[1]:.1f} s")
    assert max(seconds) < 2 * TAKEN_OVER_SECONDS


async def _dies(stage: Stage) -> float:
    """Returns after how many seconds its work was done by the other."""
    office = _Office(stage)
    await office.open()
    first = stage.add("worker")
    stories, ending = await office.come(*PLAIN, *ASKING)
    await office.until_holding(first)
    first.kill()
    killed_at = time.monotonic()
    stage.add("worker")
    await ending
    await office.close()
    assert [story.status for story in stories] == [story.script.ending for story in stories]
    return max(story.ended_at for story in stories) - killed_at


async def _sleeps(stage: Stage) -> float:
    """The same with a worker that wakes up when all is done: it must not write a byte."""
    office = _Office(stage)
    await office.open()
    first = stage.add("worker")
    stories, ending = await office.come(*PLAIN, *ASKING)
    await office.until_holding(first)
    paused_at = time.monotonic()
    stage.add("worker")
    await ending
    assert [story.status for story in stories] == [story.script.ending for story in stories]
    assert stage.database_url
    before = await _settled(stage.database_url)
    first.wake()
    await _until_awake(first)
    assert await asyncio.to_thread(_contents, stage.database_url) == before
    await office.close()
    return max(story.ended_at for story in stories) - paused_at


async def _until_awake(worker: Program) -> None:
    """It has worked on what it held and found its lease gone."""
    until = time.monotonic() + 30
    while b"lease_lost" not in worker.log.read_bytes():
        assert time.monotonic() < until and not worker.has_ended, worker.log.read_text()
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.5)


async def _settled(url: str) -> dict[str, str]:
    """The database's contents once nothing changes any more."""
    until, before = time.monotonic() + 60, {"": ""}
    while time.monotonic() < until:
        now = await asyncio.to_thread(_contents, url)
        if now == before and not (await asyncio.to_thread(snapshot.take, url)).owed:
            return now
        before = now
        await asyncio.sleep(1)
    raise AssertionError("the database does not come to rest")


@contextmanager
def _database(url: str, name: str) -> Iterator[str]:
    """Another empty database beside the one of `url`."""
    name = f"{name}_{uuid4().hex}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        yield url.rpartition("/")[0] + f"/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _contents(url: str) -> dict[str, str]:
    """A digest of every table."""
    with psycopg.connect(url, autocommit=True) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        return {name: str(connection.execute(_DIGEST.format(name).encode()).fetchone()) for (name,) in tables}


async def test_work_goes_on_after_postgres_has_crashed(tmp_path: Path, tell: Tell) -> None:
    with running_postgres() as postgres, Stage(tmp_path, postgres.url) as stage:
        office = _Office(stage)
        await office.open()
        worker = stage.add("worker")
        before, ending = await office.come(*PLAIN, *ASKING)
        await stage.portal_log.until(lambda line: line["event"] == "password_posted", seconds=30)
        await asyncio.to_thread(postgres.restart, at_once=True)
        back_at = time.monotonic()
        after, ending_after = await office.come(*PLAIN)
        await ending_after
        seconds = max(story.ended_at for story in after) - back_at
        await ending
        assert [story.status for story in before + after] == [story.script.ending for story in before + after]
        assert not worker.has_ended
        await office.close()
    tell(f"after a crash of PostgreSQL new tasks were done in {seconds:.1f} s")
    assert seconds < 2 * GOES_ON_SECONDS
