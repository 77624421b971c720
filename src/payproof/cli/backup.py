"""All of the data into a file, and out of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from payproof.cli.counting import Counting
from payproof.cli.ending import Stop, say
from payproof.cli.keeping import keeping
from payproof.cli.option import Data, Json, Postgres, wants_json
from payproof.cli.setting import settings_of
from payproof.cli.showing import show

if TYPE_CHECKING:
    from payproof.app import Manifest

File = Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False)]

_ELSEWHERE = "restore with another --data, or into another database with --postgres"
_KEY_WARNINGS = {
    False: "the master key at hand does not open this data: put the one in its place that the data was made with,"
    " or nothing will start on it",
    None: "there is no master key at hand: put the one in its place that the data was made with, before anything"
    " is started",
}


def backup(
    context: typer.Context,
    file: File,
    data: Data = None,
    postgres: Postgres = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
    json: Json = False,
) -> None:
    """Write all data into one file, from one moment, beside a running server or without one.

    What is sealed stays sealed: without the master key, which is not in the file, nobody can read it. Keep the key
    too, elsewhere.
    """
    from payproof import app

    as_json = wants_json(context, json)
    with Counting(is_silent=as_json) as told, _files_named(file, "written"):
        made = app.backup(settings_of(data=data, database_url=postgres), file, told, overwrite=force)
    _show(made.manifest, as_json=as_json, file=str(file), size=made.size, sha256=made.sha256)


def restore(
    context: typer.Context, file: File, data: Data = None, postgres: Postgres = None, json: Json = False
) -> None:
    """Load a backup into an empty database of either kind, and compare. A kill on the way leaves it empty.

    A server that is started on it goes on with the work that was owed when the backup was taken.
    """
    from payproof import app

    as_json = wants_json(context, json)
    settings = settings_of(data=data, database_url=postgres)
    with Counting(is_silent=as_json) as told, keeping(_ELSEWHERE), _files_named(file, "read"):
        manifest, key_fits = app.restore(settings, file, told)
    database = "PostgreSQL" if settings.database_url else str(settings.where)
    _show(manifest, as_json=as_json, database=database, master_key_fits=key_fits)
    if not key_fits:
        say(_KEY_WARNINGS[key_fits])


def _show(manifest: "Manifest", *, as_json: bool, **more: Any) -> None:
    rows = {held.name: held.rows for held in manifest.tables}
    about = {
        **more,
        "payproof": manifest.payproof,
        "schema": manifest.schema,
        "taken_at": manifest.taken_at,
        "rows": sum(rows.values()),
    }
    if as_json:
        show({**about, "tables": rows}, as_json=True)
        return
    show([{"table": name, "rows": count} for name, count in rows.items()], as_json=False, columns=("table", "rows"))
    show(about, as_json=False)


@contextmanager
def _files_named(file: Path, doing: str) -> Iterator[None]:
    """Whatever ails a file, in words."""
    from payproof.app import ArchiveExists, NotEmpty

    try:
        yield
    except ArchiveExists as exists:
        raise Stop(f"{exists}: choose another name, or add --force") from None
    except NotEmpty as full:
        raise Stop(f"{full}: {_ELSEWHERE}") from None
    except OSError as failed:
        place = str(failed.filename or file).removesuffix(".partial")
        raise Stop(f"{place} cannot be {doing}: {failed.strerror or failed}") from None
