"""The pages say what the code does, and what an operator can set has an effect."""

import re
from pathlib import Path

import pytest
from msgspec.structs import fields

from payproof.config import Settings
from tests.house.generated import PAGES, stale
from tests.house.source import PACKAGE, ROOT


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


def test_every_page_is_written_by_one_function() -> None:
    assert len(set(PAGES.values())) == len(PAGES)


def _follow(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []
