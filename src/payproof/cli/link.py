"""Links, over HTTP."""

from typing import Annotated, Any

import typer

from payproof.cli.asking import Server, asks
from payproof.cli.option import Page, PageSize

app = typer.Typer(name="link", help="Links: each is one person's connection to one source.", rich_markup_mode=None)

LinkId = Annotated[str, typer.Argument(metavar="LINK_ID")]


@app.command("list")
@asks("id", "status", "provider_id", "data_source", "user_external_id", "created_at", "access_token")
async def list_links(
    server: Server,
    user_id: Annotated[
        str | None, typer.Option("--user-id", help="Only of this user; their access tokens are shown in full.")
    ] = None,
    page: Page = 1,
    page_size: PageSize = 20,
) -> Any:
    """List links, newest first."""
    return await server.call("GET", "/v1/links/", user_id=user_id, page=page, page_size=page_size)


@app.command("get")
@asks()
async def get_link(server: Server, link_id: LinkId) -> Any:
    """Show a link."""
    return await server.call("GET", f"/v1/links/{link_id}/")


@app.command("refresh")
@asks()
async def refresh_link(
    server: Server,
    access_token: Annotated[str, typer.Argument(metavar="ACCESS_TOKEN")],
    product: Annotated[str | None, typer.Option("--product", help="The link's first one, unless said.")] = None,
) -> Any:
    """Visit a link's source again; follow it with `payproof task watch`."""
    said = {"access_token": access_token, "product_type": product}
    wish = {name: value for name, value in said.items() if value is not None}
    return await server.call("POST", "/v1/refresh/tasks/", wish)


@app.command("delete")
@asks()
async def delete_link(server: Server, link_id: LinkId) -> Any:
    """Delete a link with all its data."""
    return await server.call("DELETE", f"/v1/links/{link_id}/")
