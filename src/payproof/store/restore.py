"""A restore: a backup loaded into an empty database of either kind, compared with the file, and only then there."""

from collections.abc import Collection
from pathlib import Path

from payproof.store import key_check
from payproof.store.archive import Archive, ArchiveDamaged, Digest
from payproof.store.bulk import Bulk, Told, counted, filling, known_migrations
from payproof.store.dialect import SystemSql
from payproof.store.migration import check_known
from payproof.store.sealing import Vault, WrongKey
from payproof.store.shape import Table, tables

_OF_EVERY_START = {
    **dict.fromkeys(("meta", "provider", "directory_entry", "directory_trigram", "directory_trigram_count"), "1 = 0"),
    **dict.fromkeys(("company", "institution"), "origin = 'import'"),
}
"""What a server writes into these when it starts, it writes again; which of their rows are somebody's data."""


class NotEmpty(Exception):
    """Nothing is restored over other data."""


class NotEqual(Exception):
    """What was loaded does not read as the file has it: nothing of it was kept."""


def check(archive: Archive, told: Told) -> None:
    """That the file is as it was written and that we know its schema, before anything is believed of it.

    Raises ArchiveDamaged, SchemaNewer, SchemaChanged.
    """
    manifest = archive.manifest
    check_known(manifest.migrations)
    expected = {table.name: {column.name for column in table.columns} for table in tables(manifest.migrations)}
    if {name: set(held.columns) for name, held in archive.tables.items()} != expected:
        raise ArchiveDamaged(f"the file does not have the tables of schema {manifest.schema}")
    for held in manifest.tables:
        told("checking", held.name, 0)
        archive.verify(held)


def restore(archive: Archive, where: Path | str, told: Told, *, only: Collection[int] | None = None) -> None:
    """Load a checked archive, compare, and migrate to today's schema (`only` by these), all in one transaction.

    Raises NotEmpty, NotEqual, FileHeld, DatabaseHeld, DatabaseUnusable, SchemaNewer.
    """
    held = _tables(archive)
    with filling(where) as bulk:
        _clear(bulk, where)
        bulk.migrate(only=archive.manifest.migrations)
        bulk.unbind(held)
        for table in held:
            bulk.load(table, counted(archive.rows(table), told, "restoring", table.name))
        bulk.settle(held)
        for table in held:
            _compare(bulk, table, archive, told)
        bulk.migrate(only=only)


def _tables(archive: Archive) -> list[Table]:
    """With their columns in the order that they have in the file."""
    return [table.ordered(archive.tables[table.name].columns) for table in tables(archive.manifest.migrations)]


def _clear(bulk: Bulk, where: Path | str) -> None:
    """An empty database may have been migrated already, further than the archive."""
    if not bulk.applied():
        return
    present = [table.name for table in tables(known_migrations(bulk, where))]
    for name in present:
        mark = _OF_EVERY_START.get(name, "1 = 1")
        if bulk.cursor.one(SystemSql(f'SELECT 1 FROM "{name}" WHERE {mark} LIMIT 1'), {}):
            place = where if isinstance(where, Path) else "that database"
            raise NotEmpty(f"{place} has data in it (table {name})")
    bulk.drop([*present, "migration"])


def _compare(bulk: Bulk, table: Table, archive: Archive, told: Told) -> None:
    digest = Digest()
    for row in counted(bulk.rows(table), told, "comparing", table.name):
        digest.line(row)
    held = archive.tables[table.name]
    if (digest.count, digest.sha256) != (held.rows, held.sha256):
        raise NotEqual(f"table {table.name} does not read as the file has it: nothing was restored")


def fits(archive: Archive, vault: Vault) -> bool:
    """Whether that master key opens what is sealed in a checked archive."""
    meta = next(table for table in _tables(archive) if table.name == "meta")
    columns = archive.tables["meta"].columns
    at_name, at_value = columns.index("name"), columns.index("value")
    kept: dict[str, bytes] = {row[at_name]: row[at_value] for row in archive.rows(meta)}
    try:
        key_check.settle(vault, kept)
    except WrongKey:
        return False
    return True
