"""Webhooks, over HTTP."""

from typing import Annotated, Any

import typer

from payproof.cli.asking import Server, asks
from payproof.cli.ending import NOT_DONE
from payproof.cli.listen import listen
from payproof.cli.option import Page, PageSize
from payproof.cli.showing import show

WebhookId = Annotated[str, typer.Argument(metavar="WEBHOOK_ID", help="The id of the registration.")]
Since = Annotated[str | None, typer.Option("--since", help="From this moment on, such as 2026-01-05T09:00Z.")]
Until = Annotated[str | None, typer.Option("--until", help="Up to this moment.")]

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
async def delete_webhook(server: Server, webhook_id: WebhookId) -> Any:
    """Delete a webhook: what is on its way to it is given up."""
    await server.call("DELETE", f"/v1/webhooks/{webhook_id}/")
    return {"id": webhook_id, "deleted": True}


@app.command("enable")
@asks()
async def enable_webhook(server: Server, webhook_id: WebhookId) -> Any:
    """Deliver to a webhook again, also to one that was disabled because it failed for days."""
    return await server.call("PATCH", f"/v1/webhooks/{webhook_id}/", {"enabled": True})


@app.command("disable")
@asks()
async def disable_webhook(server: Server, webhook_id: WebhookId) -> Any:
    """Deliver nothing to a webhook: what is on its way to it is given up."""
    return await server.call("PATCH", f"/v1/webhooks/{webhook_id}/", {"enabled": False})


@app.command("ping")
@asks()
async def ping_webhook(server: Server, webhook_id: WebhookId) -> Any:
    """Send a signed test delivery now, and show what came of it. Ends with 4 where it was not taken."""
    came = await server.call("POST", f"/v1/webhooks/{webhook_id}/ping/")
    if not came["is_delivered"]:
        show(came, as_json=server.as_json)
        raise typer.Exit(NOT_DONE)
    return came


@app.command("requests")
@asks("created_at", "event_type", "attempt", "status_code", "latency_ms", "webhook_url", "webhook_id", "error_message")
async def list_requests(
    server: Server,
    event: Annotated[str | None, typer.Option("--event", help="Only of this event.")] = None,
    status: Annotated[int | None, typer.Option("--status", help="Only with this answer, such as 500.")] = None,
    since: Since = None,
    until: Until = None,
    cursor: Annotated[str | None, typer.Option("--cursor", help="Where to go on.")] = None,
    page_size: PageSize = 20,
) -> Any:
    """List the attempts of the last thirty days to deliver, newest first."""
    span = {"created_at__gte": since, "created_at__lte": until}
    chosen = {"event_type": event, "status_code": status, "cursor": cursor, "page_size": page_size}
    return await server.call("GET", "/v1/webhook-requests/", **span, **chosen)


@app.command("replay")
@asks()
async def replay_deliveries(
    server: Server,
    webhook_id: Annotated[
        str | None, typer.Argument(metavar="[WEBHOOK_ID]", help="As in the payload that is wanted again.")
    ] = None,
    since: Since = None,
    until: Until = None,
    event: Annotated[str | None, typer.Option("--event", help="Only this event.")] = None,
    to: Annotated[
        str | None, typer.Option("--to", help="Only to the webhook with this id, with what it missed while disabled.")
    ] = None,
) -> Any:
    """Deliver again, with the same webhook_id and the same bytes: one delivery, or all since a moment."""
    wish = {"webhook_id": webhook_id, "created_at__gte": since, "created_at__lte": until}
    wish |= {"event_type": event, "webhook": to}
    said = {name: value for name, value in wish.items() if value is not None}
    return await server.call("POST", "/v1/webhook-requests/replay/", said)


app.command("listen")(listen)


def webhook_body(server: Server, url: str, name: str, events: list[str] | None = None) -> dict[str, Any]:
    """The wish; its environment is the one that the secret names."""
    body: dict[str, Any] = {"name": name, "webhook_url": url, "env_type": server.environment}
    return body | ({"events": events} if events else {})
