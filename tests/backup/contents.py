"""All rows of a database of either kind, or of a backup, read without the code that is tested."""

import base64
import hashlib
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


def fingerprints(where: Path | str) -> dict[str, tuple[int, int]]:
    """Of each table the number of rows and the sum of their hashes, where there are too many to look at them."""
    if isinstance(where, str):
        with psycopg.connect(where) as postgres:
            return {name: _fingerprint(postgres.cursor(name), name) for name in _listed(postgres, _POSTGRES)}
    with closing(sqlite3.connect(where)) as sqlite:
        return {name: _fingerprint(sqlite.cursor(), name) for name in _listed(sqlite, _SQLITE)}


def archived(path: Path) -> Rows:
    """Of a backup; what is sealed is left in its base64."""
    with zipfile.ZipFile(path) as archive:
        held = json.loads(archive.read("manifest.json"))["tables"]
        return {one["name"]: _in_order(_named(archive, one)) for one in held}


def as_archived(rows: Rows) -> Rows:
    """Of a database, as a backup has it: in base64 what is in bytes, and without the list of migrations."""
    return {
        name: _in_order({column: _as_text(value) for column, value in row.items()} for row in held)
        for name, held in rows.items()
        if name != "migration"
    }


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
        found[name] = _in_order(dict(zip(columns, row, strict=True)) for row in cursor.fetchall())
    return found


def _in_order(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted((dict(sorted(row.items())) for row in rows), key=repr)


def _as_text(value: Any) -> Any:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _fingerprint(cursor: Any, table: str) -> tuple[int, int]:
    count = total = 0
    with closing(cursor):
        cursor.execute(f'SELECT * FROM "{table}"')
        for row in cursor:
            line = repr(sorted(zip((column[0] for column in cursor.description), row, strict=True)))
            count, total = count + 1, total + int.from_bytes(hashlib.sha256(line.encode()).digest())
    return count, total


def _named(archive: zipfile.ZipFile, held: dict[str, Any]) -> Iterator[dict[str, Any]]:
    with archive.open(f"tables/{held['name']}.jsonl") as lines:
        for line in lines:
            yield dict(zip(held["columns"], json.loads(line), strict=True))
