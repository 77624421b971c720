"""Webhooks, over HTTP."""

from typing import Annotated, Any

import typer

from payproof.cli.asking import Server, asks
from payproof.cli.option import Page, PageSize

app = typer.Typer(name="webhook", help="Addresses that hear of events.", rich_markup_mode=None)


@app.command("create")
@asks()
async def create_webhook(
    server: Server,
    webhook_url: Annotated[str, typer.Argument(metavar="WEBHOOK_URL")],
    name: Annotated[str, typer.Option("--name", help="To tell it from others.")] = "payproof",
    event: Annotated[list[str] | None, typer.Option("--event", help="Only this event; repeatable.")] = None,
) -> Any:
    """Register an address in the environment of the keys."""
    return await server.call("POST", "/v1/webhooks/", webhook_body(server, webhook_url, name, event))


@app.command("list")
@asks("id", "name", "webhook_url", "env_type", "enabled", "events")
async def list_webhooks(server: Server, page: Page = 1, page_size: PageSize = 20) -> Any:
    """List webhooks, newest first."""
    return await server.call("GET", "/v1/webhooks/", page=page, page_size=page_size)


@app.command("delete")
@asks()
async def delete_webhook(server: Server, webhook_id: Annotated[str, typer.Argument(metavar="WEBHOOK_ID")]) -> Any:
    """Delete a webhook: what is on its way to it is given up."""
    await server.call("DELETE", f"/v1/webhooks/{webhook_id}/")
    return {"id": webhook_id, "deleted": True}


def webhook_body(server: Server, url: str, name: str, events: list[str] | None = None) -> dict[str, Any]:
    """The wish; its environment is the one that the secret names."""
    body: dict[str, Any] = {"name": name, "webhook_url": url, "env_type": server.environment}
    return body | ({"events": events} if events else {})
