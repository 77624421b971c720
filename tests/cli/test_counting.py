"""How far something long has come is told on one line of a terminal, which is empty again at the end."""

import io
import sys

import pytest

from payproof.cli.counting import Counting


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def told(screen: io.StringIO, monkeypatch: pytest.MonkeyPatch, *, is_silent: bool = False) -> str:
    monkeypatch.setattr(sys, "stderr", screen)
    with Counting(is_silent=is_silent) as heard:
        heard("checking", "task", 0)
        heard("restoring", "task", 12_000)
    return screen.getvalue()


def test_each_word_takes_the_place_of_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = told(Terminal(), monkeypatch).split("\r\x1b[K")
    assert lines == ["", "checking task", "restoring task: 12,000 rows", ""]


def test_programs_are_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(io.StringIO(), monkeypatch) == ""
    assert told(Terminal(), monkeypatch, is_silent=True) == ""
