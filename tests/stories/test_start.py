"""How a server is started: ports, keys, settings, and what it says of itself."""

import base64
import json
import socket
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from payproof.cli.remembered import recall
from payproof.cli.welcome import first_task
from payproof.testing.client import Client
from payproof.testing.receiver import Receiver
from tests.stories.server import Dev, NotStarted, Program, payproof, running

READY_CPU_SECONDS = 1.5


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_keys_and_port_stay_between_starts(data: Path) -> None:
    with running(data, "--port", "0") as first:
        assert (data / "dev.json").stat().st_mode & 0o777 == 0o600
        first.end()
    with running(data) as second:
        assert dict(second.said) == dict(first.said)


def test_the_environment_says_the_same_as_the_options(data: Path) -> None:
    keys = {"PAYPROOF_CLIENT_ID": "me", "PAYPROOF_SECRET": "dev-" + "3" * 40}
    with closing(Program("dev", PAYPROOF_DATA=str(data), PAYPROOF_PORT="0", **keys)) as dev:
        assert (dev.said["client_id"], dev.said["secret"]) == tuple(keys.values())
        listed = payproof("user", "list", "--json", PAYPROOF_BASE_URL=dev.url, **keys)
        assert json.loads(listed.stdout)["count"] == 0
        by_port = payproof("user", "list", "--json", PAYPROOF_PORT=str(dev.said["port"]), **keys)
        assert json.loads(by_port.stdout)["count"] == 0


def test_another_seed_needs_other_data(data: Path) -> None:
    with running(data, "--port", "0", "--seed", "one") as dev:
        dev.end()
    with pytest.raises(NotStarted, match="made with --seed one: add --fresh"):
        Dev(data, "--seed", "two")
    with running(data, "--seed", "two", "--fresh") as dev:
        assert dev.said["seed"] == "two"


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


def _free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])
