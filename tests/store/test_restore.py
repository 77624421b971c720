"""A restore gives an empty database of either kind the same rows, or leaves it empty, wherever it dies."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from payproof.model.company import Company, Origin
from payproof.model.id import ClientId
from payproof.model.job import JobKind
from payproof.model.tenant import Environment, Tenant
from payproof.store import FileHeld, Store, SystemTx, Tx, WrongKey, lease
from payproof.store.archive import Archive, Digest
from payproof.store.backup import back_up
from payproof.store.bulk import NothingThere
from payproof.store.company import write_companies
from payproof.store.dialect import Sql, SystemSql
from payproof.store.key import ensure_tenant
from payproof.store.migration import SchemaNewer
from payproof.store.provider import write_provider
from payproof.store.restore import NotEmpty, NotEqual, check, fits, restore
from payproof.store.sealing import Vault
from payproof.store.seed import seed_directory
from payproof.store.unusable import DatabaseHeld, DatabaseUnusable
from payproof.testing.clock import ManualClock
from tests import acting
from tests.backup.contents import contents, differences
from tests.databases import MASTER_KEY

DYING = """
import os, signal, sys
from pathlib import Path
from payproof.store.archive import Archive
from payproof.store.provider import write_provider
from payproof.store.restore import restore
from payproof.store import bulk

bulk.TOLD_EVERY = 1
place, path, at = sys.argv[1:]
steps = iter(range(int(at), -1, -1))

def told(doing, table, rows):
    if next(steps) == 0:
        os.kill(os.getpid(), signal.SIGKILL)

with open(path, "rb") as file:
    restore(Archive(file), place if "://" in place else Path(place), told)
