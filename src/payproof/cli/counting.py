"""How far something long has come, for whoever waits at a terminal."""

import sys


class Counting:
    """How far it has come, on one line of a terminal; nothing elsewhere."""

    def __init__(self, *, is_silent: bool) -> None:
        self._is_shown = not is_silent and sys.stderr.isatty()

    def __enter__(self) -> "Counting":
        return self

    def __exit__(self, *failed: object) -> None:
        self._write("")

    def __call__(self, doing: str, table: str, rows: int) -> None:
        self._write(f"{doing} {table}" + (f": {rows:,} rows" if rows else ""))

    def _write(self, line: str) -> None:
        if self._is_shown:
            print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)  # noqa: T201
