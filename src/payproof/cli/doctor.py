"""What is wrong, and how to mend it: `payproof doctor`."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from payproof.cli.ending import REFUSED
from payproof.cli.option import DATA, ClientId, Data, Host, Json, Port, Postgres, Secret, wants_json
from payproof.cli.remembered import Remembered, recall
from payproof.cli.setting import settings_of
from payproof.cli.showing import to_json

if TYPE_CHECKING:
    from payproof.app.diagnosis import Finding


class Role(StrEnum):
    DEV = "dev"
    SERVE = "serve"
    WORKER = "worker"


def doctor(
    context: typer.Context,
    role: Annotated[
        Role | None,
        typer.Option(
            "--for", help="Which command the settings are for. [default: dev where it left its data, else serve]"
        ),
    ] = None,
    url: Annotated[str | None, typer.Option("--url", help="Ask this running server too.")] = None,
    impersonate: Annotated[
        bool, typer.Option("--impersonate", help="Prove prod., cdn. and my.truv.com instead, as a client meets them.")
    ] = False,
    impersonate_port: Annotated[
        int | None, typer.Option("--impersonate-port", min=1, max=65535, help="Where they answer. [default: 443]")
    ] = None,
    ca: Annotated[Path | None, typer.Option("--ca", help="The authority's certificate. [default: in --data]")] = None,
    host: Host = None,
    port: Port = None,
    data: Data = None,
    postgres: Postgres = None,
    client_id: ClientId = None,
    secret: Secret = None,
    json: Json = False,
) -> None:
    """Name every misconfiguration in plain words, with its cure. Looks only: it changes nothing.

    Exit codes: 0 all is well; 1 something is wrong; 2 wrong call.
    """
    from payproof.app.diagnosis import Case, diagnose, diagnose_names
    from payproof.app.diagnosis.finding import wrong
    from payproof.config import BadSetting

    left = recall(data or DATA)
    chosen = role or (Role.DEV if left else Role.SERVE)
    try:
        before = {"PAYPROOF_PORT": str(left.port)} if left and chosen is Role.DEV else {}
        settings = settings_of(
            before, host=host, port=port, data=data, database_url=postgres, impersonate_port=impersonate_port
        )
    except BadSetting as bad:
        found = [wrong("settings", str(bad), "see docs/settings.md for what each accepts")]
    else:
        if impersonate or ca or impersonate_port:
            found = diagnose_names(settings, ca)
        else:
            case = Case(settings, chosen.value)
            found = list(diagnose(case))
            asked = url or (case.url if case.is_running and chosen is Role.DEV else None)
            found += _asked(asked, left, client_id, secret) if asked else []
    _show(found, as_json=wants_json(context, json))
    if not all(one.is_ok for one in found):
        raise typer.Exit(REFUSED)


def _asked(url: str, left: Remembered | None, client_id: str | None, secret: str | None) -> "list[Finding]":
    """With the keys that were given, or those that `dev` left."""
    import asyncio

    from payproof.app.diagnosis import Place, diagnose_server

    keys = (client_id, secret) if secret or left is None else (left.client_id, left.secret)
    return asyncio.run(diagnose_server(Place(url, *keys)))


def _show(found: "Sequence[Finding]", *, as_json: bool) -> None:
    if as_json:
        typer.echo(to_json({"ok": all(one.is_ok for one in found), "findings": found}))
        return
    width = max(len(one.check) for one in found)
    for one in found:
        typer.echo(f"{'ok' if one.is_ok else 'PROBLEM':<9}{one.check.ljust(width)}  {one.found}")
        if one.cure:
            typer.echo(f"{'':<9}{''.ljust(width)}  → {one.cure}")
