"""The pages say what the code does, and what an operator can set has an effect."""

import re
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
import typer.main
from msgspec.structs import fields

from payproof.cli import app
from payproof.config import Settings
from tests.house.generated import PAGES, stale
from tests.house.source import PACKAGE, ROOT

COMMAND: Any = typer.main.get_command(app)
BY_HAND = [*sorted({page.relative_to(ROOT).as_posix() for page in ROOT.glob("docs/*.md")} - set(PAGES)), "README.md"]


def test_generated_pages_are_current() -> None:
    assert list(stale()) == []


@pytest.mark.parametrize("setting", [field.name for field in fields(Settings)])
def test_every_setting_has_an_effect(setting: str) -> None:
    reading = re.compile(rf"\bsettings\.{setting}\b")
    files = [path for room in ("app", "cli") for path in PACKAGE.glob(f"{room}*/**/*.py")]
    assert any(reading.search(path.read_text()) for path in [*files, *PACKAGE.glob("cli.py")])


@pytest.mark.parametrize("page", sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("docs/**/*.md")))
def test_links_between_pages_lead_somewhere(page: str) -> None:
    _follow(ROOT / page)


@pytest.mark.parametrize("page", ["README.md", "PLAN.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_links_of_the_first_pages_lead_somewhere(page: str) -> None:
    _follow(ROOT / page)


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    named = {name for page in pages for name in re.findall(r"`make ([a-z]+)", page.read_text())}
    assert named - targets == set()


@pytest.mark.parametrize("page", BY_HAND)
def test_every_command_line_that_is_shown_can_be_typed(page: str) -> None:
    text = (ROOT / page).read_text()
    blocks = "".join(re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    shown = [*re.findall(r"`(payproof [^`\n]+)`", text), *re.findall(r"^(payproof .+)$", blocks, re.MULTILINE)]
    assert [line for line in shown if not _can_be_typed(line.split()[1:])] == []


def test_every_page_is_written_by_one_function() -> None:
    assert len(set(PAGES.values())) == len(PAGES)


def _can_be_typed(words: list[str]) -> bool:
    """Whether the command and its options are there; what follows `&`, `>` and the like is the shell's."""
    command, options = COMMAND, _options(COMMAND)
    line = list(takewhile(lambda word: word not in ("#", "&", "|", ">", "&&", ";"), words))
    while line and line[0] in getattr(command, "commands", {}):
        command = command.commands[line.pop(0)]
        options |= _options(command)
    given = {word.partition("=")[0] for word in line if word.startswith("--")}
    return given <= options and (command is not COMMAND or bool(given))


def _options(command: Any) -> set[str]:
    return {"--help"} | {name for param in command.params for name in (*param.opts, *param.secondary_opts)}


def _follow(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []
