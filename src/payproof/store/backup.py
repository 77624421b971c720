"""A backup: all tables from one snapshot, beside whatever is at work, into one file. Sealed bodies stay sealed."""

from datetime import datetime
from pathlib import Path

from msgspec import Struct

from payproof import __version__
from payproof.store.archive import FORMAT, Held, Manifest, Writing, written
from payproof.store.bulk import Bulk, Told, counted, known_migrations, reading
from payproof.store.shape import Table, tables


class Backup(Struct, frozen=True):
    manifest: Manifest
    sha256: str
    """Of the manifest, and by it of everything."""
    size: int
    """Bytes."""


def back_up(where: Path | str, path: Path, told: Told, at: datetime, *, overwrite: bool = False) -> Backup:
    """Write the file, whole or not at all. Changes nothing in the database, and needs no master key.

    Raises ArchiveExists, DatabaseUnusable, NothingThere, SchemaNewer, SchemaChanged, OSError.
    """
    with reading(where) as bulk, written(path, overwrite=overwrite) as file, Writing(file) as writing:
        applied = known_migrations(bulk, where)
        manifest = Manifest(
            format=FORMAT,
            payproof=__version__,
            schema=max(applied),
            migrations=applied,
            taken_at=f"{at:%Y-%m-%dT%H:%M:%SZ}",
            taken_from="postgresql" if bulk.is_postgres else "sqlite",
            tables=[_write(bulk, writing, table, told) for table in tables(applied)],
        )
        total = writing.close(manifest)
        size = file.tell()
    return Backup(manifest, total, size)


def _write(bulk: Bulk, writing: Writing, table: Table, told: Told) -> Held:
    return writing.write(table, counted(bulk.rows(table), told, "backing up", table.name))
