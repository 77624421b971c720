"""All rows of a database of either kind, or of a backup, read without the code that is tested."""

import json
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg

Rows = dict[str, list[dict[str, Any]]]
_SQLITE = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
_POSTGRES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"


def contents(where: Path | str, *tables: str) -> Rows:
    """By table, in an order that is the same for equal rows; of these tables, or of every table that there is."""
    if isinstance(where, str):
        with psycopg.connect(where) as postgres:
            return _read(postgres, tables or _listed(postgres, _POSTGRES))
    with closing(sqlite3.connect(where)) as sqlite:
        return _read(sqlite, tables or _listed(sqlite, _SQLITE))


def archived(path: Path) -> Rows:
    """Of a backup; what is sealed is left in its base64."""
    with zipfile.ZipFile(path) as archive:
        held = json.loads(archive.read("manifest.json"))["tables"]
        return {one["name"]: list(_named(archive, one)) for one in held}


def differences(one: Rows, other: Rows) -> dict[str, Any]:
    """Tables that are not the same, and the first rows that only one of them has."""
    if one.keys() != other.keys():
        return {"tables": one.keys() ^ other.keys()}
    found = {}
    for name in one:
        if one[name] != other[name]:
            found[name] = ([row for row in one[name] if row not in other[name]][:3],
                           [row for row in other[name] if row not in one[name]][:3])  # fmt: skip
    return found


def _listed(connection: Any, query: str) -> list[str]:
    return [name for (name,) in connection.execute(query).fetchall()]


def _read(connection: Any, tables: Iterable[str]) -> Rows:
    found = {}
    for name in tables:
        cursor = connection.execute(f'SELECT * FROM "{name}"')
        columns = [column[0] for column in cursor.description]
        rows = [dict(sorted(zip(columns, row, strict=True))) for row in cursor.fetchall()]
        found[name] = sorted(rows, key=repr)
    return found


def _named(archive: zipfile.ZipFile, held: dict[str, Any]) -> Iterator[dict[str, Any]]:
    with archive.open(f"tables/{held['name']}.jsonl") as lines:
        for line in lines:
            yield dict(zip(held["columns"], json.loads(line), strict=True))
