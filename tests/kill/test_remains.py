"""After SIGKILL of any of our processes nothing of ours holds a port or a file, and no child lives on."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from tests.kill.caller import Caller
from tests.kill.person import Person, Story
from tests.kill.programs import descendants
from tests.kill.script import bank_file
from tests.kill.stage import Stage

pytestmark = pytest.mark.kill


async def _import(stage: Stage, account: int) -> Story:
    """Somebody hands over a bank file; afterwards the server has a reader of documents as its child."""
    caller = Caller(stage.url)
    people = Person(caller)
    story = await people.arrive(bank_file(account))
    await people.connect(story)
    await caller.close()
    return story


async def test_a_killed_server_takes_its_reader_of_documents_along(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        stage.start_server()
        assert (await _import(stage, 7001)).status == "done"
        assert descendants(stage.server.pid)
        stage.kill_server()
        stage.start_server()
        assert (await _import(stage, 7002)).status == "done"


async def test_a_killed_reader_of_documents_is_replaced(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        stage.start_server()
        await _import(stage, 7001)
        for child in descendants(stage.server.pid):
            os.kill(child, signal.SIGKILL)
        assert (await _import(stage, 7002)).status == "done"
        stage.kill_server()


async def test_a_killed_worker_takes_its_reader_of_documents_along(tmp_path: Path, postgres_database: str) -> None:
    with Stage(tmp_path, postgres_database) as stage:
        door = stage.add("serve --no-engine")
        await asyncio.to_thread(door.await_url, f"{stage.url}/readyz")
        worker = stage.add("worker")
        assert (await _import(stage, 7001)).status == "done"
        children = descendants(worker.pid)
        assert children
        worker.kill()
        await _until_gone(children)
        assert not door.has_ended


async def test_a_killed_world_gives_back_its_port_and_file(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        stage.world.kill()
        stage.world.start()
        stage.world.await_url(f"{stage.world_url}/payroll/sign-in")


async def _until_gone(pids: list[int]) -> None:
    for _ in range(400):
        if not [pid for pid in pids if _lives(pid)]:
            return
        await asyncio.sleep(0.005)
    raise AssertionError(f"{pids} live on")


def _lives(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
