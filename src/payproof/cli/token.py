"""Bridge tokens, over HTTP."""

from typing import Annotated, Any

import typer

from payproof.cli.asking import Server, asks
from payproof.cli.option import Product

app = typer.Typer(name="token", help="Bridge tokens: each opens the widget for one person.", rich_markup_mode=None)


@app.callback()
def _group() -> None:
    """Typer makes a group of a single command only where there is a callback."""


@app.command("create")
@asks()
async def create_token(
    server: Server,
    user_id: Annotated[str, typer.Argument(metavar="USER_ID")],
    product: Product = "income",
    provider: Annotated[str | None, typer.Option("--provider", help="Only this provider is offered.")] = None,
    data_source: Annotated[
        list[str] | None, typer.Option("--data-source", help="payroll, docs, …; repeatable.")
    ] = None,
    tracking_info: Annotated[
        str | None, typer.Option("--tracking-info", help="Comes back on tasks and events.")
    ] = None,
    access_token: Annotated[str | None, typer.Option("--access-token", help="Of a link to be connected again.")] = None,
) -> Any:
    """Make a bridge token for a user."""
    said = {
        "product_type": product,
        "provider_id": provider,
        "data_sources": data_source or None,
        "tracking_info": tracking_info,
        "access_token": access_token,
    }
    body = {name: value for name, value in said.items() if value is not None}
    return await server.call("POST", f"/v1/users/{user_id}/tokens/", body)
