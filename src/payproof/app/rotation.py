"""Changing the master key: first the new key is on the disk, then the data, and at last the file's name."""

from pathlib import Path

from msgspec import Struct

from payproof.app.keys import key_file, master_key, read_key, write_key
from payproof.app.whole import sync_names, write_whole
from payproof.config import BadSetting, Settings
from payproof.store.bulk import Told
from payproof.store.rotation import rotate
from payproof.store.sealing import Vault


class Rotated(Struct, frozen=True):
    count: int
    """Values that were sealed anew; none where an earlier call had done it."""
    new: Path
    old: Path | None
    """Where the old key is kept; None where it was not ours to move."""


def rotate_master_key(settings: Settings, told: Told, *, to: Path | None = None) -> Rotated:
    """With a fresh key, or the one that is in `to`; killed at any point and called again, it goes on where it was.

    Without `to` the key's file is replaced. Raises BadSetting, WrongKey, FileHeld, DatabaseHeld, DatabaseUnusable.
    """
    if settings.master_key is not None and to is None:
        raise BadSetting("the master key is in PAYPROOF_MASTER_KEY: say with --to FILE where the new one is to be put")
    old_key = master_key(settings, may_make=False)
    fresh, kept = to or _fresh(settings), key_file(settings).with_name(f"{key_file(settings).name}.old")
    if to is None and kept.exists() and read_key(kept) != old_key:
        raise BadSetting(f"{kept} is there, from an earlier change: put it with the backups of its time, or destroy it")
    if not fresh.exists():
        write_key(fresh)
    new_key = read_key(fresh)
    if new_key == old_key:
        raise BadSetting(f"{fresh} holds the present master key")
    count = rotate(settings.where, Vault(old_key), Vault(new_key), told)
    if to is not None:
        return Rotated(count, to, None)
    _put_in_place(fresh, key_file(settings), kept)
    return Rotated(count, key_file(settings), kept)


def is_unfinished(settings: Settings) -> bool:
    """Whether a change was interrupted, maybe between the data and the file."""
    return settings.master_key is None and _fresh(settings).exists()


def _fresh(settings: Settings) -> Path:
    return key_file(settings).with_name(f"{key_file(settings).name}.next")


def _put_in_place(fresh: Path, path: Path, kept: Path) -> None:
    """At no moment is there no key under the path, and the old one is nowhere lost."""
    write_whole(kept, path.read_bytes())
    fresh.replace(path)
    sync_names(path.parent)
