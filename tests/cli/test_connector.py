"""A new connector's folder is one that loads, type-checks and says what it is."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from typer.testing import CliRunner

from payproof.cli import app
from payproof.kit.connector import Connector


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    told = CliRunner().invoke(app, ["connector", "new", "acme_payroll", "--into", str(tmp_path)])
    assert told.exit_code == 0, told.output
    return tmp_path / "acme_payroll"


def test_is_a_connector(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(folder.parent)
    connector: Connector = import_module("acme_payroll").connector
    assert connector.manifest.id == "acme_payroll"
    assert connector.manifest.name == "Acme Payroll"
    assert {path.name for path in folder.iterdir()} - {"__pycache__"} == {
        "__init__.py", "visit.py", "read.py", "NOTES.md",
    }  # fmt: skip


def test_is_clean(folder: Path) -> None:
    config = Path(__file__).parents[2] / "pyproject.toml"
    for options in (["check", "--config", str(config)], ["format", "--check", "--config", str(config)]):
        told = subprocess.run([sys.executable, "-m", "ruff", *options, str(folder)], capture_output=True, text=True)
        assert told.returncode == 0, told.stdout


def test_is_typed(folder: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(folder.parent / "cache"), "-p", "acme_payroll"],
        cwd=folder.parent, capture_output=True, text=True,
    )  # fmt: skip
    assert told.returncode == 0, told.stdout


@pytest.mark.parametrize("name", ["Acme", "acme-payroll", "../acme", "1st", "acme__x"])
def test_refuses_what_is_no_name(tmp_path: Path, name: str) -> None:
    told = CliRunner().invoke(app, ["connector", "new", name, "--into", str(tmp_path)])
    assert (told.exit_code, list(tmp_path.iterdir())) == (2, [])


def test_leaves_alone_what_is_there(folder: Path) -> None:
    told = CliRunner().invoke(app, ["connector", "new", folder.name, "--into", str(folder.parent)])
    assert told.exit_code == 1
    assert "there already" in told.stderr
