"""Installed as the image installs it and run as the image runs it: as nobody, with nothing to write on but the data."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.house.source import ROOT
from tests.stories.bank_file import OFX
from tests.stories.namespace import NoNamespace, namespace
from tests.stories.server import Program, environment

NOBODY = "65534"
AS_NOBODY = [
    *("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"),
    # this machine's Python may be in root's home: reading is not what is tested
    *(
        "--inh-caps=-all,+dac_read_search",
        "--ambient-caps=-all,+dac_read_search",
        "--bounding-set=-all,+dac_read_search",
    ),
]
CONTAINERFILE = (ROOT / "Containerfile").read_text()


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of what is copied into the image, in an environment of its own; the dependencies are borrowed."""
    place = tmp_path_factory.mktemp("image")
    for line in re.findall(r"^COPY (?!--from)(.*) \S+$", CONTAINERFILE, re.MULTILINE):
        for name in line.split():
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, place / name)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    offline = ("--no-deps", "--no-index")
    subprocess.run(
        [*pip, "wheel", *offline, "--no-build-isolation", "--wheel-dir", "wheel", "."], cwd=place, check=True
    )
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place / "opt")], check=True)
    python = place / "opt" / "bin" / "python"
    (wheel,) = (place / "wheel").glob("*.whl")
    subprocess.run([*pip, "--python", str(python), "install", *offline, str(wheel)], check=True)
    found = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    )
    (Path(found.stdout.strip()) / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


@pytest.fixture
def data() -> Iterator[Path]:
    """Not in pytest's place, which is closed to nobody."""
    with tempfile.TemporaryDirectory(prefix="payproof-data-") as place:
        Path(place).chmod(0o755)
        yield Path(place)


@pytest.fixture
def locked(tmp_path: Path, data: Path) -> Iterator[list[str]]:
    """Where every disk is read-only but the data."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to become nobody")
    (tmp_path / "hosts").write_text("127.0.0.1 localhost\n")
    try:
        with namespace(tmp_path / "hosts") as inside:
            mount = [*inside, "mount"]
            owned = f"mode=700,uid={NOBODY},gid={NOBODY}"
            subprocess.run([*mount, "-t", "tmpfs", "-o", owned, "none", str(data)], check=True)
            for place in _disks():
                subprocess.run([*mount, "-o", "remount,bind,ro", place], check=True)
            yield [*inside, *AS_NOBODY, "env", "-i", "-C", "/", "PATH=/usr/bin:/bin", "HOME=/nowhere"]
    except NoNamespace as refused:
        pytest.skip(f"this machine makes no namespace, so a read-only root is not tried: {refused}")


def _disks() -> list[str]:
    """Where files are kept, as opposed to devices and what the kernel shows."""
    mounts = [line.split() for line in Path("/proc/self/mounts").read_text().splitlines()]
    kept = [place for _, place, *_ in mounts if not place.startswith(("/proc", "/sys", "/dev"))]
    return sorted(set(kept), key=len)


def test_nothing_can_be_written_in_there(locked: list[str], installed: Path, data: Path) -> None:
    for place, is_refused in (
        (installed, True),
        (Path("/tmp/x"), True),
        (Path("/var/tmp/x"), True),
        (data / "x", False),
    ):
        tried = subprocess.run([*locked, "touch", str(place)], capture_output=True, check=False)
        assert (tried.returncode != 0) == is_refused, place


def test_dev_does_all_its_work_in_there(locked: list[str], installed: Path, data: Path) -> None:
    run = [*locked, str(installed), "-m", "payproof"]
    where = ["--data", str(data)]
    with closing(Program("dev", *where, "--port", "0", "--impersonate-port", "0", command=run)) as dev:
        connect = [*run, "connect", *where, "--json"]
        signed_in = _said([*connect, "--username", "goodlogin", "--password", "goodpassword"])
        assert signed_in["status"] == "done"
        writing = [*locked, "dd", f"of={data / 'bank.qfx'}", "status=none"]
        subprocess.run(writing, input=OFX, check=True)
        read = _said([*connect, "--file", str(data / "bank.qfx")])
        assert read["status"] == "done"
        assert _said([*run, "doctor", *where, "--json"])["ok"]
        dev.end()
        assert dev.process.returncode == 0


def test_the_image_serves_and_says_that_it_lives(locked: list[str], installed: Path, data: Path) -> None:
    """The command and the health check of the Containerfile, word for word."""
    (check,) = re.findall(r"^HEALTHCHECK .*? CMD (\[.*\])$", CONTAINERFILE, re.MULTILINE)
    command = re.findall(r"^CMD (\[.*\])$", CONTAINERFILE, re.MULTILINE)[-1]
    settings = [f"PAYPROOF_DATA={data}", "PAYPROOF_PORT=18000", f"PAYPROOF_MASTER_KEY={'A' * 43}="]
    checking = [*locked, *settings, str(installed), *json.loads(check)[1:]]
    assert subprocess.run(checking, capture_output=True, check=False).returncode == 1
    run = [*locked, *settings, str(installed), "-m", "payproof"]
    with closing(Program(*json.loads(command), command=run)) as server:
        assert subprocess.run(checking, capture_output=True, check=False).returncode == 0
        server.end(signal.SIGTERM)
        assert server.process.returncode == 0


def _said(command: list[str]) -> dict[str, object]:
    ended = subprocess.run(command, capture_output=True, text=True, env=environment(), check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    said: dict[str, object] = json.loads(ended.stdout)
    return said
