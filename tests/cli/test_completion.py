"""Completion is asked of the shells themselves, where they are installed; bash is everywhere."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner

from payproof.cli import app
from payproof.cli.completion import Shell, script
from tests.house.commands import walk

COMMAND = typer.main.get_command(app)


@pytest.mark.parametrize(
    ("typed", "begun", "offered"),
    [
        ("payproof", "we", ["webhook"]),
        ("payproof", "do", ["doctor"]),
        ("payproof webhook", "l", ["list", "listen"]),
        ("payproof --json webhook", "l", ["list", "listen"]),
        ("payproof key create", "--env", ["--environment", "--env"]),
        ("payproof key create --data dev", "--env", ["--environment", "--env"]),
        ("payproof dev --port 0", "--imp", ["--impersonate", "--impersonate-port"]),
        ("payproof dev", "nothing", []),
    ],
)
def test_bash_offers_what_may_follow(typed: str, begun: str, offered: list[str]) -> None:
    asking = f"""{script(COMMAND, Shell.BASH)}
COMP_WORDS=({typed} "$1")
COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_payproof
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    told = subprocess.run(["bash", "-uc", asking, "bash", begun], capture_output=True, text=True, check=True)
    assert told.stdout.split() == offered


@pytest.mark.parametrize("shell", Shell)
def test_every_command_and_option_is_in_it(shell: Shell) -> None:
    text = script(COMMAND, shell)
    for path, command in walk("payproof", COMMAND):
        assert f'"{path.removeprefix("payproof ")}"' in text
        for param in command.params:
            for option in param.opts if param.param_type_name == "option" else ():
                assert f"-l {option.removeprefix('--')} " in text if shell is Shell.FISH else option in text


@pytest.mark.parametrize(("shell", "checking"), [("bash", "-n"), ("zsh", "-n"), ("fish", "--no-execute")])
def test_shells_can_read_it(shell: str, checking: str, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed here")
    path = tmp_path / "script"
    path.write_text(script(COMMAND, Shell(shell)))
    subprocess.run([shell, checking, str(path)], check=True)


def test_fish_offers_what_may_follow(tmp_path: Path) -> None:
    if shutil.which("fish") is None:
        pytest.skip("fish is not installed here")
    path = tmp_path / "payproof.fish"
    path.write_text(script(COMMAND, Shell.FISH))

    def offered(line: str) -> list[str]:
        told = subprocess.run(
            ["fish", "--no-config", "-c", f"source {path}; complete -C '{line}'"],
            env={**os.environ, "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        )
        return [entry.partition("\t")[0] for entry in told.stdout.splitlines()]

    assert offered("payproof we") == ["webhook"]
    assert offered("payproof webhook l") == ["list", "listen"]
    assert offered("payproof dev --imp") == ["--impersonate", "--impersonate-port"]


def test_zsh_offers_what_may_follow(tmp_path: Path) -> None:
    if shutil.which("zsh") is None:
        pytest.skip("zsh is not installed here")
    path = tmp_path / "_payproof"
    path.write_text(script(COMMAND, Shell.ZSH))

    def offered(*typed: str) -> list[str]:
        """What the function adds; `compadd` and `_files` are zsh's own and only work while somebody types."""
        asking = 'compadd() { shift; print -l -- "$@" }; compdef() { : }; _files() { print FILES }; source $1; shift'
        asking += "; words=(payproof $@ ''); CURRENT=$#words; _payproof"
        told = subprocess.run(
            ["zsh", "-f", "-c", asking, "zsh", path, *typed], capture_output=True, text=True, check=True
        )
        return told.stdout.split()

    assert {"dev", "webhook", "--version"} <= set(offered())
    assert "FILES" not in offered()
    assert offered("webhook")[:3] == ["create", "list", "delete"]
    assert {"--impersonate", "--port", "FILES"} <= set(offered("dev", "--port", "0"))


@pytest.mark.parametrize(
    ("shell", "place"),
    [
        ("bash", ".local/share/bash-completion/completions/payproof"),
        ("zsh", ".local/share/zsh/site-functions/_payproof"),
        ("fish", ".config/fish/completions/payproof.fish"),
    ],
)
def test_it_is_put_where_the_shell_looks_and_nothing_else_is_touched(shell: str, place: str, tmp_path: Path) -> None:
    (tmp_path / ".bashrc").write_text("mine")
    told = CliRunner().invoke(app, ["--install-completion", shell], env=_home(tmp_path))
    assert told.exit_code == 0
    assert told.stdout.strip() == str(tmp_path / place)
    assert ("fpath" in told.stderr) == (shell == "zsh")
    shown = CliRunner().invoke(app, ["--show-completion", shell])
    assert (tmp_path / place).read_text() == shown.stdout
    assert (tmp_path / ".bashrc").read_text() == "mine"


def test_no_shell_is_guessed() -> None:
    assert CliRunner().invoke(app, ["--show-completion"]).exit_code == 2
    assert CliRunner().invoke(app, ["--show-completion", "tcsh"]).exit_code == 2


def _home(place: Path) -> dict[str, str | None]:
    return {"HOME": str(place), "XDG_DATA_HOME": None, "XDG_CONFIG_HOME": None}
