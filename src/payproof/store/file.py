"""Files that a report points to: a random token for a day of tenant time, gone with its link."""

import hashlib
from collections.abc import Iterable
from datetime import timedelta

from msgspec import Struct

from payproof import clock
from payproof.model.id import LinkId, new_token
from payproof.store.dialect import Sql, SystemSql
from payproof.store.transaction import SystemTx, Tx

LIFETIME = timedelta(hours=24)
_RAWS = Sql(
    "SELECT r.raw_key, r.id FROM raw r JOIN task t ON t.id = r.task_id WHERE t.link_id = :link_id"
    " AND t.tenant = :tenant AND r.tenant = :tenant ORDER BY r.created_at"
)
_ADD = Sql(
    "INSERT INTO file_token (hash, tenant, link_id, raw_id, expires_at)"
    " VALUES (:hash, :tenant, :link_id, :raw_id, :expires)"
)
_DROP_OLD = Sql("DELETE FROM file_token WHERE link_id = :link_id AND tenant = :tenant AND expires_at <= :now")
_TENANT = SystemSql("SELECT tenant FROM file_token WHERE hash = :hash")
_ONE = Sql(
    "SELECT r.id, r.user_id, r.raw_key, r.media_type, r.body FROM file_token f JOIN raw r ON r.id = f.raw_id"
    " WHERE f.hash = :hash AND f.tenant = :tenant AND f.expires_at > :now"
)


class StoredFile(Struct, frozen=True):
    name: str
    media_type: str
    body: bytes


def add_file_tokens(tx: Tx, link_id: LinkId, raw_keys: Iterable[str]) -> dict[str, str]:
    """A fresh token for each of the link's raws with one of these keys; keys without a raw are left out."""
    wanted = set(raw_keys)
    if not wanted:
        return {}
    found = {key: raw_id for key, raw_id in tx.all(_RAWS, link_id=link_id) if key in wanted}
    tokens = {key: new_token() for key in found}
    tx.put(_DROP_OLD, link_id=link_id, now=tx.now_us)
    rows = [
        {"hash": hash_token(token), "link_id": link_id, "raw_id": found[key], "expires": _expiry(tx)}
        for key, token in tokens.items()
    ]
    if rows:
        tx.many(_ADD, rows)
    return tokens


def tenant_of_file_token(tx: SystemTx, token: str) -> str | None:
    row = tx.one(_TENANT, hash=hash_token(token))
    return row[0] if row else None


def file(tx: Tx, token: str) -> StoredFile | None:
    """The file behind a token, None once it has expired or its link is gone."""
    row = tx.one(_ONE, hash=hash_token(token), now=tx.now_us)
    if row is None:
        return None
    body = tx.open(row[1], ("raw", row[0], "body"), row[4])
    return StoredFile(row[2].rsplit("/", 1)[-1], row[3], body)


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _expiry(tx: Tx) -> int:
    return clock.to_micros(tx.now + LIFETIME)