"""
POSITIONS = Sql("SELECT position FROM event WHERE tenant = :tenant ORDER BY position")
LEASED = SystemSql("SELECT kind, subject, tries, fence FROM job WHERE lease_until IS NOT NULL OR worker IS NOT NULL")


def silent(doing: str, table: str, rows: int) -> None: ...


def put_back(path: Path, where: Path | str) -> None:
    with path.open("rb") as file:
        archive = Archive(file)
        check(archive, silent)
        restore(archive, where, silent)


def sums(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        return {held.name: held.sha256 for held in Archive(file).manifest.tables}


@pytest.fixture
async def source(tmp_path: Path, wall: ManualClock) -> Path:
    """A database with a claimed job in it, and its backup beside it."""
    store = Store(tmp_path / "source.sqlite", MASTER_KEY, wall=wall)
    await store.start()
    tenant = await store.everywhere.write(ensure_tenant, ClientId("client"), Environment.SANDBOX, "seed")
    of = store.of(tenant)
    await of.write(acting.add_webhook)
    for name in ("person.ask", "Ünïcödé 'quoted' \\ \u2028"):
        await of.write(acting.begin, name)
    assert await store.everywhere.write(lease.claim, JobKind.VERIFY, "a-worker", 1)
    await store.stop()
    back_up(tmp_path / "source.sqlite", tmp_path / "backup", silent, wall())
    return tmp_path / "source.sqlite"


async def opened(where: Path | str, wall: ManualClock) -> tuple[Store, Tenant]:
    store = Store(where, MASTER_KEY, wall=wall)
    await store.start()
    return store, await store.everywhere.write(ensure_tenant, ClientId("client"), Environment.SANDBOX, "seed")


async def test_gives_the_same_rows_less_the_leases(
    source: Path, tmp_path: Path, target: Path | str, wall: ManualClock
) -> None:
    put_back(tmp_path / "backup", target)
    there, here = contents(source), contents(target)
    assert set(differences(there, here)) == {"job"}
    store, _ = await opened(target, wall)
    assert await store.everywhere.read(lambda tx: tx.all(LEASED)) == []
    leases = await store.everywhere.write(lease.claim, JobKind.VERIFY, "another", 9)
    await store.stop()
    assert sorted(one.tries for one in leases) == [1, 2], "a claim without outcome still counts"
    back_up(target, tmp_path / "again", silent, wall())
    assert {name for name, held in sums(tmp_path / "again").items() if held != sums(tmp_path / "backup")[name]} == {
        "job"
    }


async def test_events_keep_their_positions_and_the_next_come_after(
    source: Path, tmp_path: Path, target: Path | str, wall: ManualClock
) -> None:
    put_back(tmp_path / "backup", target)
    store, tenant = await opened(target, wall)
    before = await store.of(tenant).read(_positions)
    await store.of(tenant).write(acting.begin, "one.more")
    after = await store.of(tenant).read(_positions)
    await store.stop()
    assert before == sorted(row["position"] for row in contents(source)["event"])
    assert after[: len(before)] == before and len(after) > len(before)


def _positions(tx: Tx) -> list[int]:
    return [row[0] for row in tx.all(POSITIONS)]


async def test_a_database_that_was_only_started_is_empty(
    source: Path, tmp_path: Path, target: Path | str, wall: ManualClock
) -> None:
    store = Store(target, bytes(32), wall=wall)
    await store.start()
    await store.everywhere.write(seed_directory)
    await store.everywhere.write(write_provider, acting.provider())
    await store.stop()
    put_back(tmp_path / "backup", target)
    store, tenant = await opened(target, wall)
    assert await store.of(tenant).read(_positions)
    await store.stop()


async def test_one_with_anything_in_it_is_refused(
    source: Path, tmp_path: Path, target: Path | str, wall: ManualClock
) -> None:
    store, _ = await opened(target, wall)
    await store.stop()
    before = contents(target)
    with pytest.raises(NotEmpty, match="client"):
        put_back(tmp_path / "backup", target)
    assert contents(target) == before


async def test_one_with_an_imported_directory_is_refused(
    source: Path, tmp_path: Path, target: Path | str, wall: ManualClock
) -> None:
    store = Store(target, MASTER_KEY, wall=wall)
    await store.start()
    own = Company(id="1" * 32, name="An Employer", domain="employer.example", origin=Origin.IMPORT)
    await store.everywhere.write(write_companies, [own])
    await store.stop()
    with pytest.raises(NotEmpty, match="company"):
        put_back(tmp_path / "backup", target)


async def test_one_of_a_newer_schema_is_refused(
    source: Path, tmp_path: Path, target: Path | str, wall: ManualClock
) -> None:
    store = Store(target, MASTER_KEY, wall=wall)
    await store.start()
    await store.everywhere.write(_add_later_migration)
    await store.stop()
    with pytest.raises(SchemaNewer):
        put_back(tmp_path / "backup", target)


def _add_later_migration(tx: SystemTx) -> None:
    tx.put(SystemSql("INSERT INTO migration (number, name, checksum) VALUES (999, 'later', '')"))


async def test_one_in_use_is_refused(source: Path, tmp_path: Path, target: Path | str, wall: ManualClock) -> None:
    store = Store(target, MASTER_KEY, wall=wall)
    await store.start()
    with pytest.raises((FileHeld, DatabaseHeld)):
        put_back(tmp_path / "backup", target)
    await store.stop()
    put_back(tmp_path / "backup", target)


async def test_nobody_starts_on_one_that_is_being_restored(source: Path, tmp_path: Path, target: Path | str) -> None:
    refused = []

    def start_meanwhile(doing: str, table: str, rows: int) -> None:
        backend = Store(target, MASTER_KEY)._backend
        with pytest.raises((FileHeld, DatabaseHeld)) as refusal:
            backend.start()
        backend.stop()
        refused.append(refusal.value)

    with (tmp_path / "backup").open("rb") as file, pytest.MonkeyPatch.context() as patch:
        patch.setattr("payproof.store.bulk.TOLD_EVERY", 2)
        patch.setattr("payproof.store.postgres._ENDING_SECONDS", 0.05)
        restore(Archive(file), target, start_meanwhile)
    assert refused


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.8, 0.99])
async def test_one_killed_at_any_point_leaves_it_empty(
    source: Path, tmp_path: Path, target: Path | str, wall: ManualClock, share: float
) -> None:
    rows = sum(len(rows) for name, rows in contents(source).items() if name != "migration")
    arguments = [str(target), str(tmp_path / "backup"), str(int(share * 2 * rows))]
    killed = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", DYING, *arguments], check=False)
    assert killed.returncode == -signal.SIGKILL
    with pytest.raises((NothingThere, DatabaseUnusable)):
        back_up(target, tmp_path / "again", silent, wall())
    put_back(tmp_path / "backup", target)
    back_up(target, tmp_path / "again", silent, wall())
    assert sums(tmp_path / "again") == sums(tmp_path / "backup")


async def test_rows_that_do_not_read_as_they_were_written_are_not_kept(
    source: Path, tmp_path: Path, target: Path | str, wall: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Digest, "line", lambda self, row: b"")
    with pytest.raises(NotEqual, match="nothing was restored"):
        put_back(tmp_path / "backup", target)
    monkeypatch.undo()
    with pytest.raises(NothingThere):
        back_up(target, tmp_path / "again", silent, wall())


async def test_what_postgres_cannot_hold_is_told_in_one_line(
    tmp_path: Path, postgres_database: str, wall: ManualClock
) -> None:
    store = Store(tmp_path / "p.sqlite", MASTER_KEY, wall=wall)
    await store.start()
    await store.everywhere.write(ensure_tenant, ClientId("a\0b"), Environment.SANDBOX, "seed")
    await store.stop()
    back_up(tmp_path / "p.sqlite", tmp_path / "backup", silent, wall())
    with pytest.raises(DatabaseUnusable, match=r"(?s)0x00.*COPY client"):
        put_back(tmp_path / "backup", postgres_database)


async def test_whether_a_master_key_opens_it_is_known(source: Path, tmp_path: Path) -> None:
    with (tmp_path / "backup").open("rb") as file:
        archive = Archive(file)
        assert fits(archive, Vault(MASTER_KEY))
        assert not fits(archive, Vault(bytes(32)))
    put_back(tmp_path / "backup", tmp_path / "target.sqlite")
    with pytest.raises(WrongKey):
        await Store(tmp_path / "target.sqlite", bytes(32)).start()
