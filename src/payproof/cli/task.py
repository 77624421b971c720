"""Tasks, over HTTP."""

from typing import Annotated, Any

import typer

from payproof.cli.asking import Server, asks
from payproof.cli.ending import NOT_DONE
from payproof.cli.option import Page, PageSize
from payproof.cli.showing import to_json

app = typer.Typer(name="task", help="Tasks: one for each try to connect.", rich_markup_mode=None)

LOOK_SECONDS = 0.5
_ON_THE_WAY = frozenset({"new", "login", "mfa", "parse", "full_parse", "switch_deposit"})
TaskId = Annotated[str, typer.Argument(metavar="TASK_ID")]


@app.command("get")
@asks()
async def get_task(server: Server, task_id: TaskId) -> Any:
    """Show a task."""
    return await server.call("GET", f"/v1/tasks/{task_id}/")


@app.command("list")
@asks("id", "status", "product_type", "provider.id", "user_id", "created_at")
async def list_tasks(
    server: Server,
    user_id: Annotated[str | None, typer.Option("--user-id", help="Only of this user.")] = None,
    status: Annotated[str | None, typer.Option("--status", help="Only in this status.")] = None,
    page: Page = 1,
    page_size: PageSize = 20,
) -> Any:
    """List tasks, newest first."""
    return await server.call("GET", "/v1/tasks/", user_id=user_id, status=status, page=page, page_size=page_size)


@app.command("watch")
@asks()
async def watch_task(server: Server, task_id: TaskId) -> Any:
    """Show a task's statuses as they come, to its end; with --json the whole task, a line each time.

    Ends with 0 for `done`, 4 for any other ending.
    """
    import asyncio

    status = None
    while True:
        task = await server.call("GET", f"/v1/tasks/{task_id}/")
        if task["status"] != status:
            status = task["status"]
            typer.echo(to_json(task) if server.as_json else f"{task['updated_at']}  {status}")
        if status not in _ON_THE_WAY:
            break
        await asyncio.sleep(LOOK_SECONDS)
    if status != "done":
        if task["error_message"] and not server.as_json:
            typer.echo(task["error_message"], err=True)
        raise typer.Exit(NOT_DONE)
