"""The command line, called within this process."""

import os
import sys
from pathlib import Path

import pytest

from payproof.cli import app
from payproof.cli.ending import one_line
from tests.cli.running import Run, Told


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Calls the command line as `payproof` does, in an empty directory and without settings of our own."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("PAYPROOF_")]:
        monkeypatch.delenv(name)

    def call(*arguments: str) -> Told:
        monkeypatch.setattr(sys, "argv", ["payproof", *arguments])
        return Told(one_line(app), *capsys.readouterr())

    return call
