"""Sealing at rest: a data key per person, wrapped by the master key. Delete the key, and the data is gone.

AES-256-GCM with a random 96-bit nonce; the additional data names table, row, column and tenant, so that a sealed value
moved anywhere else does not open.
"""

import hmac
import os
from collections import OrderedDict
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from payproof.model.id import UserId
from payproof.model.tenant import Tenant
from payproof.store.dialect import Sql

Place = tuple[str, str, str]
_NONCE_BYTES = 12
_KEPT_KEYS = 4096

_KEY = Sql("SELECT wrapped FROM data_key WHERE user_id = :user_id AND tenant = :tenant")
_ADD_KEY = Sql("INSERT INTO data_key (user_id, tenant, wrapped) VALUES (:user_id, :tenant, :wrapped)")
_REMOVE_KEY = Sql("DELETE FROM data_key WHERE user_id = :user_id AND tenant = :tenant")


class Keyring(Protocol):
    """What sealing needs of the transaction that it happens in."""

    tenant: Tenant
    opened_keys: dict[str, AESGCM]
    """Data keys that this transaction has opened."""

    def one(self, sql: Sql, **params: Any) -> tuple[Any, ...] | None: ...
    def put(self, sql: Sql, **params: Any) -> None: ...


class WrongKey(Exception):
    """The master key is not the one this data was sealed with."""


class KeyGone(Exception):
    """The person's data key was deleted: nothing sealed with it can be read again."""


class Vault:
    """Holds the master key and a bounded cache of opened data keys."""

    def __init__(self, master_key: bytes) -> None:
        if len(master_key) != 32:
            raise ValueError("the master key has 32 bytes")
        self._wrapping = AESGCM(_derive(master_key, b"wrap"))
        self.hash_key = _derive(master_key, b"lookup")
        """What hashes are made with: of the master key, until the database says that it has one of its own."""
        self._opened: OrderedDict[str, tuple[bytes, AESGCM]] = OrderedDict()

    def add_key(self, tx: Keyring, user_id: UserId) -> None:
        """A fresh data key for a new person."""
        wrapped = self.seal_with_master(("data_key", user_id, tx.tenant.id), fresh_key())
        tx.put(_ADD_KEY, user_id=user_id, wrapped=wrapped)

    def remove_key(self, tx: Keyring, user_id: UserId) -> None:
        """After this commits, the person's data cannot be read by anyone."""
        tx.put(_REMOVE_KEY, user_id=user_id)
        tx.opened_keys.pop(user_id, None)
        self.forget_key(user_id)

    def forget_key(self, user_id: UserId) -> None:
        """Do not keep a key in memory whose row is gone."""
        self._opened.pop(user_id, None)

    def seal(self, tx: Keyring, user_id: UserId, place: Place, body: bytes) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._key(tx, user_id).encrypt(nonce, body, _aad(place, tx.tenant.id))

    def open(self, tx: Keyring, user_id: UserId, place: Place, sealed: bytes) -> bytes:
        sealed = bytes(sealed)
        key = self._key(tx, user_id)
        return key.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _aad(place, tx.tenant.id))

    def seal_with_master(self, place: Place, body: bytes) -> bytes:
        """For what belongs to no person: wrapped keys, API secrets, the key check."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._wrapping.encrypt(nonce, body, _aad(place, ""))

    def open_with_master(self, place: Place, sealed: bytes) -> bytes:
        sealed = bytes(sealed)
        try:
            return self._wrapping.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _aad(place, ""))
        except InvalidTag as wrong:
            raise WrongKey("the master key does not fit this data") from wrong

    def keyed_hash(self, tenant: str, purpose: str, text: str) -> str:
        message = "\x1f".join((tenant, purpose, text)).encode()
        return hmac.digest(self.hash_key, message, "sha256")[:16].hex()

    def _key(self, tx: Keyring, user_id: UserId) -> AESGCM:
        if user_id in tx.opened_keys:
            return tx.opened_keys[user_id]
        key = tx.opened_keys[user_id] = self._unwrap(tx, user_id)
        return key

    def _unwrap(self, tx: Keyring, user_id: UserId) -> AESGCM:
        row = tx.one(_KEY, user_id=user_id)
        if row is None:
            raise KeyGone(user_id)
        wrapped = bytes(row[0])
        kept = self._opened.get(user_id)
        if kept is not None and kept[0] == wrapped:
            return kept[1]
        key = AESGCM(self.open_with_master(("data_key", user_id, tx.tenant.id), wrapped))
        self._opened[user_id] = (wrapped, key)
        if len(self._opened) > _KEPT_KEYS:
            self._opened.popitem(last=False)
        return key


def fresh_key() -> bytes:
    return os.urandom(32)


def _aad(place: Place, tenant: str) -> bytes:
    return "\x1f".join((*place, tenant)).encode()


def _derive(master_key: bytes, purpose: bytes) -> bytes:
    return hmac.digest(master_key, b"payproof " + purpose, "sha256")
