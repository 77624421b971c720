"""The schema is the sum of its numbered migrations, each applied once and checked for change afterwards."""

import hashlib
from collections.abc import Callable, Collection, Mapping
from importlib.resources import files

from msgspec import Struct

from payproof.store.dialect import SystemSql, spell_schema
from payproof.store.transaction import Cursor


class Migration(Struct, frozen=True):
    number: int
    name: str
    text: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


class SchemaNewer(Exception):
    """The database was written by a newer payproof: this one must not touch it."""


class SchemaChanged(Exception):
    """A migration that was applied has another text today: the installation is damaged."""


def migrations() -> list[Migration]:
    """All migrations this version knows, in order."""
    folder = files(__package__) / "migrations"
    found = [file for file in folder.iterdir() if file.name.endswith(".sql")]
    return [
        Migration(int(file.name[:4]), file.name[5:-4], file.read_text()) for file in sorted(found, key=lambda f: f.name)
    ]


_TABLE = SystemSql(
    "CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL)"
)
_APPLIED = SystemSql("SELECT number, checksum FROM migration ORDER BY number")
_RECORD = SystemSql("INSERT INTO migration (number, name, checksum) VALUES (:number, :name, :checksum)")


def statements(text: str) -> list[str]:
    """A script, one statement after another."""
    return [statement for statement in text.split(";\n") if statement.strip()]


def check_known(applied: Mapping[int, str]) -> None:
    """`applied` are numbers and checksums, as a database or a backup has them. Raises SchemaNewer, SchemaChanged."""
    known = migrations()
    newest = max(applied, default=0)
    if newest > known[-1].number:
        raise SchemaNewer(
            f"the data has schema {newest} and this payproof knows {known[-1].number}:"
            " it was written by a newer version, which must be used again"
        )
    for migration in known:
        if applied.get(migration.number, migration.checksum) != migration.checksum:
            raise SchemaChanged(f"migration {migration.number:04} differs from the one that was applied")


def migrate(
    cursor: Cursor, run_script: Callable[[str], None], *, postgres: bool, only: Collection[int] | None = None
) -> int:
    """Apply what is missing, or what of `only` these is, inside the caller's transaction and lock; returns how many."""
    cursor.run(_TABLE, {})
    applied = applied_in(cursor)
    check_known(applied)
    missing = [one for one in migrations() if one.number not in applied and (only is None or one.number in only)]
    for migration in missing:
        run_script(spell_schema(migration.text, postgres=postgres))
        cursor.run(_RECORD, {"number": migration.number, "name": migration.name, "checksum": migration.checksum})
    return len(missing)


def applied_in(cursor: Cursor) -> dict[int, str]:
    """Number and checksum of each migration that this database has had."""
    return dict(cursor.all(_APPLIED, {}))
