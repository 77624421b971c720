"""How far an attempt has come: a live display on a terminal, plain lines elsewhere, nothing where JSON is wanted."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer

from payproof.cli.reply import Ask, Blank
from payproof.contract.session import AttemptBody, ChallengeQuestion, FieldBody, FormQuestion, RedirectQuestion


class Progress:
    """Told of every change of an attempt; shows each status once."""

    def __init__(self, *, is_silent: bool) -> None:
        self._is_silent = is_silent
        self._live: Any = None
        self._now = asyncio.get_running_loop().time
        self._began = self._now()
        self._passed: list[tuple[str, float]] = []

    @property
    def ask(self) -> Ask | None:
        """The way to a person at the terminal; None where there is none."""
        return None if self._is_silent or not sys.stdin.isatty() else self._ask

    @contextmanager
    def shown(self) -> Iterator["Progress"]:
        """The live display lasts as long as the block."""
        if not self._is_silent and sys.stdout.isatty():
            from rich.live import Live

            self._live = Live(refresh_per_second=8, get_renderable=self._render)
        with self._live or _nothing():
            yield self

    def tell(self, attempt: AttemptBody) -> None:
        status = str(attempt.status)
        if self._is_silent or (self._passed and self._passed[-1][0] == status):
            return
        self._passed.append((status, self._now() - self._began))
        if self._live is None:
            typer.echo(f"{self._passed[-1][1]:5.1f} s  {status}")

    def _render(self) -> Any:
        from rich.spinner import Spinner
        from rich.table import Table

        rows = Table.grid(padding=(0, 2))
        for status, at in self._passed:
            rows.add_row(f"{at:5.1f} s", status)
        if self._live is not None and self._live.is_started:
            rows.add_row(f"{self._now() - self._began:5.1f} s", Spinner("dots"))
        return rows

    def _ask(self, blank: Blank) -> str:
        """The display steps aside for the question."""
        if self._live is not None:
            self._live.stop()
        typer.echo(blank.label + (f" ({blank.hint})" if blank.hint else ""))
        for number, option in enumerate(blank.options, start=1):
            typer.echo(f"  {number}. {option.label}" + (f"  {option.example}" if option.example else ""))
        default = None if blank.required else ""
        said: str = typer.prompt(blank.name, default=default, show_default=False, hide_input=blank.is_secret)
        if self._live is not None:
            self._live.start()
        return said


def question_in_words(attempt: AttemptBody) -> list[str]:
    """The question that waits, for a person."""
    match attempt.question:
        case ChallengeQuestion(label=label, hint=hint, options=options):
            return [label + (f" ({hint})" if hint else ""), *(f"  {one.value}  {one.label}" for one in options)]
        case FormQuestion(title=title, fields=fields):
            return [title or "Please say:", *(line for field in fields for line in _field_in_words(field))]
        case RedirectQuestion(url=url):
            return [f"Go on at {url}"]
    return []


def _field_in_words(field: FieldBody) -> list[str]:
    said = [f"  {field.name}: {field.label}" + (f" ({field.hint})" if field.hint else "")]
    return said + [f"    {one.value}  {one.label}  {one.example or ''}".rstrip() for one in field.options]


@contextmanager
def _nothing() -> Iterator[None]:
    yield
