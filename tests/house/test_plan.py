"""The import plan is obeyed because breaking it breaks the build: each kind of breach is planted and must be seen."""

import os
import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

from tests.house.source import PACKAGE, ROOT, names_used, sources

FREE = {"anyio", "msgspec", "structlog"}
"""Packages that any room may import. Every other one has its own contract in the plan."""

BREACHES = {
    "upwards": ("store.upwards", "from payproof.services import task", "Who may import services"),
    "past the table": ("reports.past", "from payproof.store import Store", "Who may import store"),
    "between doors": ("api.sideways", "import payproof.web", "Who may import web"),
    "between connectors": (
        "connectors.sandbox_payroll.curious",
        "import payproof.connectors.statement_file",
        "Connectors are strangers to each other",
    ),
    "outside package": ("services.calling", "import httpx2", "Who may import the HTTP client"),
    "outside driver": ("workflows.digging", "import sqlite3", "Who may import SQLite"),
    "unknown room": ("shed.__init__", "", "Imports only go down, and every room is on the plan"),
}
"""What is planted, what it imports, and the contract that must say so."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is said of a copy of the package in which every breach is planted."""
    folder = tmp_path_factory.mktemp("planted")
    shutil.copytree(PACKAGE, folder / "payproof", ignore=shutil.ignore_patterns("__pycache__"))
    for name, line, _ in BREACHES.values():
        planted = folder.joinpath("payproof", *name.split(".")).with_suffix(".py")
        planted.parent.mkdir(exist_ok=True)
        planted.write_text(f"{line}\n")
    return _lint(folder)


@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_of_the_plan_breaks_the_build(told: str, breach: str) -> None:
    name, _, contract = BREACHES[breach]
    assert f"{contract} BROKEN" in told
    assert f"payproof.{name.removesuffix('.__init__')}" in told.partition("Broken contracts")[2]


def test_the_table_in_the_plan_is_the_one_that_is_obeyed() -> None:
    assert _table() == _obeyed()


def test_every_outside_package_is_on_the_plan() -> None:
    used = {name.partition(".")[0] for source in sources() for name in names_used(source.tree)}
    outside = used - set(sys.stdlib_module_names) - {"payproof", "__future__"}
    protected = {module for _, modules, _ in _protected() for module in modules}
    assert outside - protected - FREE == set()


def _lint(folder: Path) -> str:
    linted = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache", ROOT / ".importlinter"],
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert linted.returncode == 1
    assert "Broken contracts" in linted.stdout, linted.stdout + linted.stderr
    return linted.stdout


def _table() -> dict[str, set[str]]:
    """Room to the rooms it may import, as PLAN.md says it."""
    rows = re.findall(r"^\| `(\w+)` \|[^|]*\| ([^|]*) \|$", (ROOT / "PLAN.md").read_text(), re.MULTILINE)
    rooms = [room for room, _ in rows]
    return {room: _rooms(words, rooms[rooms.index("app") + 1 :]) for room, words in rows if room in _existing()}


def _rooms(words: str, below_app: list[str]) -> set[str]:
    if words.startswith("everything"):
        return set(below_app)
    return set() if words == "nothing" else set(words.split(", "))


def _obeyed() -> dict[str, set[str]]:
    """The same, as the protected contracts say it: they list importers, so it is turned around."""
    may: dict[str, set[str]] = {room: set() for room in _existing()}
    for _, modules, importers in _protected():
        for module in modules:
            for importer in importers:
                if module.startswith("payproof."):
                    may[importer.removeprefix("payproof.")].add(module.removeprefix("payproof."))
    return may


def _protected() -> list[tuple[str, list[str], list[str]]]:
    plan = ConfigParser()
    plan.read(ROOT / ".importlinter")
    return [
        (plan[name]["name"], plan[name]["protected_modules"].split(), plan[name]["allowed_importers"].split())
        for name in plan.sections()
        if plan[name].get("type") == "protected"
    ]


def _existing() -> set[str]:
    return {path.stem for path in PACKAGE.iterdir() if not path.name.startswith("_") and path.name != "py.typed"}
