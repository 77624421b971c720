"""What a reader may not do, and that it ends with a name whatever it tries."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from payproof.documents.isolated import (
    Crashed,
    Faulted,
    IsolationFailed,
    Limits,
    OutOfMemory,
    OutOfTime,
    TooLong,
    run_isolated,
)

ROOT = Path(__file__).parents[2]
CALL = "tests.documents.misbehaving:"


def run(name: str, body: bytes = b"", limits: Limits | None = None) -> bytes:
    return asyncio.run(run_isolated(CALL + name, body, limits or Limits(cpu_seconds=1)))


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The warm server gets our search path: with the tests on it, their readers can be named."""
    monkeypatch.setattr(sys, "path", [str(ROOT), *sys.path])
    from payproof.documents.isolated import _Server

    _Server.stop()


def test_a_reader_gets_the_bytes_and_gives_bytes() -> None:
    body = os.urandom(3 << 20)
    assert run("echo", body, Limits(output_bytes=4 << 20)) == body


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("crash", Crashed),
        ("fault", Faulted),
        ("spin", OutOfTime),
        ("allocate", OutOfMemory),
        ("chatter", TooLong),
        ("connect", Faulted),
        ("open_file", Faulted),
        ("run_program", Faulted),
        ("fork", Faulted),
    ],
)
def test_each_misbehaviour_has_a_typed_ending(name: str, ending: type[IsolationFailed]) -> None:
    with pytest.raises(ending):
        run(name)


def test_a_fault_names_its_class_and_nothing_of_the_file() -> None:
    with pytest.raises(Faulted, match=r"^ValueError$"):
        run("fault")


def test_the_clock_on_the_wall_ends_a_sleeper() -> None:
    with pytest.raises(OutOfTime):
        run("sleep", limits=Limits(wall_seconds=0.2))


def test_the_next_reading_works_after_a_bad_one() -> None:
    with pytest.raises(Crashed):
        run("crash")
    assert run("echo", b"fine") == b"fine"


def test_cancelling_kills_the_child_and_frees_its_place() -> None:
    async def scenario() -> bytes:
        tasks = [asyncio.create_task(run_isolated(CALL + "sleep", b"", Limits())) for _ in range(2)]
        await asyncio.sleep(0.5)
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(one, asyncio.CancelledError) for one in ended)
        return await run_isolated(CALL + "echo", b"next", Limits())

    assert asyncio.run(scenario()) == b"next"


def test_a_dead_server_is_started_again() -> None:
    from payproof.documents.isolated import _Server

    assert run("echo", b"one") == b"one"
    assert _Server._process is not None
    os.kill(_Server._process.pid, signal.SIGKILL)
    _Server._process.wait()
    assert run("echo", b"two") == b"two"


PARENT = """
import asyncio, sys
sys.path.insert(0, {root!r})
from payproof.documents.isolated import Limits, run_isolated, _Server

async def main():
    print((await run_isolated("tests.documents.misbehaving:identity", b"", Limits())).decode().split()[1], flush=True)
    sleeper = asyncio.create_task(run_isolated("tests.documents.misbehaving:sleep", b"", Limits(wall_seconds=60)))
    await asyncio.sleep(0.3)
    children = open(f"/proc/{{_Server._process.pid}}/task/{{_Server._process.pid}}/children").read().split()
    print(*children, flush=True)
    await sleeper

asyncio.run(main())
"""


def test_nothing_remains_when_the_parent_is_killed() -> None:
    command = [sys.executable, "-c", PARENT.format(root=str(ROOT))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as parent:
        assert parent.stdout is not None
        server = parent.stdout.readline().strip()
        children = parent.stdout.readline().split()
        assert children, "the sleeper should be at work"
        parent.kill()
    ends = time.monotonic() + 5
    while any(_lives(pid) for pid in [server, *children]) and time.monotonic() < ends:
        time.sleep(0.02)
    assert not any(_lives(pid) for pid in [server, *children])


def _lives(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except FileNotFoundError:
        return False
