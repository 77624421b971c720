"""Bringing the database up to date by hand."""

import typer

from payproof.cli.keeping import keeping
from payproof.cli.option import Data, Json, Postgres, wants_json
from payproof.cli.setting import settings_of
from payproof.cli.showing import show


def migrate(context: typer.Context, data: Data = None, postgres: Postgres = None, json: Json = False) -> None:
    """Bring the database up to date. A server does this itself when it starts; done again it changes nothing."""
    from payproof import app

    settings = settings_of(data=data, database_url=postgres)
    with keeping("it brought the database up to date itself when it started"):
        app.migrate(settings)
    database = "PostgreSQL" if settings.database_url else str(settings.where)
    show({"database": database, "migrated": True}, as_json=wants_json(context, json))
