"""`payproof backup` and `restore` as an operator types them: every mishap is one line, and leaves what was there."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.backup.contents import contents
from tests.backup.test_upgrade import OLD, THEN
from tests.stories.server import Ended, payproof, running

SMALL = ("prlimit", "--fsize=40000")
"""Files may not grow beyond this many bytes: what a full disk is to a program. SQLite shares 32 KiB between readers."""
needs_prlimit = pytest.mark.skipif(shutil.which("prlimit") is None, reason="util-linux is not installed")
Prepared = Callable[[Path], list[str]]


@pytest.fixture(scope="module")
def restored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of the first version, restored, with its master key."""
    made = tmp_path_factory.mktemp("restored")
    (made / "master.key").write_text(str(THEN["master_key"]))
    ended = payproof("restore", str(OLD), "--data", str(made))
    assert ended.code == 0, ended.stderr
    return made


@pytest.fixture
def data(restored: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(restored, tmp_path / "data"))


def refused(ended: Ended, words: str) -> None:
    assert (ended.code, ended.stdout) == (1, "")
    assert ended.stderr.startswith("payproof: ")
    assert ended.stderr.count("\n") == 1
    assert words in ended.stderr


def test_both_tell_what_they_did_to_people_and_to_programs(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "made.backup"
    for_people = payproof("backup", str(file), "--data", str(data))
    assert (for_people.code, for_people.stderr) == (0, "")
    assert for_people.stdout.splitlines()[0].split() == ["TABLE", "ROWS"]
    again = payproof("backup", str(file), "--data", str(data), "--force", "--json")
    backed_up = json.loads(again.stdout)
    assert set(backed_up) == {"file", "size", "sha256", "payproof", "schema", "taken_at", "rows", "tables"}
    assert backed_up["rows"] == sum(backed_up["tables"].values())
    assert backed_up["size"] == file.stat().st_size
    restored = json.loads(payproof("--json", "restore", str(file), "--data", str(tmp_path / "other")).stdout)
    assert restored["tables"] == backed_up["tables"]
    assert restored["master_key_fits"] is None


def test_a_file_that_is_there_is_kept(data: Path, tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("precious")
    refused(payproof("backup", str(tmp_path / "precious"), "--data", str(data)), "add --force")
    assert (tmp_path / "precious").read_text() == "precious"


def test_places_that_cannot_be_written_or_read_are_named(data: Path, tmp_path: Path) -> None:
    nowhere = str(tmp_path / "nowhere" / "file")
    refused(payproof("backup", nowhere, "--data", str(data)), f"{nowhere} cannot be written: No such file")
    refused(payproof("restore", nowhere, "--data", str(tmp_path / "x")), f"{nowhere} cannot be read: No such file")
    refused(payproof("backup", str(tmp_path / "f"), "--data", str(tmp_path / "x")), "there is no ")
    (tmp_path / "taken").write_text("a file where a folder should be")
    refused(payproof("restore", str(OLD), "--data", str(tmp_path / "taken")), "taken")
    assert not (tmp_path / "x").exists()


@needs_prlimit
def test_a_full_disk_leaves_no_backup(data: Path, tmp_path: Path) -> None:
    ended = payproof("backup", str(tmp_path / "made"), "--data", str(data), inside=SMALL)
    refused(ended, "made cannot be written: File too large")
    assert sorted(os.listdir(tmp_path)) == ["data"]


@needs_prlimit
def test_a_full_disk_leaves_the_database_empty(tmp_path: Path) -> None:
    refused(payproof("restore", str(OLD), "--data", str(tmp_path), inside=SMALL), "payproof.sqlite: ")
    assert payproof("restore", str(OLD), "--data", str(tmp_path)).code == 0


def test_a_database_with_data_in_it_or_a_server_on_it_is_let_be(data: Path, tmp_path: Path) -> None:
    before = contents(data / "payproof.sqlite")
    refused(payproof("restore", str(OLD), "--data", str(data)), "restore with another --data")
    assert contents(data / "payproof.sqlite") == before
    with running(tmp_path / "dev", "--port", "0") as dev:
        refused(payproof("restore", str(OLD), "--data", str(dev.data)), "stop that process first")
        assert payproof("backup", str(tmp_path / "made"), "--data", str(dev.data)).code == 0


@pytest.mark.parametrize(
    ("key", "words"), [(None, "there is no master key at hand"), ("A" * 43 + "=", "does not open this data")]
)
def test_a_master_key_that_is_another_or_not_there_is_noticed(tmp_path: Path, key: str | None, words: str) -> None:
    """The data is there all the same: it may be that the key comes later."""
    given = {"PAYPROOF_MASTER_KEY": key} if key else {}
    ended = payproof("restore", str(OLD), "--data", str(tmp_path), **given)
    assert ended.code == 0
    assert words in ended.stderr and ended.stderr.count("\n") == 1
    started = payproof("key", "list", "--data", str(tmp_path), **given)
    assert (started.code, "master key" in started.stderr) == (1, True)
    listed = payproof("key", "list", "--data", str(tmp_path), "--json", PAYPROOF_MASTER_KEY=str(THEN["master_key"]))
    assert [one["client_id"] for one in json.loads(listed.stdout)] == [THEN["client_id"]]


def test_what_is_no_backup_restores_nothing(tmp_path: Path) -> None:
    torn = tmp_path / "torn"
    torn.write_bytes(OLD.read_bytes()[:-100])
    refused(payproof("restore", str(torn), "--data", str(tmp_path / "data")), "the file is damaged")
    torn.write_text("Dear operator")
    refused(payproof("restore", str(torn), "--data", str(tmp_path / "data")), "no backup of payproof")
    assert not (tmp_path / "data").exists()


def test_a_backup_is_taken_of_what_a_killed_server_left(data: Path, tmp_path: Path) -> None:
    """Its last writes are in the log beside the file."""
    with closing(sqlite3.connect(data / "payproof.sqlite", isolation_level=None)) as held:
        held.execute("INSERT INTO client (id, created_at) VALUES ('the last', 1)")
        shutil.copytree(data, tmp_path / "left")
    assert (tmp_path / "left" / "payproof.sqlite-wal").stat().st_size > 0
    told = payproof("backup", str(tmp_path / "made"), "--data", str(tmp_path / "left"), "--json")
    assert json.loads(told.stdout)["tables"]["client"] == 2
