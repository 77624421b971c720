"""`payproof doctor` as it is typed: beside a running server, beside a broken one, and from where clients stand."""

import json
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from tests.net.site import always, answer, site
from tests.stories.examined import examined, problems
from tests.stories.server import Dev, Program, payproof


def test_a_running_dev_is_well(dev: Dev) -> None:
    found = examined("--data", str(dev.data))
    assert problems(found) == set()
    assert str(dev.process.pid) in found["owner"]["found"]
    assert {"server", "links", "webhooks", "port"} <= set(found)


def test_people_get_a_table_with_the_cure_below(tmp_path: Path) -> None:
    told = payproof("doctor", "--data", str(tmp_path))
    assert told.code == 1
    lines = told.stdout.splitlines()
    (at,) = [number for number, line in enumerate(lines) if line.startswith("PROBLEM")]
    assert "there is no master key" in lines[at]
    assert lines[at + 1].strip().startswith("→ make one")


def test_a_setting_that_cannot_be_read_is_a_finding_too() -> None:
    found = examined(PAYPROOF_PROT="8000")
    assert found["settings"]["found"] == "PAYPROOF_PROT is no setting; PAYPROOF_PORT is"


def test_a_webhook_that_was_switched_off(dev: Dev) -> None:
    keys = ("--client-id", "doctored", "--secret", "sandbox-" + "9" * 40)
    made = payproof("webhook", "create", "http://127.0.0.1:9/hook", "--url", dev.url, *keys, "--json")
    hook = json.loads(made.stdout)["id"]
    asked = ("--data", str(dev.data), "--url", dev.url, *keys)
    assert problems(examined(*asked)) == set()
    sent = ["-H", "X-Access-Client-Id: doctored", "-H", f"X-Access-Secret: {keys[3]}"]
    sent += ["-H", "Content-Type: application/json", "-X", "PATCH", "-d", '{"enabled":false}']
    subprocess.run(["curl", "-sf", *sent, f"{dev.url}/v1/webhooks/{hook}/"], check=True, stdout=subprocess.DEVNULL)
    found = examined(*asked)
    assert problems(found) == {"webhooks"}
    assert "http://127.0.0.1:9/hook" in found["webhooks"]["found"]
    cure = found["webhooks"]["cure"].partition("payproof ")[2].split()
    assert payproof(*cure, "--url", dev.url, *keys).code == 0
    assert problems(examined(*asked)) == set()


def test_keys_that_nobody_knows(dev: Dev) -> None:
    found = examined("--data", str(dev.data), "--url", dev.url, "--client-id", "x", "--secret", "guess")
    assert problems(found) == {"keys"}


def test_links_that_lead_elsewhere(tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    settings = {"PAYPROOF_BASE_URL": "https://verify.example"}
    with closing(Program("dev", "--data", data, "--port", "0", **settings)) as dev:
        url = f"http://127.0.0.1:{dev.said['port']}"
        found = examined("--data", data, "--url", url)
    assert problems(found) == {"links"}
    assert f"PAYPROOF_BASE_URL={url}" in found["links"]["cure"]


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (503, b'{"status":"store does not answer"}', "is not ready: store does not answer"),
        (404, b"<html>", "is no payproof: status 404"),
        (200, b"<html>", "is no payproof: status 200"),
    ],
)
async def test_a_server_that_is_not_as_it_should_be(tmp_path: Path, status: int, body: bytes, words: str) -> None:
    from payproof.app.diagnosis import Place, diagnose_server

    async with site(always(answer(status, body))) as there:
        found = await diagnose_server(Place(f"http://127.0.0.1:{there.port}"))
    (told,) = [one for one in found if not one.is_ok]
    assert (told.check, words in told.found) == ("server", True)


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    found = examined("--for", "dev", "--data", str(tmp_path), "--url", "http://127.0.0.1:9")
    assert problems(found) == {"server"}


def test_a_place_that_is_mounted_read_only(inside: list[str], tmp_path: Path) -> None:
    subprocess.run([*inside, "mount", "-t", "tmpfs", "-o", "ro,size=4g", "none", str(tmp_path)], check=True)
    found = examined("--for", "dev", "--data", str(tmp_path), inside=inside)
    assert problems(found) == {"data"}
    assert "Read-only file system" in found["data"]["found"]


def test_a_disk_that_is_almost_full(inside: list[str], tmp_path: Path) -> None:
    subprocess.run([*inside, "mount", "-t", "tmpfs", "-o", "size=4m", "none", str(tmp_path)], check=True)
    assert problems(examined("--for", "dev", "--data", str(tmp_path), inside=inside)) == {"disk"}
