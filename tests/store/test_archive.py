"""A backup is there whole or not at all, and what is not as it was written is never believed."""

import asyncio
import fcntl
import hashlib
import io
import os
import random
import re
import signal
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

import msgspec
import pytest

from payproof.model.id import ClientId
from payproof.model.tenant import Environment
from payproof.store import Store
from payproof.store.archive import MANIFEST, SUM, Archive, ArchiveDamaged, ArchiveExists, ArchiveNewer, written
from payproof.store.backup import back_up
from payproof.store.bulk import NothingThere
from payproof.store.key import ensure_tenant
from payproof.store.migration import SchemaChanged, SchemaNewer
from payproof.store.restore import check, restore
from payproof.store.unusable import DatabaseUnusable
from payproof.testing.clock import ManualClock
from tests import acting
from tests.databases import MASTER_KEY

DYING = """
import os, signal, sys
from pathlib import Path
from payproof import clock
from payproof.store import bulk
from payproof.store.backup import back_up

bulk.TOLD_EVERY = 1

def told(doing, table, rows):
    if table == "task":
        os.kill(os.getpid(), signal.SIGKILL)

back_up(Path(sys.argv[1]), Path(sys.argv[2]), told, clock.now())
"""
Change = Callable[[dict[str, bytes]], None]


