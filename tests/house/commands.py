"""The page of commands, from what the command line says of itself."""

from collections.abc import Iterator
from typing import Any

import typer.main

from payproof.cli import app


def command_lines() -> Iterator[str]:
    """One section for each command, with its arguments and options."""
    for path, command in walk("payproof", typer.main.get_command(app)):
        yield from (f"## {path}", "", *_paragraphs(command.help), "")
        options = [param for param in command.params if param.name != "help"]
        if options:
            yield from ("| Option | Environment | What it is for |", "|---|---|---|")
            yield from (_row(param) for param in options)
            yield ""


def walk(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    commands = getattr(command, "commands", None)
    if commands is None:
        yield path, command
        return
    for name, inner in commands.items():
        yield from walk(f"{path} {name}", inner)


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


def _row(param: Any) -> str:
    names = [param.metavar] if param.param_type_name == "argument" else [*param.opts, *param.secondary_opts]
    shown = ", ".join(f"`{name}`" for name in names)
    help_text = (getattr(param, "help", None) or "").replace("|", "\\|")
    return f"| {shown} | {f'`{param.envvar}`' if param.envvar else ''} | {help_text} |"
