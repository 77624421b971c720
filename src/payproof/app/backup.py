"""All of the data at once: into a file, and out of it."""

from pathlib import Path

from payproof import clock
from payproof.app.keys import master_key
from payproof.config import BadSetting, Settings
from payproof.store.archive import Archive, ArchiveExists, Manifest
from payproof.store.backup import Backup, back_up
from payproof.store.bulk import Told
from payproof.store.restore import NotEmpty, check, fits
from payproof.store.restore import restore as load
from payproof.store.sealing import Vault

__all__ = ["ArchiveExists", "Manifest", "NotEmpty", "backup", "restore"]


def backup(settings: Settings, path: Path, told: Told, *, overwrite: bool) -> Backup:
    """Beside a server or without one; needs no master key. Raises ArchiveExists and what `back_up` raises."""
    return back_up(settings.where, path, told, clock.now(), overwrite=overwrite)


def restore(settings: Settings, path: Path, told: Told) -> tuple[Manifest, bool | None]:
    """Into the empty database of the settings; what was restored, and whether the master key at hand opens it.

    None where there is no key at hand. Raises NotEmpty, FileHeld, DatabaseHeld, and what makes a file unfit.
    """
    with path.open("rb") as file:
        archive = Archive(file)
        check(archive, told)
        load(archive, settings.where, told)
        return archive.manifest, _fits(archive, settings)


def _fits(archive: Archive, settings: Settings) -> bool | None:
    try:
        return fits(archive, Vault(master_key(settings, may_make=False)))
    except BadSetting:
        return None
