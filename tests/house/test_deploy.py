"""What the Containerfile and the units name exists: files, commands, settings; and they keep the rules of the house."""

import re
import shutil
import subprocess
import sys
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest
import typer.main
from msgspec.structs import fields

from payproof.cli import app
from payproof.config import Settings, variable
from tests.house.commands import walk
from tests.house.source import ROOT

COMMANDS = {path.removeprefix("payproof ") for path, _ in walk("payproof", typer.main.get_command(app))}
SETTINGS = {variable(field.name) for field in fields(Settings)}
CONTAINERFILE = (ROOT / "Containerfile").read_text()
UNITS = ["payproof.service", "payproof-worker@.service"]
OF_THEIR_OWN = {"Description", "ExecStart", "Environment", "StateDirectory", "WorkingDirectory"}
"""In which the two units may differ."""


def _steps(keyword: str) -> list[str]:
    """The arguments of each instruction, continued lines joined."""
    joined = CONTAINERFILE.replace("\\\n", " ")
    return [" ".join(words.split()) for words in re.findall(rf"^{keyword} (.*)$", joined, re.MULTILINE)]


def _unit(name: str) -> dict[str, list[str]]:
    read: dict[str, list[str]] = defaultdict(list)
    for line in (ROOT / "deploy" / name).read_text().splitlines():
        if line and line[0] not in "#[":
            key, _, value = line.partition("=")
            read[key].append(value)
    return read


def test_everything_copied_exists_and_is_let_through() -> None:
    copied = [source for step in _steps("COPY") if "--from" not in step for source in step.split()[:-1]]
    assert [source for source in copied if not (ROOT / source).exists()] == []
    ignored = (ROOT / ".containerignore").read_text()
    assert ignored.startswith("*\n")
    assert set(re.findall(r"^!(.*)$", ignored, re.MULTILINE)) == set(copied)
    assert (ROOT / ".dockerignore").read_text() == ignored


def test_the_images_are_official_slim_and_new_enough() -> None:
    stages = [step.rpartition(" AS ")[2] for step in _steps("FROM")]
    (image,) = {step.split()[0] for step in _steps("FROM")} - set(stages)
    found = re.fullmatch(r"docker\.io/library/python:(\d+)\.(\d+)-slim", image)
    assert found
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert tuple(map(int, found.groups())) >= tuple(map(int, wanted.removeprefix(">=").split(".")))


def test_nothing_is_installed_without_a_hash_or_from_an_index() -> None:
    installs = [part for step in _steps("RUN") for part in step.split("&&") if "pip install" in part]
    assert len(installs) == 3
    assert [one for one in installs if "--require-hashes" not in one and "--no-index" not in one] == []


def test_it_runs_as_nobody_in_particular_and_writes_to_its_volume_only() -> None:
    user, _, _ = _steps("USER")[-1].partition(":")
    assert int(user) > 1000
    assert _steps("VOLUME") == ["/data"]
    assert "PAYPROOF_DATA=/data" in _steps("ENV")[0]


def test_the_container_runs_a_command_that_exists() -> None:
    assert _steps("ENTRYPOINT") == ['["payproof"]']
    commands = [re.findall(r'"([^"]+)"', step) for step in _steps("CMD")]
    assert commands == [["dev"], ["serve"]], "what is built without a --target is the last"
    assert {"dev", "serve"} <= COMMANDS


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_starts_a_command_that_exists(unit: str) -> None:
    (line,) = _unit(unit)["ExecStart"]
    assert line.partition(" ")[2] in COMMANDS


def test_every_setting_that_is_named_is_one() -> None:
    texts = [CONTAINERFILE, *((ROOT / "deploy" / name).read_text() for name in UNITS)]
    named = {name for text in texts for name in re.findall(r"PAYPROOF_[A-Z_]+", text)}
    assert named - SETTINGS == set()


@pytest.mark.parametrize("unit", UNITS)
def test_the_master_key_is_handed_over_and_named(unit: str) -> None:
    read = _unit(unit)
    (credential,) = read["LoadCredential"]
    assert f"PAYPROOF_MASTER_KEY_FILE=%d/{credential.partition(':')[0]}" in read["Environment"]
    assert f"PAYPROOF_DATA=%S/{read['StateDirectory'][0]}" in read["Environment"]


def test_both_units_are_locked_up_alike() -> None:
    server, worker = map(_unit, UNITS)
    assert {key for key in server | worker if server.get(key) != worker.get(key)} - OF_THEIR_OWN == set()
    assert server["ProtectSystem"] == ["strict"]
    assert server["DynamicUser"] == ["yes"]


@pytest.mark.parametrize("unit", UNITS)
def test_systemd_understands_it(unit: str, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed here")
    text = (ROOT / "deploy" / unit).read_text()
    here = Path(sys.executable)
    (tmp_path / unit).write_text(text.replace("/opt/payproof/bin/payproof", f"{here} -m payproof"))
    told = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / unit)], capture_output=True, text=True, check=False
    )
    assert (told.returncode, told.stderr) == (0, "")
