"""The lines that docs/ci.md offers for a pipeline and docs/testing.md for a test, run as they stand there."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.house.source import ROOT
from tests.stories.server import Dev, environment


def test_the_lines_for_a_process_beside_the_tests_work(tmp_path: Path) -> None:
    (lines,) = re.findall(r"```sh\n(.*?)```", (ROOT / "docs" / "ci.md").read_text(), re.DOTALL)
    ended = _run(lines, tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["status"] == "done"
    assert not (tmp_path / "payproof-data").exists()


def test_they_end_where_the_server_does_not_start(tmp_path: Path) -> None:
    (lines,) = re.findall(r"```sh\n(.*?)```", (ROOT / "docs" / "ci.md").read_text(), re.DOTALL)
    ended = _run(lines.replace("--port 0", "--port 0 --seed"), tmp_path)
    assert ended.returncode != 0


def test_the_lines_of_a_test_without_pytest_work(dev: Dev, tmp_path: Path) -> None:
    (lines,) = re.findall(r"```sh\n(.*?)```", (ROOT / "docs" / "testing.md").read_text(), re.DOTALL)
    ended = _run(lines, tmp_path, PAYPROOF_BASE_URL=dev.url)
    assert ended.returncode == 0, ended.stderr
    clock, made, later, inbox = _objects(ended.stdout)
    assert (clock["now"], later["now"]) == ("2026-12-01T09:00:00Z", "2027-05-31T09:00:00Z")
    assert {"new", "done"} <= {json.loads(one["body"])["status"] for one in inbox["results"]}
    assert made["status"] == "done"


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """JSON objects, one right after the other."""
    while text.strip():
        found, end = json.JSONDecoder().raw_decode(text.strip())
        text = text.strip()[end:]
        yield found


@pytest.mark.parametrize("page", ["docs/ci.md", "docs/operating.md"])
def test_pages_name_targets_that_exist(page: str) -> None:
    stages = set(re.findall(r"^FROM .* AS (\S+)$", (ROOT / "Containerfile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:--target|target:) (\w+)", (ROOT / page).read_text())) <= stages


def _run(lines: str, place: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """In a shell that finds `payproof` and `python3`."""
    programs = place / "bin"
    programs.mkdir()
    (programs / "payproof").write_text(f'#!/bin/sh\nexec {sys.executable} -m payproof "$@"\n')
    (programs / "payproof").chmod(0o755)
    (programs / "python3").symlink_to(sys.executable)
    return subprocess.run(
        ["sh", "-e"],
        input=lines,
        cwd=place,
        env=environment(PATH=f"{programs}:{os.environ['PATH']}", **settings),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
