"""What becomes of a server that is stopped, killed, started again or started twice."""

import asyncio
import base64
import json
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from payproof.testing.client import Client
from payproof.testing.receiver import Receiver
from tests.stories.bank_file import OFX
from tests.stories.server import Dev, NotStarted, Program, environment, payproof, running

READY_CPU_SECONDS = 1.5
END_SECONDS = 2.0


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_keys_and_port_stay_between_starts(data: Path) -> None:
    with running(data, "--port", "0") as first:
        assert (data / "dev.json").stat().st_mode & 0o777 == 0o600
        first.end()
    with running(data) as second:
        assert dict(second.said) == dict(first.said)


def test_ready_within_its_budget(data: Path) -> None:
    with running(data, "--port", "0") as dev:
        fields = Path(f"/proc/{dev.process.pid}/stat").read_text().rpartition(")")[2].split()
        spent = (int(fields[11]) + int(fields[12])) / 100
        print(f"ready: {dev.ready_seconds:.2f} s wall, {spent:.2f} s CPU")  # noqa: T201
    assert spent < 2 * READY_CPU_SECONDS


def test_a_busy_port_is_one_line_with_its_cure(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(NotStarted) as told:
            Dev(data, "--port", str(port))
    assert (
        str(told.value) == f"payproof: port {port} is in use: stop what listens there, or choose another with --port\n"
    )


def test_a_second_server_on_the_same_data_is_told_so(data: Path) -> None:
    with running(data, "--port", "0"), pytest.raises(NotStarted) as told:
        Dev(data, "--port", _free_port())
    assert "is in use by another payproof process" in str(told.value)
    assert str(told.value).count("\n") == 1


async def test_sigterm_ends_open_event_streams(data: Path) -> None:
    with running(data, "--port", "0") as dev:
        async with Client(dev.url, dev.client_id, dev.secret) as client, await client.open_widget() as widget:
            asked = await widget.until_asked(await widget.sign_in("goodlogin", "mfa"))
            following = asyncio.create_task(widget.until(asked))
            await asyncio.sleep(0.3)
            took = await asyncio.to_thread(dev.end)
            following.cancel()
        print(f"ended after {took:.2f} s")  # noqa: T201
        assert dev.process.returncode == 0
        assert took < 2 * END_SECONDS


async def test_a_task_goes_on_after_kill_9_and_restart(data: Path) -> None:
    with running(data, "--port", "0") as dev:
        async with Client(dev.url, dev.client_id, dev.secret) as client, await client.open_widget() as widget:
            asked = await widget.until_asked(await widget.sign_in("goodlogin", "mfa"))
            dev.end(signal.SIGKILL)
            with running(data):
                await widget.answer(asked, answer="12345")
                assert (await widget.until(asked))["status"] == "done"


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


def test_nothing_of_ours_outlives_a_kill(data: Path, tmp_path: Path) -> None:
    (tmp_path / "bank.qfx").write_bytes(OFX)
    with running(data, "--port", "0") as dev:
        assert dev.run("connect", "--file", str(tmp_path / "bank.qfx")).code == 0
        ours = _descendants(dev.process.pid)
        assert ours, "files are read in another process"
        dev.end(signal.SIGKILL)
        give_up = time.monotonic() + 20
        while (left := [pid for pid in ours if _is_alive(pid)]) and time.monotonic() < give_up:
            time.sleep(0.05)
        assert left == []


async def test_fresh_forgets_the_data_and_keeps_the_keys(data: Path) -> None:
    with running(data, "--port", "0") as dev:
        async with Client(dev.url, dev.client_id, dev.secret) as client:
            user = await client.new_user()
        dev.end()
    with running(data, "--fresh") as again:
        assert dict(again.said) == dict(dev.said)
        async with Client(again.url, again.client_id, again.secret) as client:
            assert (await client.call("GET", f"/v1/users/{user}/")).status == 404


async def test_a_named_webhook_is_registered_once(data: Path) -> None:
    secret = "sandbox-" + "7" * 40
    async with Receiver(secret) as receiver:
        given = ("--client-id", "me", "--secret", secret, "--webhook", receiver.url)
        with running(data, "--port", "0", *given) as dev:
            dev.end()
        with running(data, *given) as dev:
            async with Client(dev.url, "me", secret) as client:
                hooks = (await client.get("/v1/webhooks/"))["results"]
                async with await client.open_widget() as widget:
                    await widget.until(await widget.sign_in("goodlogin", "goodpassword"))
                heard = await receiver.until(lambda heard: any(one.payload.get("status") == "done" for one in heard))
    assert [one["webhook_url"] for one in hooks] == [receiver.url]
    assert all(one.is_signed for one in heard)


def test_the_printed_lines_work_as_printed(data: Path) -> None:
    from payproof.cli.remembered import recall
    from payproof.cli.welcome import first_task

    with running(data, "--port", "0"):
        left = recall(data)
        assert left is not None
        done = subprocess.run(["sh"], input=first_task(left), capture_output=True, text=True, timeout=60, check=True)
    final, both = done.stdout.splitlines()
    assert '"status":"done"' in final
    assert '"product_type":"income"' in both
    assert '"employments":[' in both


def test_the_store_is_not_opened_beside_a_server(data: Path) -> None:
    with running(data, "--port", "0") as dev:
        for command in (("migrate",), ("key", "list"), ("key", "create")):
            refused = dev.run(*command)
            assert refused.code == 1
            assert "stop that process first" in refused.stderr
            assert refused.stderr.count("\n") == 1
        dev.end()
        assert dev.run("migrate").code == 0
        assert dev.client_id in dev.run("key", "list").stdout


def test_a_client_made_on_the_command_line_is_served_with_a_world_elsewhere(data: Path, tmp_path: Path) -> None:
    key = base64.b64encode(bytes(32)).decode()
    made = payproof("key", "create", "--data", str(data), "--json", PAYPROOF_MASTER_KEY=key)
    keys = json.loads(made.stdout)
    with closing(Program("world", "--port", "0", "--data", str(tmp_path / "world"))) as world:
        serving = ("serve", "--port", "0", "--data", str(data), "--world-url", str(world.said["url"]))
        with closing(Program(*serving, PAYPROOF_MASTER_KEY=key)) as server:
            connected = payproof(
                *("connect", "--url", server.url, "--client-id", keys["client_id"], "--secret", keys["secret"]),
                *("--username", "goodlogin", "--password", "goodpassword", "--json"),
            )
            assert connected.code == 0, connected.stderr
            server.end()
        world.end()
        assert (server.process.returncode, world.process.returncode) == (0, 0)


def _descendants(pid: int) -> list[int]:
    """The children of a process, and theirs."""
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(word) for thread in threads for word in thread.read_text().split()]
    return children + [inner for child in children for inner in _descendants(child)]


def _is_alive(pid: int) -> bool:
    """A zombie that nobody has collected yet holds nothing."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])
