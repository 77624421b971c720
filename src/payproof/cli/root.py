"""All commands under one name, and what holds for each of them."""

import gc
import sys
from typing import Annotated

import typer

from payproof import __version__
from payproof.cli import (
    backup,
    clock,
    connect,
    connector,
    directory,
    key,
    link,
    master_key,
    migrate,
    server,
    tail,
    task,
    token,
    user,
    webhook,
    world,
)
from payproof.cli.completion import Shell, install, script
from payproof.cli.dev import dev
from payproof.cli.doctor import doctor
from payproof.cli.ending import MISUSED, guarded, one_line
from payproof.cli.listen import listen
from payproof.cli.option import Json

app = typer.Typer(
    name="payproof",
    help="A self-hosted verification server that speaks the Truv API. Start with: payproof dev",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)

app.command()(guarded(dev))
app.command()(guarded(server.serve))
app.command()(guarded(server.worker))
app.command()(guarded(world.world))
app.command()(guarded(migrate.migrate))
app.command()(guarded(backup.backup))
app.command()(guarded(backup.restore))
app.command()(guarded(doctor))
app.command()(guarded(connect.connect))
app.command("listen")(listen)
app.command()(tail.tail)
app.add_typer(key.app)
app.add_typer(master_key.app)
app.add_typer(connector.app)
app.add_typer(directory.app)
app.add_typer(user.app)
app.add_typer(token.app)
app.add_typer(link.app)
app.add_typer(task.app)
app.add_typer(webhook.app)
app.add_typer(clock.app)


def main() -> None:
    """Run the command named on the command line. A wrong call is told in one line, with exit code 2."""
    gc.disable()  # until a command runs
    sys.exit(one_line(app))


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version and end.")] = False,
    show_completion: Annotated[
        Shell | None, typer.Option("--show-completion", help="Print the completion script of a shell, and end.")
    ] = None,
    install_completion: Annotated[
        Shell | None, typer.Option("--install-completion", help="Put it where that shell looks for it, and end.")
    ] = None,
    json: Json = False,
) -> None:
    if show_completion or install_completion:
        _complete(context, show_completion, install_completion)
    if version:
        typer.echo(f'{{"version":"{__version__}"}}' if json else f"payproof {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(MISUSED)


def _complete(context: typer.Context, shown: Shell | None, installed: Shell | None) -> None:
    if installed:
        typer.echo(install(context.command, installed))
    if shown:
        typer.echo(script(context.command, shown), nl=False)
    raise typer.Exit
