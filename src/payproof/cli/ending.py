"""How commands end: one line on stderr and an exit code, never a traceback."""

import functools
import gc
import sys
from collections.abc import Callable
from typing import Any

import typer

REFUSED = 1
"""The command could not do what it was asked."""
MISUSED = 2
"""The command was called in a wrong way."""
UNANSWERED = 3
"""`connect`: a question waits, and no answer to it was given."""
NOT_DONE = 4
"""`connect` and `task watch`: the task has ended, but not in `done`; `webhook ping`: it was not taken."""


class Stop(Exception):
    """Ends the command. The line says what is wrong and what to do about it."""

    def __init__(self, line: str, code: int = REFUSED) -> None:
        self.code = code
        super().__init__(line)


def guarded(command: Callable[..., Any]) -> Callable[..., None]:
    """The command, with every fault told in one line."""

    @functools.wraps(command)
    def run(*args: Any, **given: Any) -> None:
        gc.enable()
        try:
            command(*args, **given)
        except (typer.Exit, typer.Abort, typer.TyperException, BrokenPipeError):
            raise
        except KeyboardInterrupt:
            raise typer.Exit(130) from None
        except Exception as failed:
            say(line_of(failed))
            raise typer.Exit(failed.code if isinstance(failed, Stop) else REFUSED) from None

    return run


def say(line: str) -> None:
    """To the person at the terminal, beside what a program may be reading."""
    typer.echo(f"payproof: {line}", err=True)


def line_of(failed: BaseException) -> str:
    """Our own exceptions are fit to be printed; of others the type is told too."""
    kind = type(failed)
    words = " ".join(str(failed).split())
    if kind.__module__.startswith("payproof."):
        return words or (kind.__doc__ or kind.__name__).partition("\n")[0].rstrip(".")
    return f"{kind.__name__}: {words}" if words else kind.__name__


def one_line(app: typer.Typer) -> int:
    """Run the app. Returns the exit code."""
    try:
        returned = app(prog_name="payproof", standalone_mode=False)
    except typer.TyperException as misused:
        say(_usage(misused))
        return int(misused.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        say("given up")
        return 130
    except BrokenPipeError:
        sys.stdout = None  # whoever read it is gone; the interpreter must not flush to it
        return REFUSED
    return returned if isinstance(returned, int) else 0


def _usage(misused: typer.TyperException) -> str:
    context = getattr(misused, "ctx", None)
    path = context.command_path if context else "payproof"
    return f"{misused.format_message().rstrip('.')} (see {path} --help)"
