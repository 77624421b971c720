"""`python -m bench [--only a,e] [--json FILE] [--sqlite-only]`"""

import argparse
import json
import platform
import sys
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import uvloop

from bench import directory, door, engine, parked, portal, standin, start, webhook
from bench.figure import Figure, table
from tests.postgres import Postgres, running_postgres

RESULTS = Path("bench-results/figures.json")


class Place:
    """A directory and a PostgreSQL that syncs, both gone at the end."""

    def __init__(self, directory: Path, postgres: Postgres | None) -> None:
        self._directory = directory
        self._postgres = postgres

    @property
    def has_postgres(self) -> bool:
        return self._postgres is not None

    def directory(self) -> Path:
        made = self._directory / uuid4().hex
        made.mkdir()
        return made

    def database(self) -> str | None:
        """The URL of an empty database, where there is PostgreSQL."""
        if self._postgres is None:
            return None
        name = f"bench_{uuid4().hex}"
        with psycopg.connect(self._postgres.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        return self._postgres.url_of(name)


async def _door(place: Place) -> list[Figure]:
    return await door.measure(place.directory(), place.database(), place.database())


async def _million(place: Place) -> list[Figure]:
    return await door.measure_million(place.directory(), place.database(), place.database())


async def _engine(place: Place) -> list[Figure]:
    return await engine.measure(place.directory(), place.database())


async def _portal(place: Place) -> list[Figure]:
    return await portal.measure(place.directory(), place.database())


async def _parked(place: Place) -> list[Figure]:
    figures = await parked.measure(place.directory(), [None, None])
    if place.has_postgres:
        figures += await parked.measure(place.directory(), [place.database(), place.database()])
    return figures


async def _start(place: Place) -> list[Figure]:
    return await start.measure(place.directory())


async def _webhook(place: Place) -> list[Figure]:
    return await webhook.measure(place.directory(), place.database())


async def _directory(place: Place) -> list[Figure]:
    return await directory.measure(place.directory(), place.database())


async def _standin(place: Place) -> list[Figure]:
    return await standin.measure(place.directory())


MEASUREMENTS: dict[str, Callable[[Place], Coroutine[Any, Any, list[Figure]]]] = {
    "a": _door,
    "c1": _engine,
    "c2": _portal,
    "d": _parked,
    "e": _start,
    "f": _webhook,
    "h": _standin,
    "g": _directory,
    "million": _million,
}
"""(b) is measured with (a); with a million tasks apart, since filling the databases takes minutes."""


def main() -> None:
    wanted = _arguments()
    figures: list[Figure] = []
    with _place(with_postgres=not wanted.sqlite_only) as place:
        for letter, measure in MEASUREMENTS.items():
            if letter in wanted.only:
                found = uvloop.run(measure(place))
                _tell(table(found))
                figures += found
    document = {"python": platform.python_version(), "figures": [one.as_json() for one in figures]}
    wanted.json.parent.mkdir(parents=True, exist_ok=True)
    wanted.json.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="What payproof costs.")
    letters = ",".join(MEASUREMENTS)
    usual = ",".join(name for name in MEASUREMENTS if name != "million")
    parser.add_argument("--only", default=usual, type=lambda text: text.split(","), help=f"some of {letters} [{usual}]")
    parser.add_argument("--json", type=Path, default=RESULTS, help=f"write the figures there [{RESULTS}]")
    parser.add_argument("--sqlite-only", action="store_true", help="do not start PostgreSQL")
    return parser.parse_args()


@contextmanager
def _place(*, with_postgres: bool) -> Iterator[Place]:
    with ExitStack() as closing:
        directory = closing.enter_context(tempfile.TemporaryDirectory(prefix="payproof-bench-"))
        postgres = closing.enter_context(running_postgres()) if with_postgres else None
        yield Place(Path(directory), postgres)


def _tell(text: str) -> None:
    sys.stdout.write(text + "\n\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
