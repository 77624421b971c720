"""Clients whose host cannot be set: they reach us under Truv's own names, over TLS, and trust us for nothing else."""

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.stories.examined import examined, problems
from tests.stories.server import NotStarted, Program, payproof

LINE = "127.0.0.1 prod.truv.com cdn.truv.com my.truv.com"
NAMES = {"prod.truv.com", "cdn.truv.com", "my.truv.com"}


@pytest.fixture(scope="module")
def posing(inside: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    data = str(tmp_path_factory.mktemp("data"))
    with closing(Program("dev", "--data", data, "--port", "0", "--impersonate", inside=inside)) as dev:
        yield dev


@pytest.fixture
def patched(posing: Program, hosts: Path) -> Iterator[str]:
    """The printed line stands in the hosts file; gives what stood there before."""
    before = hosts.read_text()
    hosts.write_text(f"{before}{posing.said['impersonate']['hosts_line']}\n")
    yield before
    hosts.write_text(before)


def curl(inside: Sequence[str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [*inside, "curl", "--silent", "--show-error", "--max-time", "30", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _keys(dev: Program) -> list[str]:
    given = {"X-Access-Client-Id": dev.said["client_id"], "X-Access-Secret": dev.said["secret"]}
    return [part for name, value in given.items() for part in ("-H", f"{name}: {value}")]


@pytest.mark.usefixtures("patched")
def test_a_client_that_knows_only_prod_truv_com_is_answered(posing: Program, inside: list[str]) -> None:
    trusting = ("--cacert", posing.said["impersonate"]["ca"])
    assert (
        json.loads(curl(inside, *trusting, *_keys(posing), "https://prod.truv.com/v1/tasks/").stdout)["results"] == []
    )
    for number in (1, 2):
        body = json.dumps({"external_user_id": f"{number}", "first_name": "Ada", "last_name": "Lee"})
        sending = ("-H", "Content-Type: application/json;charset=UTF-8", "--data", body)
        made = curl(inside, *trusting, *_keys(posing), *sending, "https://prod.truv.com/v1/users/")
        assert "id" in json.loads(made.stdout), made
    page = json.loads(curl(inside, *trusting, *_keys(posing), "https://prod.truv.com/v1/users/?page_size=1").stdout)
    assert page["next"] == "https://prod.truv.com/v1/users/?page_size=1&page=2"
    followed = json.loads(curl(inside, *trusting, *_keys(posing), page["next"]).stdout)
    assert followed["previous"] == "https://prod.truv.com/v1/users/?page_size=1"


@pytest.mark.usefixtures("patched")
@pytest.mark.parametrize("name", ["cdn.truv.com", "my.truv.com"])
def test_the_other_hosts_are_answered_in_the_right_shape(posing: Program, inside: list[str], name: str) -> None:
    trusting = ("--cacert", posing.said["impersonate"]["ca"])
    assert json.loads(curl(inside, *trusting, f"https://{name}/nothing.js").stdout) == {"detail": "Not Found."}
    assert json.loads(curl(inside, *trusting, f"https://{name}/healthz").stdout) == {"status": "ok"}


@pytest.mark.usefixtures("patched")
def test_python_believes_the_printed_environment(posing: Program, inside: list[str]) -> None:
    asking = "import urllib.request as r; print(r.urlopen('https://prod.truv.com/healthz', timeout=30).read().decode())"
    told = subprocess.run(
        [*inside, "env", *(f"{name}={path}" for name, path in posing.said["impersonate"]["environment"].items()),
         "python3", "-c", asking],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.stdout == '{"status":"ok"}\n', told.stderr


@pytest.mark.usefixtures("patched")
def test_who_does_not_trust_the_authority_is_not_deceived(inside: list[str]) -> None:
    refused = curl(inside, "https://prod.truv.com/healthz")
    assert (refused.returncode, refused.stdout) == (60, "")


def test_without_a_hosts_entry_the_names_are_still_answered_on_the_port(tmp_path: Path) -> None:
    """What needs neither root nor a namespace."""
    data = str(tmp_path / "data")
    with closing(Program("dev", "--data", data, "--port", "0", "--impersonate-port", "0")) as dev:
        told: dict[str, Any] = dev.said["impersonate"]
        origin = f"https://prod.truv.com:{told['port']}"
        to_us = ("--resolve", f"prod.truv.com:{told['port']}:127.0.0.1", "--cacert", told["ca"])
        described = json.loads(curl((), *to_us, f"{origin}/").stdout)
        assert described["openapi"] == f"{origin}/openapi.json"
        assert dev.end() >= 0
        assert dev.process.returncode == 0


def test_a_port_kept_for_root_is_one_line_with_its_cures(inside: list[str], tmp_path: Path) -> None:
    unprivileged = [*inside, "setpriv", "--bounding-set=-net_bind_service", "--inh-caps=-net_bind_service"]
    with pytest.raises(NotStarted) as told:
        Program("dev", "--data", str(tmp_path / "data"), "--port", "0", "--impersonate", inside=unprivileged)
    assert str(told.value).startswith("payproof: port 443 is kept for root: allow it once with `sudo sysctl")
    assert "--impersonate-port" in str(told.value)
    assert str(told.value).count("\n") == 1


def test_only_dev_poses(tmp_path: Path) -> None:
    assert payproof("serve", "--impersonate", "--data", str(tmp_path)).code == 2


@pytest.mark.usefixtures("patched")
def test_each_name_is_proven(posing: Program, inside: list[str]) -> None:
    found = examined("--impersonate", *_data(posing), inside=inside)
    assert problems(found) == set()
    assert set(found) == NAMES | {"authority"}


def test_without_the_line_it_says_which_one(posing: Program, inside: list[str], hosts: Path, patched: str) -> None:
    hosts.write_text(patched)
    found = examined("--impersonate", *_data(posing), inside=inside)
    assert problems(found) == NAMES
    assert {found[name]["cure"] for name in NAMES} == {f"add this line to /etc/hosts: {LINE}"}


def test_a_name_that_leads_out_into_the_world(posing: Program, inside: list[str], hosts: Path, patched: str) -> None:
    hosts.write_text(f"{patched}{LINE.replace('my.truv.com', '')}\n93.184.216.34 my.truv.com\n")
    found = examined("--impersonate", *_data(posing), inside=inside)
    assert problems(found) == {"my.truv.com"}
    assert "leads to 93.184.216.34, not to this machine" in found["my.truv.com"]["found"]


@pytest.mark.usefixtures("patched")
def test_nobody_on_the_port(posing: Program, inside: list[str]) -> None:
    found = examined("--impersonate", "--impersonate-port", "4443", *_data(posing), inside=inside)
    assert problems(found) == NAMES
    assert "nothing listens on port 4443" in found["prod.truv.com"]["found"]


@pytest.mark.usefixtures("patched")
def test_another_authority(inside: list[str], tmp_path: Path) -> None:
    with closing(Program("dev", "--data", str(tmp_path), "--port", "0", "--impersonate-port", "0")):
        pass
    other = ("--ca", str(tmp_path / "impersonate" / "ca.pem"))
    found = examined("--impersonate", *other, inside=inside)
    assert problems(found) == NAMES


@pytest.mark.usefixtures("patched")
def test_no_authority(tmp_path: Path) -> None:
    assert problems(examined("--impersonate", "--data", str(tmp_path))) == {"authority"}
    (tmp_path / "ca.pem").write_text("none")
    assert problems(examined("--ca", str(tmp_path / "ca.pem"))) == {"authority"}


@pytest.mark.usefixtures("patched")
def test_what_does_not_speak_tls(posing: Program, inside: list[str]) -> None:
    port = str(posing.said["port"])
    found = examined("--impersonate", "--impersonate-port", port, *_data(posing), inside=inside)
    assert problems(found) == NAMES
    assert "stop what listens there" in found["prod.truv.com"]["cure"]


def _data(dev: Program) -> tuple[str, str]:
    return "--data", str(Path(dev.said["impersonate"]["ca"]).parents[1])
