"""The file that a backup is: a zip with one member of JSON lines for each table, and what is to be known of them."""

import hashlib
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, LOCK_NB, flock
from io import BufferedReader
from pathlib import Path
from typing import IO, Any, cast

import msgspec
from msgspec import Struct

from payproof.store.shape import Table
from payproof.store.transaction import Row

FORMAT = 1
MANIFEST, SUM = "manifest.json", "manifest.json.sha256"
_BLOCK = 1 << 20


class Held(Struct, frozen=True):
    """A table as the archive holds it. Values of type `bytes` are in base64."""

    name: str
    columns: list[str]
    rows: int
    sha256: str
    """Of its lines."""


class Manifest(Struct, frozen=True):
    format: int
    payproof: str
    schema: int
    migrations: dict[int, str]
    """Number and checksum of each migration that the data has had."""
    taken_at: str
    taken_from: str
    tables: list[Held]


class _Format(Struct, frozen=True):
    format: int


class ArchiveExists(Exception):
    """Nothing is overwritten unasked."""


class ArchiveDamaged(Exception):
    """It is no backup, or not as it was written."""


class ArchiveNewer(Exception):
    """A newer payproof wrote it."""


class Digest:
    """Rows as lines, counted and summed up on their way."""

    def __init__(self) -> None:
        self.count = 0
        self._sum = hashlib.sha256()

    @property
    def sha256(self) -> str:
        return self._sum.hexdigest()

    def line(self, row: Row) -> bytes:
        line = _ENCODER.encode(row) + b"\n"
        self._sum.update(line)
        self.count += 1
        return line


_ENCODER = msgspec.json.Encoder()


class Writing:
    """A backup on its way into a file. What is not closed in the block is given up."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1)

    def __enter__(self) -> "Writing":
        return self

    def __exit__(self, *failed: object) -> None:
        with suppress(OSError):  # it writes its end, and would do so later, into a file that is closed
            self._zip.close()

    def write(self, table: Table, rows: Iterable[Row]) -> Held:
        digest = Digest()
        with self._zip.open(_member(table.name), "w", force_zip64=True) as member:
            for row in rows:
                member.write(digest.line(row))
        return Held(table.name, [column.name for column in table.columns], digest.count, digest.sha256)

    def close(self, manifest: Manifest) -> str:
        """Returns the sum of the manifest, which holds the sums of all else."""
        body = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
        total = hashlib.sha256(body).hexdigest()
        self._zip.writestr(MANIFEST, body)
        self._zip.writestr(SUM, f"{total}  {MANIFEST}\n")
        self._zip.close()
        return total


class Archive:
    """A backup, opened to be read: what it says of itself is checked here, its tables by `verify`."""

    def __init__(self, file: IO[bytes]) -> None:
        """Raises ArchiveDamaged, ArchiveNewer."""
        with _damage_named():
            self._zip = zipfile.ZipFile(file)
            if {member.compress_type for member in self._zip.infolist()} - {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                raise ArchiveDamaged("the file is damaged: a part of it is not packed as payproof packs")
            self.manifest = self._manifest()
            expected = sorted([MANIFEST, SUM, *(_member(held.name) for held in self.manifest.tables)])
            if sorted(self._zip.namelist()) != expected:
                raise ArchiveDamaged("the file does not have in it what it says it has")

    @property
    def tables(self) -> dict[str, Held]:
        return {held.name: held for held in self.manifest.tables}

    def verify(self, held: Held) -> None:
        """Raises ArchiveDamaged."""
        digest = hashlib.sha256()
        with _damage_named(), self._zip.open(_member(held.name)) as member:
            while block := member.read(_BLOCK):
                digest.update(block)
        if digest.hexdigest() != held.sha256:
            raise ArchiveDamaged(f"the file is damaged: table {held.name} is not as it was written")

    def rows(self, table: Table) -> Iterator[Row]:
        decoder = msgspec.json.Decoder(table.row)
        with _damage_named(), self._zip.open(_member(table.name)) as member:
            for line in BufferedReader(cast(Any, member), _BLOCK):
                yield decoder.decode(line)

    def _manifest(self) -> Manifest:
        body = self._zip.read(MANIFEST)
        if self._zip.read(SUM).split()[:1] != [hashlib.sha256(body).hexdigest().encode()]:
            raise ArchiveDamaged("the file is damaged: what it says of itself is not as it was written")
        newest = msgspec.json.decode(body, type=_Format).format
        if newest > FORMAT:
            raise ArchiveNewer(f"the file has format {newest}, this payproof knows {FORMAT}: a newer version wrote it")
        return msgspec.json.decode(body, type=Manifest)


@contextmanager
def written(path: Path, *, overwrite: bool) -> Iterator[IO[bytes]]:
    """A file that is there whole, synced, and only its owner's to read, or not at all. Raises ArchiveExists, OSError.

    It grows under another name. What a killed process left under that name is used again.
    """
    _refuse_existing(path, overwrite)
    partial = path.with_name(f"{path.name}.partial")
    with open(os.open(partial, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b") as file:
        _claim(file, partial)
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            _refuse_existing(path, overwrite)
            partial.replace(path)
        except BaseException:
            with suppress(OSError):
                partial.unlink()
            raise
    _sync_directory(path.parent)


def _refuse_existing(path: Path, overwrite: bool) -> None:
    if path.exists() and not overwrite:
        raise ArchiveExists(f"{path} is there already")


def _claim(file: IO[bytes], partial: Path) -> None:
    """For us alone, and empty."""
    try:
        flock(file, LOCK_EX | LOCK_NB)
        is_ours = os.fstat(file.fileno()).st_ino == partial.stat().st_ino  # else another finished it meanwhile
    except (BlockingIOError, FileNotFoundError):
        is_ours = False
    if not is_ours:
        raise ArchiveExists(f"{partial} is being written by another process")
    os.fchmod(file.fileno(), 0o600)
    file.truncate(0)


def _sync_directory(path: Path) -> None:
    directory = os.open(path, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _member(table: str) -> str:
    return f"tables/{table}.jsonl"


@contextmanager
def _damage_named() -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError, ValueError) as wrong:
        raise ArchiveDamaged(f"the file is damaged, or no backup of payproof: {wrong}") from wrong
