"""Commands that open the store: an SQLite file has one owner at a time, and some work needs a database for itself."""

from collections.abc import Iterator
from contextlib import contextmanager

from payproof.cli.ending import Stop


@contextmanager
def keeping(instead: str) -> Iterator[None]:
    """Where a server has the data, `Stop` says what to stop or what to do `instead`."""
    from payproof.app import DatabaseHeld, FileHeld, WrongKey

    try:
        yield
    except (DatabaseHeld, FileHeld) as held:
        raise Stop(f"{held}: stop that process first, or: {instead}") from None
    except WrongKey as wrong:
        raise Stop(f"{wrong}: put back the one that the data was made with, or choose another --data") from None
