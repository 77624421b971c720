"""People, over HTTP."""

from typing import Annotated, Any

import typer

from payproof.cli.asking import Server, asks
from payproof.cli.option import Page, PageSize

app = typer.Typer(name="user", help="People who connect.", rich_markup_mode=None)


@app.command("create")
@asks()
async def create_user(
    server: Server,
    external_user_id: Annotated[str, typer.Option("--external-user-id", help="Your own id of the person.")],
    first_name: Annotated[str | None, typer.Option("--first-name")] = None,
    last_name: Annotated[str | None, typer.Option("--last-name")] = None,
    email: Annotated[str | None, typer.Option("--email")] = None,
    phone: Annotated[str | None, typer.Option("--phone")] = None,
    ssn: Annotated[str | None, typer.Option("--ssn", help="Nine digits, or the last four.")] = None,
) -> Any:
    """Make a user."""
    said = {
        "external_user_id": external_user_id,
        "first_name": first_name,
        "last_name": last_name,
        "email": email,
        "phone": phone,
        "ssn": ssn,
    }
    return await server.call("POST", "/v1/users/", {name: value for name, value in said.items() if value is not None})


@app.command("list")
@asks("id", "external_user_id", "first_name", "last_name", "created_at")
async def list_users(
    server: Server,
    external_user_id: Annotated[str | None, typer.Option("--external-user-id", help="Only with this id.")] = None,
    page: Page = 1,
    page_size: PageSize = 20,
) -> Any:
    """List users, newest first."""
    query = {"external_user_id": external_user_id, "page": page, "page_size": page_size}
    return await server.call("GET", "/v1/users/", **query)


@app.command("get")
@asks()
async def get_user(server: Server, user_id: Annotated[str, typer.Argument(metavar="USER_ID")]) -> Any:
    """Show a user with its links."""
    return await server.call("GET", f"/v1/users/{user_id}/")


@app.command("delete")
@asks()
async def delete_user(server: Server, user_id: Annotated[str, typer.Argument(metavar="USER_ID")]) -> Any:
    """Delete a user with all links and data."""
    return await server.call("DELETE", f"/v1/users/{user_id}/")