def silent(doing: str, table: str, rows: int) -> None: ...


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A backup of a few rows."""
    place = tmp_path_factory.mktemp("whole")
    asyncio.run(_fill(place / "from.sqlite"))
    back_up(place / "from.sqlite", place / "whole", silent, ManualClock()())
    return (place / "whole").read_bytes()


async def _fill(path: Path) -> None:
    store = Store(path, MASTER_KEY, wall=ManualClock())
    await store.start()
    tenant = await store.everywhere.write(ensure_tenant, ClientId("client"), Environment.SANDBOX, "seed")
    await store.of(tenant).write(acting.add_webhook)
    await store.of(tenant).write(acting.begin, "person.ask")
    await store.stop()


def unpacked(whole: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(whole)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def packed(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, body in members.items():
            made.writestr(name, body)
    return file.getvalue()


def judge(whole: bytes) -> None:
    check(Archive(io.BytesIO(whole)), silent)


def say(members: dict[str, bytes], **other: object) -> None:
    """Change what the archive says of itself, with the right sum."""
    said = msgspec.json.decode(members[MANIFEST]) | other
    members[MANIFEST] = msgspec.json.encode(said)
    members[SUM] = hashlib.sha256(members[MANIFEST]).hexdigest().encode()


def test_one_that_was_packed_anew_is_the_same(whole: bytes) -> None:
    judge(packed(unpacked(whole)))


def test_a_changed_bit_is_noticed_or_means_nothing(whole: bytes) -> None:
    """Some bytes of a zip are of no account, such as the moment of a member; then all members are as they were."""
    drawn = random.Random(4711)
    places = [*range(len(whole)), *2 * list(range(whole.index(b"PK\x01\x02"), len(whole)))]
    flips = [(drawn.choice(places), drawn.randrange(8)) for _ in range(200)]
    # The members' ways of packing, whose own errors are of many kinds.
    flips += [(found.start() + 10, bit) for found in re.finditer(b"PK\x01\x02", whole) for bit in range(8)][::7]
    noticed = 0
    for place, bit in flips:
        torn = bytearray(whole)
        torn[place] ^= 1 << bit
        try:
            judge(bytes(torn))
        except ArchiveDamaged:
            noticed += 1
        else:
            assert unpacked(bytes(torn)) == unpacked(whole), place
    assert noticed > 100


@pytest.mark.parametrize("part", [0, 1, 100, 0.3, 0.5, 0.9, 0.999])
def test_a_torn_one_is_refused(whole: bytes, part: float) -> None:
    with pytest.raises(ArchiveDamaged, match="damaged"):
        judge(whole[: part if isinstance(part, int) else int(part * len(whole))])


def _row_dropped(members: dict[str, bytes]) -> None:
    members["tables/task.jsonl"] = b""


def _table_dropped(members: dict[str, bytes]) -> None:
    del members["tables/task.jsonl"]


def _table_not_named(members: dict[str, bytes]) -> None:
    said = msgspec.json.decode(members[MANIFEST])["tables"]
    say(members, tables=[one for one in said if one["name"] != "task"])
    del members["tables/task.jsonl"]


def _member_added(members: dict[str, bytes]) -> None:
    members["tables/../../escaped"] = b"x"


def _manifest_changed(members: dict[str, bytes]) -> None:
    members[MANIFEST] = members[MANIFEST].replace(b'"sqlite"', b'"nobody"')


@pytest.mark.parametrize(
    "change",
    [_row_dropped, _table_dropped, _table_not_named, _member_added, _manifest_changed],
    ids=lambda c: c.__name__,
)
def test_one_with_other_contents_is_refused(whole: bytes, change: Change) -> None:
    members = unpacked(whole)
    change(members)
    with pytest.raises(ArchiveDamaged):
        judge(packed(members))


def test_one_of_a_newer_format_is_refused(whole: bytes) -> None:
    members = unpacked(whole)
    say(members, format=2, surprise=True)
    with pytest.raises(ArchiveNewer, match="newer version"):
        judge(packed(members))


def test_one_of_a_newer_or_another_schema_is_refused(whole: bytes) -> None:
    members = unpacked(whole)
    applied = msgspec.json.decode(members[MANIFEST])["migrations"]
    say(members, schema=999, migrations=applied | {"999": "x"})
    with pytest.raises(SchemaNewer, match="newer version"):
        judge(packed(members))
    say(members, migrations=applied | {"1": "another"})
    with pytest.raises(SchemaChanged):
        judge(packed(members))


def test_values_of_another_type_are_refused_with_nothing_restored(whole: bytes, tmp_path: Path) -> None:
    """A right sum over wrong lines: nobody makes one by accident."""
    members = unpacked(whole)
    body = members["tables/client.jsonl"] = b'[{"a":1},2]\n'
    said = msgspec.json.decode(members[MANIFEST])["tables"]
    summed = {"rows": 1, "sha256": hashlib.sha256(body).hexdigest()}
    say(members, tables=[one | summed if one["name"] == "client" else one for one in said])
    archive = Archive(io.BytesIO(packed(members)))
    check(archive, silent)
    with pytest.raises(ArchiveDamaged):
        restore(archive, tmp_path / "to.sqlite", silent)
    with pytest.raises(NothingThere):
        back_up(tmp_path / "to.sqlite", tmp_path / "none", silent, ManualClock()())


def test_a_file_is_whole_private_and_synced_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "made"
    with written(path, overwrite=False) as file:
        file.write(b"first")
        assert not path.exists()
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"first", 0o600)
    with pytest.raises(ArchiveExists), written(path, overwrite=False):
        pytest.fail("it is not to begin")
    with pytest.raises(LookupError), written(path, overwrite=True) as file:
        _write_and_fail(file)
    assert (path.read_bytes(), os.listdir(tmp_path)) == (b"first", ["made"])
    with written(path, overwrite=True) as file:
        file.write(b"2")
    assert path.read_bytes() == b"2"


def _write_and_fail(file: IO[bytes]) -> None:
    file.write(b"second")
    raise LookupError


def test_what_a_killed_writer_left_is_used_again_and_a_living_one_is_let_be(tmp_path: Path) -> None:
    partial = tmp_path / "made.partial"
    partial.write_bytes(b"left by a killed writer, and longer")
    partial.chmod(0o644)
    with written(tmp_path / "made", overwrite=False) as file:
        file.write(b"new")
        with pytest.raises(ArchiveExists, match="another process"), written(tmp_path / "made", overwrite=True):
            pytest.fail("it is not to begin")
    assert (tmp_path / "made").read_bytes() == b"new"
    assert stat.S_IMODE((tmp_path / "made").stat().st_mode) == 0o600


async def test_a_backup_that_is_killed_leaves_no_file_and_the_next_one_is_whole(tmp_path: Path) -> None:
    await _fill(tmp_path / "p.sqlite")
    arguments = [sys.executable, "-c", DYING, str(tmp_path / "p.sqlite"), str(tmp_path / "made")]
    killed = await asyncio.to_thread(subprocess.run, arguments, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert made_in(tmp_path) == ["made.partial"]
    back_up(tmp_path / "p.sqlite", tmp_path / "made", silent, ManualClock()())
    judge((tmp_path / "made").read_bytes())
    assert made_in(tmp_path) == ["made"]


def made_in(place: Path) -> list[str]:
    return sorted(one.name for one in place.glob("made*"))


def test_a_file_that_appears_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    with pytest.raises(ArchiveExists), written(tmp_path / "made", overwrite=False):
        (tmp_path / "made").write_bytes(b"another's")
    assert (tmp_path / "made").read_bytes() == b"another's"


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnusable, match="there is no"):
        back_up(tmp_path / "none.sqlite", tmp_path / "made", silent, ManualClock()())
    (tmp_path / "void.sqlite").touch()
    with pytest.raises(NothingThere):
        back_up(tmp_path / "void.sqlite", tmp_path / "made", silent, ManualClock()())
    (tmp_path / "text.sqlite").write_text("this is no database at all" * 100)
    with pytest.raises(DatabaseUnusable, match="not a database"):
        back_up(tmp_path / "text.sqlite", tmp_path / "made", silent, ManualClock()())
    assert sorted(os.listdir(tmp_path)) == ["text.sqlite", "void.sqlite"]


async def test_a_backup_takes_no_lock_and_a_locked_file_can_be_backed_up(tmp_path: Path, wall: ManualClock) -> None:
    store = Store(tmp_path / "p.sqlite", MASTER_KEY, wall=wall)
    await store.start()
    back_up(tmp_path / "p.sqlite", tmp_path / "beside", silent, wall())
    await store.stop()
    with (tmp_path / "p.sqlite.lock").open() as lock:
        back_up(tmp_path / "p.sqlite", tmp_path / "alone", silent, wall())
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
