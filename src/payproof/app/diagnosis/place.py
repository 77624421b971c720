"""The data directory and what is kept in it."""

import shutil
import stat
import tempfile
from pathlib import Path

from payproof.app.diagnosis.case import Case
from payproof.app.diagnosis.finding import Finding, well, wrong

_LEAST_BYTES = 1_000_000_000
_OTHERS = stat.S_IRWXO | stat.S_IWGRP
"""Nobody else may do anything, and the group may not write. It may read: that is how secrets are mounted."""


def data_writable(case: Case) -> Finding | None:
    """Tried, not asked: root may write everywhere but on a read-only mount."""
    data = case.settings.data
    if case.settings.database_url and case.is_for_real:
        return None  # nothing is written there
    there = _nearest(data)
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as failed:
        cure = "let this user write there (chown, or a volume that is not read-only), or choose another with --data"
        return wrong("data", f"{there} is not writable: {failed.strerror}", cure)
    return well("data", f"{data} is writable" if data.is_dir() else f"{data} is not there yet and can be made")


def disk_free(case: Case) -> Finding:
    there = _nearest(case.settings.data)
    free = shutil.disk_usage(there).free
    found = f"{free / 1e9:.1f} GB free in {there}"
    if free < _LEAST_BYTES:
        return wrong("disk", found, "make room, or move the data to a larger disk: a full one stops every write")
    return well("disk", found)


def secrets_private(case: Case) -> Finding | None:
    data = case.settings.data
    kept = [case.key_path, data / "dev.json", *sorted((data / "impersonate").glob("*.key"))]
    there = [path for path in kept if path.exists()]
    open_to_others = [str(path) for path in there if path.stat().st_mode & _OTHERS]
    if open_to_others:
        names = " ".join(open_to_others)
        return wrong("secrets", f"others on this machine can read or change {names}", f"chmod 600 {names}")
    return well("secrets", f"private: {', '.join(path.name for path in there)}") if there else None


def _nearest(path: Path) -> Path:
    """The directory itself, or the one in which it would be made."""
    path = path.absolute()
    while not path.is_dir():
        path = path.parent
    return path
