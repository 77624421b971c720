"""The file of the master key follows the data: whenever the change dies, the next call finishes it, and says so."""

import base64
import stat
from pathlib import Path

import pytest

from payproof.app import rotation
from payproof.app.diagnosis.case import Case
from payproof.app.diagnosis.key import master_key_fits
from payproof.app.keeping import add_key, live_keys
from payproof.app.keys import master_key
from payproof.app.opening import RotationUnfinished
from payproof.app.rotation import rotate_master_key
from payproof.config import BadSetting, Settings
from payproof.model.secret import Secret
from payproof.store import WrongKey


class Died(BaseException):
    """The process is gone at this line."""


def die(*args: object, **more: object) -> None:
    raise Died


def silent(doing: str, table: str, rows: int) -> None: ...


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Data with one key in it."""
    made = Settings(data=tmp_path)
    master_key(made, may_make=True)
    add_key(made, "client", "sandbox")
    return made


def files(settings: Settings) -> set[str]:
    return {path.name for path in settings.data.glob("master.key*")}


def die_at(patching: pytest.MonkeyPatch, owner: object, name: str, settings: Settings, death: object = die) -> None:
    with patching.context() as patch:
        patch.setattr(owner, name, death)
        with pytest.raises(Died):
            rotate_master_key(settings, silent)


def test_the_file_is_replaced_and_the_old_one_kept(settings: Settings, tmp_path: Path) -> None:
    old = (tmp_path / "master.key").read_bytes()
    done = rotate_master_key(settings, silent)
    assert (done.count, done.new, done.old) == (3, tmp_path / "master.key", tmp_path / "master.key.old")
    assert files(settings) == {"master.key", "master.key.old"}
    assert (tmp_path / "master.key.old").read_bytes() == old != (tmp_path / "master.key").read_bytes()
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("master.key*")} == {0o600}
    assert len(live_keys(settings)) == 1


def test_the_old_one_of_an_earlier_change_is_not_lost(settings: Settings, tmp_path: Path) -> None:
    rotate_master_key(settings, silent)
    kept = (tmp_path / "master.key.old").read_bytes()
    with pytest.raises(BadSetting, match="earlier change"):
        rotate_master_key(settings, silent)
    assert (tmp_path / "master.key.old").read_bytes() == kept
    (tmp_path / "master.key.old").unlink()
    assert rotate_master_key(settings, silent).count == 3


@pytest.mark.parametrize("line", ["write_key", "read_key", "rotate"])
def test_one_that_died_before_the_data_was_new_leaves_the_old_key(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    die_at(monkeypatch, rotation, line, settings)
    assert len(live_keys(settings)) == 1
    rotate_master_key(settings, silent)
    assert files(settings) == {"master.key", "master.key.old"}
    assert len(live_keys(settings)) == 1


def test_one_that_died_before_the_file_was_new_says_what_is_to_be_done(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    die_at(monkeypatch, rotation, "write_whole", settings)
    with pytest.raises(RotationUnfinished, match="payproof master-key rotate"):
        live_keys(settings)
    found = master_key_fits(Case(settings, "serve"))
    assert found is not None and "master-key rotate" in str(found.cure)
    assert rotate_master_key(settings, silent).count == 0
    assert files(settings) == {"master.key", "master.key.old"}
    assert len(live_keys(settings)) == 1


def test_a_power_cut_may_undo_the_new_name_but_not_lose_a_key(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    die_at(monkeypatch, Path, "replace", settings, die_on("master.key.next"))
    assert files(settings) == {"master.key", "master.key.old", "master.key.next"}
    assert (tmp_path / "master.key").read_bytes() == (tmp_path / "master.key.old").read_bytes()
    assert rotate_master_key(settings, silent).count == 0
    assert len(live_keys(settings)) == 1


def die_on(name: str) -> object:
    replace = Path.replace

    def replaced(self: Path, target: Path) -> Path:
        if self.name == name:
            raise Died
        return replace(self, target)

    return replaced


def test_a_key_from_elsewhere_is_taken_and_left_there(settings: Settings, tmp_path: Path) -> None:
    """Where the key is a secret of an orchestrator, it is not ours to replace."""
    old, new = (tmp_path / "master.key").read_text(), tmp_path / "elsewhere" / "new.key"
    held = Settings(data=tmp_path, master_key=Secret(old.strip()))
    with pytest.raises(BadSetting, match="--to FILE"):
        rotate_master_key(held, silent)
    for count in (3, 0):
        done = rotate_master_key(held, silent, to=new)
        assert (done.count, done.new, done.old) == (count, new, None)
    with pytest.raises(WrongKey):
        live_keys(held)
    assert len(live_keys(Settings(data=tmp_path, master_key=Secret(new.read_text().strip())))) == 1
    assert (tmp_path / "master.key").read_text() == old


def test_a_new_key_that_is_none_or_the_old_one_is_refused(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "torn.key").write_text("c2hvcnQ=")
    with pytest.raises(BadSetting, match="32 bytes"):
        rotate_master_key(settings, silent, to=tmp_path / "torn.key")
    with pytest.raises(BadSetting, match="present master key"):
        rotate_master_key(settings, silent, to=tmp_path / "master.key")
    assert base64.b64decode((tmp_path / "master.key").read_text()) == master_key(settings, may_make=False)
    assert len(live_keys(settings)) == 1
