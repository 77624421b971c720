"""Options that many commands share, each said once."""

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Url = Annotated[
    str | None,
    typer.Option(
        "--url",
        envvar="PAYPROOF_BASE_URL",
        show_envvar=True,
        help="The server. Without it: the one that `payproof dev` left word of in the data directory.",
    ),
]
ClientId = Annotated[
    str | None, typer.Option("--client-id", envvar="PAYPROOF_CLIENT_ID", show_envvar=True, help="Your client id.")
]
Secret = Annotated[
    str | None,
    typer.Option("--secret", envvar="PAYPROOF_SECRET", show_envvar=True, help="Your access secret, sandbox-…"),
]
Data = Annotated[
    Path | None,
    typer.Option(
        "--data", envvar="PAYPROOF_DATA", show_envvar=True, help="The data directory. [default: payproof-data]"
    ),
]
Postgres = Annotated[
    str | None,
    typer.Option(
        "--postgres",
        "--database-url",
        envvar="PAYPROOF_DATABASE_URL",
        show_envvar=True,
        help="A postgresql:// URL. Without it the data is in an SQLite file.",
    ),
]
Host = Annotated[str | None, typer.Option("--host", help="Address to listen on. [default: 127.0.0.1]")]
Port = Annotated[
    int | None,
    typer.Option(
        "--port",
        min=0,
        max=65535,
        envvar="PAYPROOF_PORT",
        show_envvar=True,
        help="Port to listen on; 0 takes a free one. [default: 8000; world: 8001]",
    ),
]
Product = Annotated[
    str, typer.Option("--product", help="income, employment, transactions, assets, deposit_switch, pll or insurance.")
]
Profile = Annotated[
    str | None,
    typer.Option(
        "--profile",
        envvar="PAYPROOF_PROFILE",
        show_envvar=True,
        help="fast, realistic or strict: stage times, limits and rules for webhook addresses."
        " [default: strict; dev: fast]",
    ),
]
Page = Annotated[int, typer.Option("--page", min=1, help="Which page of the list.")]
PageSize = Annotated[int, typer.Option("--page-size", min=1, max=500, help="How many on a page.")]

DATA = Path("payproof-data")
"""Where the data is when nobody says otherwise."""


def wants_json(context: typer.Context, json: bool) -> bool:
    """The option may stand before the command too."""
    return json or bool(context.find_root().params.get("json"))
