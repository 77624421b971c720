"""The directory of companies and providers: an operator's own, and what a search finds."""

from pathlib import Path
from typing import Annotated, Any

import typer

from payproof.cli.asking import Server, asks
from payproof.cli.counting import Counting
from payproof.cli.ending import Stop, guarded
from payproof.cli.keeping import keeping
from payproof.cli.option import Data, Json, Postgres, wants_json
from payproof.cli.setting import settings_of
from payproof.cli.showing import show

app = typer.Typer(name="directory", help="Companies and providers that people find.", rich_markup_mode=None)


@app.command("import")
@guarded
def import_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", dir_okay=False)],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check the file, and change nothing.")] = False,
    data: Data = None,
    postgres: Postgres = None,
    json: Json = False,
) -> None:
    """Take companies and providers from a CSV file with a head, all of them or, where a line is wrong, none.

    Columns, in any order: kind (company, or provider), id, name, domain, logo_url. For a company: provider_id (how it
    pays), mapping_status, success_rate, ein, phone, features (JSON). For a provider: data_source, and its id must be
    there. Only the name is needed of a company; without an id it gets the one that follows from its domain. What is
    imported wins over what payproof ships, also after an upgrade; a line imported again takes the place of the first.
    """
    from payproof import app as root

    as_json = wants_json(context, json)
    settings = settings_of(data=data, database_url=postgres)
    try:
        text = file.read_bytes()
    except OSError as failed:
        raise Stop(f"{file} cannot be read: {failed.strerror}") from None
    instead = "on PostgreSQL it can be done beside it"
    try:
        with Counting(is_silent=as_json) as told, keeping(instead):
            taken = root.import_directory(settings, text, told, dry_run=dry_run)
    except root.BadFile as bad:
        for line in bad.lines:
            typer.echo(f"{file}:{line.number}: {line.why}", err=True)
        raise Stop(f"{bad}: nothing of {file} was imported") from None
    show({"companies": taken.companies, "providers": taken.providers, "dry_run": dry_run}, as_json=as_json)


@app.command("search")
@asks("id", "name", "domain", "success_rate")
async def search(
    server: Server,
    query: Annotated[str, typer.Argument(metavar="QUERY")],
    providers: Annotated[bool, typer.Option("--providers", help="Search for providers, not companies.")] = False,
    product: Annotated[str | None, typer.Option("--product", help="As seen for this product.")] = None,
) -> Any:
    """Search as the widget does, best first."""
    if providers:
        return await server.call("GET", "/v1/providers/", query=query, product_type=product, page_size=20)
    found = await server.call("GET", "/v1/company-mappings-search/", query=query, product_type=product)
    return [{"id": one["company_mapping_id"], **one} for one in found] if not server.as_json else found
