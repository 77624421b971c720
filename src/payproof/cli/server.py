"""Servers and workers for more than a laptop."""

import gc
import os
from typing import TYPE_CHECKING, Annotated, Any

import typer

from payproof.cli.ending import MISUSED, Stop
from payproof.cli.keeping import keeping
from payproof.cli.option import Data, Host, Json, Port, Postgres, Profile, wants_json
from payproof.cli.setting import settings_of
from payproof.cli.showing import to_json

if TYPE_CHECKING:
    from payproof.config import Settings

WorldUrl = Annotated[
    str | None,
    typer.Option("--world-url", envvar="PAYPROOF_WORLD_URL", show_envvar=True, help="Where `payproof world` listens."),
]
_BESIDE = "choose another --data, or PostgreSQL with --postgres"


def serve(
    context: typer.Context,
    host: Host = None,
    port: Port = None,
    data: Data = None,
    postgres: Postgres = None,
    world_url: WorldUrl = None,
    profile: Profile = None,
    engine: Annotated[
        bool | None, typer.Option("--engine/--no-engine", help="Run jobs in this process too. [default: engine]")
    ] = None,
    json: Json = False,
) -> None:
    """Serve the API and run its jobs. The master key must be there already; keys come from `payproof key create`."""
    settings = settings_of(
        makes_client=True,
        host=host,
        port=port,
        data=data,
        database_url=postgres,
        world_url=world_url,
        profile=profile,
        engine=engine,
    )
    if not settings.engine and settings.database_url is None:
        raise Stop(
            "--no-engine needs PostgreSQL (--postgres): an SQLite file has one owner, which runs the jobs", MISUSED
        )
    gc.disable()  # until it is ready: of what is made on the way, nearly all stays (a tenth of the time, measured)
    from payproof import app

    with keeping(_BESIDE):
        app.run_server(settings, on_ready=lambda at: _ready(at, as_json=wants_json(context, json)))


def worker(
    context: typer.Context,
    postgres: Postgres = None,
    data: Data = None,
    world_url: WorldUrl = None,
    profile: Profile = None,
    kinds: Annotated[str | None, typer.Option("--kinds", help="Only these kinds of jobs, with commas.")] = None,
    json: Json = False,
) -> None:
    """Run jobs beside other workers, on PostgreSQL."""
    said: dict[str, Any] = {"database_url": postgres, "data": data, "world_url": world_url, "worker_kinds": kinds}
    settings = settings_of(profile=profile, **said)
    if settings.database_url is None:
        raise Stop("a worker needs PostgreSQL: give --postgres or set PAYPROOF_DATABASE_URL", MISUSED)
    from payproof import app

    as_json = wants_json(context, json)
    text = to_json({"pid": os.getpid()}) if as_json else "payproof worker is ready"
    app.run_worker(settings, on_ready=lambda _: print(text, flush=True))  # noqa: T201


def _ready(settings: "Settings", *, as_json: bool) -> None:
    from payproof.config import in_force

    url = settings.public_url
    told = {"url": url, "profile": settings.profile}
    print(to_json(told) if as_json else f"payproof is ready: {url}\n{in_force(settings)}", flush=True)  # noqa: T201
