"""All rows of a database of either kind, read without the code that is tested."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg

Contents = dict[str, list[tuple[Any, ...]]]
_SQLITE = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
_POSTGRES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"


def contents(where: Path | str) -> Contents:
    """By table, in an order that is the same for equal rows; of every table that there is."""
    if isinstance(where, str):
        with psycopg.connect(where) as postgres:
            return _read(postgres, _POSTGRES)
    with closing(sqlite3.connect(where)) as sqlite:
        return _read(sqlite, _SQLITE)


def differences(one: Contents, other: Contents) -> dict[str, Any]:
    """Tables that are not the same, and the first rows that only one of them has."""
    if one.keys() != other.keys():
        return {"tables": one.keys() ^ other.keys()}
    found = {}
    for name in one:
        if one[name] != other[name]:
            found[name] = ([row for row in one[name] if row not in other[name]][:3],
                           [row for row in other[name] if row not in one[name]][:3])  # fmt: skip
    return found


def _read(connection: Any, listing: str) -> Contents:
    names = [name for (name,) in connection.execute(listing).fetchall()]
    return {name: _sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall()) for name in names}


def _sorted(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(rows, key=repr)
