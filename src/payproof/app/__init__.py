"""The composition root: the only room that knows them all. Builds them from the settings and runs them together."""

from payproof.app.alone import run_world, serve_world
from payproof.app.backup import ArchiveExists, Manifest, NotEmpty, backup, restore
from payproof.app.impersonation import Impersonation, impersonation
from payproof.app.keeping import (
    AccessKey,
    BadFile,
    NewKey,
    add_key,
    begin_anew,
    deactivate_key,
    import_directory,
    live_keys,
    migrate,
)
from payproof.app.keys import master_key
from payproof.app.listening import PortBusy
from payproof.app.rotation import rotate_master_key
from payproof.app.running import run_server, run_worker, serve, work
from payproof.model.missing import NotFound
from payproof.services.key import TooManyKeys
from payproof.store import FileHeld, WrongKey
from payproof.store.unusable import DatabaseHeld

__all__ = [
    "AccessKey",
    "ArchiveExists",
    "BadFile",
    "DatabaseHeld",
    "FileHeld",
    "Impersonation",
    "Manifest",
    "NewKey",
    "NotEmpty",
    "NotFound",
    "PortBusy",
    "TooManyKeys",
    "WrongKey",
    "add_key",
    "backup",
    "begin_anew",
    "deactivate_key",
    "impersonation",
    "import_directory",
    "live_keys",
    "master_key",
    "migrate",
    "restore",
    "rotate_master_key",
    "run_server",
    "run_worker",
    "run_world",
    "serve",
    "serve_world",
    "work",
]
