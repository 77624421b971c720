"""Access keys: at most two live ones in an environment, so that one can follow the other."""

import secrets

from payproof.model.key import AccessKey
from payproof.model.missing import NotFound
from payproof.model.secret import Secret
from payproof.store import Tx
from payproof.store import key as store

MOST = 2


class TooManyKeys(Exception):
    """The environment has two live keys already."""


def new_secret(tx: Tx) -> Secret:
    """128 random bits behind the environment's name, and the mark that they are ours."""
    return store.marked(tx, f"{tx.tenant.environment}-{secrets.token_hex(16)}")


def add_key(tx: Tx, secret: Secret | None = None) -> tuple[AccessKey, Secret]:
    """A key of the tenant's environment with this secret, or a fresh one. Raises TooManyKeys."""
    if len(store.keys_to_change(tx)) >= MOST:
        raise TooManyKeys
    secret = secret or new_secret(tx)
    key_id = store.add_key(tx, secret)
    return _live(tx, key_id), secret


def deactivate_key(tx: Tx, key_id: str) -> AccessKey:
    """At once and for good; what was begun with the key goes on. Raises NotFound."""
    key = _live(tx, key_id)
    store.deactivate_key(tx, key_id)
    return key


def _live(tx: Tx, key_id: str) -> AccessKey:
    for key in store.keys(tx):
        if key.id == key_id:
            return key
    raise NotFound("key", key_id)
