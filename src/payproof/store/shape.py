"""What the tables look like, read from the migrations themselves: one list that holds for both databases."""

import sqlite3
from collections.abc import Collection, Iterable
from contextlib import closing
from graphlib import TopologicalSorter

import msgspec
from msgspec import Struct

from payproof.store.dialect import spell_schema
from payproof.store.migration import migrations, statements

KINDS: dict[str, type] = {"TEXT": str, "BLOB": bytes, "INTEGER": int, "BIGINT": int, "DOUBLE PRECISION": float}
"""Types of columns that mean the same in both databases, and what they hold."""
VOLATILE = {"job": {"lease_until", "worker"}}
"""What belongs to a process that is at work now: no process goes with the data."""


class Column(Struct, frozen=True):
    name: str
    kind: type
    is_volatile: bool


class Table(Struct, frozen=True):
    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    """Columns of the primary key, in its order."""
    parents: frozenset[str]
    """Tables that its rows refer to."""

    @property
    def row(self) -> type[tuple[object, ...]]:
        """The type of a row: any value may be missing."""
        kinds = tuple(column.kind | None for column in self.columns)
        return tuple[kinds]  # type: ignore[valid-type]

    def ordered(self, columns: list[str]) -> "Table":
        """The same with its columns in another order."""
        by_name = {column.name: column for column in self.columns}
        return msgspec.structs.replace(self, columns=tuple(by_name[name] for name in columns))

    def select(self, *, collation: str = "") -> str:
        """All rows in the order of the key; volatile columns read as missing."""
        texts = {column.name for column in self.columns if column.kind is str}
        columns = [f'NULL AS "{one.name}"' if one.is_volatile else f'"{one.name}"' for one in self.columns]
        order = [f'"{name}"{collation if name in texts else ""}' for name in self.key]
        return f'SELECT {", ".join(columns)} FROM "{self.name}" ORDER BY {", ".join(order)}'


class Unmovable(Exception):
    """The schema has something that cannot be carried from one kind of database to the other."""


def tables(applied: Collection[int]) -> list[Table]:
    """The tables after the migrations of these numbers, by name; `migration` itself is not among them."""
    with closing(sqlite3.connect(":memory:")) as empty:
        for migration in migrations():
            if migration.number in applied:
                for statement in statements(spell_schema(migration.text, postgres=False)):
                    empty.execute(statement)
        names = empty.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall()
        return [_table(empty, name) for (name,) in names]


def children_first(found: Iterable[Table]) -> list[Table]:
    """In an order in which rows may be deleted."""
    by_name = {table.name: table for table in found}
    order = TopologicalSorter({name: table.parents - {name} for name, table in by_name.items()}).static_order()
    return [by_name[name] for name in order if name in by_name][::-1]


def _table(empty: sqlite3.Connection, name: str) -> Table:
    """Raises Unmovable for a table without a key or a column of another kind."""
    found = empty.execute(f'PRAGMA table_info("{name}")').fetchall()
    volatile = VOLATILE.get(name, set())
    columns = []
    for _, column, declared, _, _, _ in found:
        if declared not in KINDS:
            raise Unmovable(f"{name}.{column} is {declared}: use one of {', '.join(KINDS)}")
        columns.append(Column(column, KINDS[declared], column in volatile))
    key = [row[1] for row in sorted(found, key=lambda row: row[5]) if row[5]]
    if not key:
        raise Unmovable(f"{name} has no primary key")
    parents = frozenset(row[2] for row in empty.execute(f'PRAGMA foreign_key_list("{name}")'))
    return Table(name, tuple(columns), tuple(key), parents)
