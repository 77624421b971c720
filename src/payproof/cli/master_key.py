"""The key that seals everything."""

from pathlib import Path
from typing import Annotated

import typer

from payproof.cli.counting import Counting
from payproof.cli.ending import Stop, guarded
from payproof.cli.keeping import keeping
from payproof.cli.option import Data, Json, Postgres, wants_json
from payproof.cli.setting import settings_of
from payproof.cli.showing import show

app = typer.Typer(name="master-key", help="The key that seals everything.", rich_markup_mode=None)


@app.callback()
def _group() -> None:
    """One command today; its name is to be said all the same."""


@app.command("rotate")
@guarded
def rotate(
    context: typer.Context,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to",
            metavar="FILE",
            dir_okay=False,
            help="Take the new key from this file, or put it there, and leave the present one where it is.",
        ),
    ] = None,
    data: Data = None,
    postgres: Postgres = None,
    json: Json = False,
) -> None:
    """Seal everything with another master key, while no server or worker runs. Called again it goes on.

    The key's file is replaced at the end, and the old one kept beside it as master.key.old: it opens the backups that
    were made with it. Keep it with them, or destroy it.
    """
    from payproof import app as root

    as_json = wants_json(context, json)
    settings = settings_of(data=data, database_url=postgres)
    try:
        with Counting(is_silent=as_json) as told, keeping("try again when it has ended"):
            done = root.rotate_master_key(settings, told, to=to)
    except OSError as failed:
        raise Stop(f"{failed.filename}: {failed.strerror or failed}") from None
    shown = {"sealed_anew": done.count, "master_key": str(done.new), "old_master_key": done.old and str(done.old)}
    show(shown, as_json=as_json)
