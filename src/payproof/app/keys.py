"""The master key that seals everything, and the first client's access key."""

import base64
import binascii
import os
from pathlib import Path

from payproof.app.whole import write_whole
from payproof.config import BadSetting, Settings
from payproof.model.id import ClientId
from payproof.model.key import environment_of
from payproof.store import SystemTx
from payproof.store.key import add_key, ensure_tenant, hash_secret, key_by_secret


def master_key(settings: Settings, *, may_make: bool) -> bytes:
    """From the settings, from the file they name, or from the data directory.

    Raises BadSetting where there is none and none may be made.
    """
    if settings.master_key is not None:
        return _decoded(settings.master_key.reveal(), "PAYPROOF_MASTER_KEY")
    path = key_file(settings)
    if not path.exists():
        if not may_make or settings.master_key_file is not None:
            raise BadSetting(f"there is no master key in {path}: set PAYPROOF_MASTER_KEY or PAYPROOF_MASTER_KEY_FILE")
        write_key(path)
    return read_key(path)


def key_file(settings: Settings) -> Path:
    """Where the master key is, unless the settings hold it themselves."""
    return settings.master_key_file or settings.data / "master.key"


def write_key(path: Path) -> None:
    """A fresh one."""
    write_whole(path, base64.b64encode(os.urandom(32)) + b"\n")


def read_key(path: Path) -> bytes:
    """Raises BadSetting."""
    return _decoded(path.read_text("latin-1"), str(path))


def make_first_client(tx: SystemTx, settings: Settings) -> None:
    """The client of the settings, with its key; made again it stays as it is. Raises BadSetting."""
    assert settings.client_id is not None
    assert settings.secret is not None
    environment = environment_of(settings.secret.reveal())
    if environment is None:
        raise BadSetting("PAYPROOF_SECRET: must start with sandbox-, dev- or prod-")
    tenant = ensure_tenant(tx, ClientId(settings.client_id), environment, settings.seed)
    held = key_by_secret(tx, hash_secret(settings.secret))
    if held is not None and held.tenant.id != tenant.id:
        raise BadSetting("PAYPROOF_SECRET: belongs to another client")
    if held is None:
        add_key(tx.of(tenant), settings.secret)


def _decoded(text: str, name: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise BadSetting(f"{name}: a master key is 32 bytes in base64")
    return key
