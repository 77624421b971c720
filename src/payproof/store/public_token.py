"""Public tokens: short-lived, single use, kept only as a hash."""

from datetime import timedelta

from payproof import clock
from payproof.model.bridge_token import TokenExpired
from payproof.model.id import LinkId, new_token
from payproof.model.link import Link
from payproof.store.dialect import Sql
from payproof.store.link import link
from payproof.store.transaction import Tx

LIFETIME = timedelta(hours=6)
_ADD = Sql("INSERT INTO public_token (hash, tenant, link_id, expires_at) VALUES (:hash, :tenant, :link_id, :expires)")
_EXCHANGE = Sql(
    "UPDATE public_token SET exchanged_at = :now"
    " WHERE hash = :hash AND tenant = :tenant AND exchanged_at IS NULL AND expires_at > :now"
)
_ONE = Sql("SELECT link_id FROM public_token WHERE hash = :hash AND tenant = :tenant")


def add_public_token(tx: Tx, link_id: LinkId) -> str:
    """A fresh token for one exchange."""
    token = new_token()
    expires = clock.to_micros(tx.now + LIFETIME)
    tx.put(_ADD, hash=tx.keyed_hash("public_token", token), link_id=link_id, expires=expires)
    return token


def exchange_public_token(tx: Tx, token: str) -> Link | None:
    """The link behind the token, once; None for a token nobody made. Raises TokenExpired when used up or aged out."""
    hashed = tx.keyed_hash("public_token", token)
    row = tx.one(_ONE, hash=hashed)
    if row is None:
        return None
    if tx.run(_EXCHANGE, hash=hashed, now=tx.now_us) == 0:
        raise TokenExpired("public_token")
    found = link(tx, row[0])
    if found is None:
        raise TokenExpired("public_token")
    return found
