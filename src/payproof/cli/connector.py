"""A new connector's folder."""

import re
from pathlib import Path
from typing import Annotated

import typer

from payproof.cli.ending import MISUSED, Stop, guarded
from payproof.cli.option import Json, wants_json
from payproof.cli.showing import show

app = typer.Typer(name="connector", help="Writing connectors.", rich_markup_mode=None)

_SKELETON = Path(__file__).parent / "skeleton"
_SHIPPED = Path(__file__).parents[1] / "connectors"
_FILES = {"__init__.py": "manifest.txt", "visit.py": "visit.txt", "read.py": "read.txt", "NOTES.md": "notes.txt"}


@app.callback()
def _group() -> None:
    """Typer makes a group of a single command only where there is a callback."""


@app.command("new")
@guarded
def new_connector(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Such as acme_payroll.")],
    into: Annotated[Path | None, typer.Option("--into", help="A directory of your own. [default: with ours]")] = None,
    json: Json = False,
) -> None:
    """Write the folder of a new connector, to be filled in: manifest, visit, reading, notes.

    In a directory of your own it becomes a package; name it in the entry-point group `payproof.connectors`.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name):
        raise Stop(
            f"{name!r} is no name for a connector: lower-case words with underscores, such as acme_payroll", MISUSED
        )
    folder = (into or _SHIPPED) / name
    if folder.exists():
        raise Stop(f"{folder} is there already")
    folder.mkdir(parents=True)
    for file, text in _texts(name, package=name if into else f"payproof.connectors.{name}").items():
        (folder / file).write_text(text)
    show({"folder": str(folder), "files": sorted(_FILES)}, as_json=wants_json(context, json))


def _texts(name: str, *, package: str) -> dict[str, str]:
    from string import Template

    words = name.split("_")
    names = {"name": name, "package": package, "title": " ".join(word.capitalize() for word in words)}
    names["class_name"] = "".join(word.capitalize() for word in words)
    return {file: Template((_SKELETON / source).read_text()).substitute(names) for file, source in _FILES.items()}
