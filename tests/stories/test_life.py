"""What becomes of a server, and of the work in hand, when it is stopped or killed and started again."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from payproof.testing.client import Client
from tests.stories.bank_file import OFX
from tests.stories.server import environment, running

END_SECONDS = 2.0


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


async def test_sigterm_ends_open_event_streams(data: Path) -> None:
    with running(data, "--port", "0") as dev:
        async with Client(dev.url, dev.client_id, dev.secret) as client, await client.open_widget() as widget:
            asked = await widget.until_asked(await widget.sign_in("goodlogin", "mfa"))
            async for news in widget.news():
                assert news["id"] == asked["id"]
                took = dev.end()
                break
        print(f"ended after {took:.2f} s")  # noqa: T201
        assert dev.process.returncode == 0
        assert took < 2 * END_SECONDS


@pytest.mark.kill
async def test_a_task_goes_on_after_kill_9_and_restart(data: Path) -> None:
    with running(data, "--port", "0") as dev:
        async with Client(dev.url, dev.client_id, dev.secret) as client, await client.open_widget() as widget:
            asked = await widget.until_asked(await widget.sign_in("goodlogin", "mfa"))
            dev.end(signal.SIGKILL)
            with running(data):
                await widget.answer(asked, answer="12345")
                assert (await widget.until(asked))["status"] == "done"


@pytest.mark.kill
def test_connect_follows_its_task_over_a_kill_and_a_restart(data: Path) -> None:
    with running(data, "--port", "0") as dev:
        command = [sys.executable, "-m", "payproof", "connect", "--data", str(data)]
        command += ["--username", "goodlogin", "--password", "longcheck"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment()) as connecting:
            assert connecting.stdout is not None
            assert "login" in (line := connecting.stdout.readline()) or "new" in line
            dev.end(signal.SIGKILL)
            with running(data):
                out, _ = connecting.communicate(timeout=120)
    assert connecting.returncode == 0, out
    assert "done" in out


@pytest.mark.kill
def test_nothing_of_ours_outlives_a_kill(data: Path, tmp_path: Path) -> None:
    (tmp_path / "bank.qfx").write_bytes(OFX)
    with running(data, "--port", "0") as dev:
        assert dev.run("connect", "--file", str(tmp_path / "bank.qfx")).code == 0
        ours = [os.pidfd_open(pid) for pid in _descendants(dev.process.pid)]
        assert ours, "files are read in another process"
        dev.end(signal.SIGKILL)
        for process in ours:
            assert select.select([process], [], [], 20)[0], "it goes when its server does"


async def test_fresh_forgets_the_data_and_keeps_the_keys(data: Path) -> None:
    with running(data, "--port", "0") as dev:
        async with Client(dev.url, dev.client_id, dev.secret) as client:
            user = await client.new_user()
        dev.end()
    with running(data, "--fresh") as again:
        assert dict(again.said) == dict(dev.said)
        async with Client(again.url, again.client_id, again.secret) as client:
            assert (await client.call("GET", f"/v1/users/{user}/")).status == 404


def _descendants(pid: int) -> list[int]:
    """The children of a process, and theirs."""
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(word) for thread in threads for word in thread.read_text().split()]
    return children + [inner for child in children for inner in _descendants(child)]
