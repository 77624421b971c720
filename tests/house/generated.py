"""Pages that are written from the code, so that they cannot disagree with it.

`python -m tests.house.generated` writes them; with `--check` it only says which are out of date.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import inspect
from msgspec.structs import fields

from payproof.config import PROFILES, Settings, accepted, variable
from payproof.contract.openapi import bridge_document, truv_document
from payproof.model.event import EventType
from payproof.model.task import ENDINGS, MOVES, TaskStatus
from tests.house.commands import command_lines

ROOT = Path(__file__).parents[2]


def settings_page() -> bytes:
    """One row for each setting."""
    rows = [_setting_row(field.name, field.default) for field in fields(Settings)]
    return _page(
        "Settings",
        "Read once at start. What is given on the command line wins. A value that cannot be used stops the start with"
        " one line that says why.",
        "| Variable | Default | Accepts | What it is for |",
        "|---|---|---|---|",
        *rows,
        "",
        "## Profiles",
        "",
        "A profile sets several of these at once; each of them may still be set by itself, and wins.",
        "",
        "| Profile | Sets |",
        "|---|---|",
        *(f"| `{name}` | {_listed_settings(chosen)} |" for name, chosen in PROFILES.items()),
    )


def _listed_settings(chosen: dict[str, object]) -> str:
    told = [f"`{variable(name)}={str(value).lower()}`" for name, value in chosen.items()]
    return ", ".join(told) or "nothing: the defaults above"


def statuses_page() -> bytes:
    """The lawful moves of a task, as a diagram and as a list."""
    moves = [(start, to) for start in TaskStatus for to in sorted(MOVES[start], key=list(TaskStatus).index)]
    going_on = [f"    {start} --> {to}" for start, to in moves if to not in ENDINGS or to is TaskStatus.DONE]
    return _page(
        "Statuses of a task",
        "A task starts as `new` and ends in one of ten statuses, from which it never moves again. Each move is one"
        " transaction with its event and the webhooks that announce it. The diagram shows the way to `done`; the table"
        " shows every lawful move.",
        "```mermaid",
        "stateDiagram-v2",
        "    [*] --> new",
        *going_on,
        "    done --> [*]",
        "```",
        "",
        "| From | To |",
        "|---|---|",
        *(f"| `{start}` | {_listed(to for begin, to in moves if begin is start)} |" for start in TaskStatus),
    )


def events_page() -> bytes:
    """The names of the events a webhook may subscribe to."""
    return _page(
        "Events",
        "What a webhook can be told. Without a choice it is told everything. How it comes: [webhooks.md](webhooks.md).",
        *(f"- `{event}`" for event in EventType),
    )


def commands_page() -> bytes:
    """Every command with its options."""
    return _page(
        "Commands",
        "What `payproof` can be told. `--json` may stand before or after a command. Commands end with 0; 1 where they"
        " could not do what was asked, with one line on stderr that says why; 2 where they were called in a wrong way.",
        *command_lines(),
    )


PAGES: dict[str, Callable[[], bytes]] = {
    "docs/settings.md": settings_page,
    "docs/statuses.md": statuses_page,
    "docs/events.md": events_page,
    "docs/commands.md": commands_page,
    "docs/openapi.json": truv_document,
    "docs/bridge-openapi.json": bridge_document,
}


def stale() -> Iterator[str]:
    """The pages that are not what the code says now."""
    for name, write in PAGES.items():
        path = ROOT / name
        if not path.exists() or path.read_bytes() != write():
            yield name


def _setting_row(name: str, default: object) -> str:
    kind = inspect.type_info({field.name: field.type for field in fields(Settings)}[name])
    assert isinstance(kind, inspect.Metadata)
    assert kind.extra_json_schema is not None
    shown = "" if default in (None, ()) else f"`{str(default).lower() if isinstance(default, bool) else default}`"
    return f"| `{variable(name)}` | {shown} | {accepted(name)} | {kind.extra_json_schema['description']} |"


def _listed(statuses: Iterator[TaskStatus]) -> str:
    return ", ".join(f"`{status}`" for status in statuses) or "nowhere: it has ended"


def _page(title: str, about: str, *lines: str) -> bytes:
    note = "<!-- Written by `make golden` from the code. -->"
    return "\n".join([f"# {title}", note, "", about, "", *lines, ""]).encode()


def main(arguments: list[str]) -> int:
    """Returns how many pages are out of date, after writing none."""
    outdated = list(stale())
    if "--check" in arguments:
        sys.stdout.writelines(f"{name} is out of date: make golden\n" for name in outdated)
        return len(outdated)
    for name in outdated:
        (ROOT / name).write_bytes(PAGES[name]())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
