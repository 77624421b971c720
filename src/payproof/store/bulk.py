"""A whole database at once: read from one snapshot beside a running server, or filled and changed by us alone."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from payproof.store import bulk_sqlite
from payproof.store.migration import check_known
from payproof.store.shape import Table
from payproof.store.transaction import Cursor, Row

TOLD_EVERY = 1000
"""So many rows lie between two words about how far it has come."""


class Bulk(Protocol):
    """One transaction over everything. Rows come and go one at a time: memory does not grow with them."""

    @property
    def is_postgres(self) -> bool: ...

    @property
    def cursor(self) -> Cursor: ...

    def applied(self) -> dict[int, str]:
        """Number and checksum of each migration that this database has had; none where it is new."""

    def rows(self, table: Table) -> Iterator[Row]:
        """In the order of the key."""

    def unbind(self, tables: list[Table]) -> None:
        """From here to `settle`, rows may come before those that they refer to."""

    def load(self, table: Table, rows: Iterable[Row]) -> None: ...

    def settle(self, tables: list[Table]) -> None:
        """After loading: references are whole, and what counts by itself counts on from the highest."""

    def migrate(self, only: Collection[int] | None = None) -> None: ...

    def drop(self, names: list[str]) -> None: ...


class Told(Protocol):
    """Hears how far it has come: what is being done, to which table, and with how many of its rows."""

    def __call__(self, doing: str, table: str, rows: int) -> None: ...


class NothingThere(Exception):
    """There is no data of ours."""


def reading(where: Path | str) -> AbstractContextManager[Bulk]:
    """One snapshot, whatever others write meanwhile. Raises DatabaseUnusable."""
    if isinstance(where, Path):
        return bulk_sqlite.reading(where)
    from payproof.store import bulk_postgres

    return bulk_postgres.reading(where)


def filling(where: Path | str) -> AbstractContextManager[Bulk]:
    """One transaction, while no other process is at work there. Raises FileHeld, DatabaseHeld, DatabaseUnusable."""
    if isinstance(where, Path):
        return bulk_sqlite.filling(where)
    from payproof.store import bulk_postgres

    return bulk_postgres.alone(where)


def changing(where: Path | str) -> AbstractContextManager[Bulk]:
    """Like `filling`, of a database that has much in it and will have little changed."""
    if isinstance(where, Path):
        return bulk_sqlite.changing(where)
    from payproof.store import bulk_postgres

    return bulk_postgres.alone(where)


def known_migrations(bulk: Bulk, where: Path | str) -> dict[int, str]:
    """Number and checksum of what the data has had. Raises NothingThere, SchemaNewer, SchemaChanged."""
    applied = bulk.applied()
    if not applied:
        raise NothingThere(f"there is no data of payproof in {where if isinstance(where, Path) else 'that database'}")
    check_known(applied)
    return applied


def counted(rows: Iterator[Row], told: Told, doing: str, table: str) -> Iterator[Row]:
    """The rows, while somebody hears how many there have been."""
    for number, row in enumerate(rows, start=1):
        if number % TOLD_EVERY == 0:
            told(doing, table, number)
        yield row
