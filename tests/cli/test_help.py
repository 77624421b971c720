"""What the command line says of itself, and what that costs."""

import json
import resource
import subprocess
import sys

import pytest
import typer.main
from typer.testing import CliRunner

from payproof import __version__
from payproof.cli import app
from tests.house.commands import walk

HELP_CPU_SECONDS = 0.2
COMMANDS = dict(walk("payproof", typer.main.get_command(app)))


def test_help_within_its_budget() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "payproof", "--help"], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"payproof --help: {spent:.3f} s CPU")  # noqa: T201
    assert spent < 2 * HELP_CPU_SECONDS


def test_help_imports_nothing_heavy() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import sys, payproof.cli; print(*sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
    )
    loaded = {name.partition(".")[0] for name in told.stdout.split()}
    assert loaded & {"asyncio", "granian", "httpx2", "msgspec", "psycopg", "rich", "sqlite3", "starlette"} == set()


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_takes_json_and_says_what_it_does(path: str) -> None:
    told = CliRunner().invoke(app, [*path.split()[1:], "--help"], env={"COLUMNS": "200"})
    assert told.exit_code == 0
    assert "--json" in told.output
    assert COMMANDS[path].help


def test_all_commands_are_there() -> None:
    assert {path.removeprefix("payproof ") for path in COMMANDS} == {
        "dev", "serve", "worker", "world", "migrate", "backup", "restore", "doctor", "connect", "tail",
        "clock show", "clock freeze", "clock advance", "clock tick",
        "key create", "key list", "key deactivate", "master-key rotate", "directory import", "directory search",
        "user create", "user list", "user get", "user delete", "token create", "task get", "task list", "task watch",
        "link list", "link get", "link refresh", "link delete",
        "webhook create", "webhook list", "webhook delete", "webhook enable", "webhook disable", "webhook ping",
        "webhook requests", "webhook replay", "webhook listen", "listen", "connector new",
    }  # fmt: skip


@pytest.mark.parametrize("order", [["--version", "--json"], ["--json", "--version"]])
def test_version_for_programs(order: list[str]) -> None:
    assert json.loads(CliRunner().invoke(app, order).output) == {"version": __version__}


def test_version_for_people() -> None:
    assert CliRunner().invoke(app, ["--version"]).output == f"payproof {__version__}\n"
