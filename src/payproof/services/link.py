"""What may be done with links."""

from payproof.model.link import Link
from payproof.model.missing import NotFound
from payproof.store import Tx
from payproof.store import link as store
from payproof.store import public_token as public_tokens


class UnknownToken(Exception):
    """A token that nobody made in this environment."""


def link(tx: Tx, link_id: str) -> Link:
    """Raises NotFound."""
    found = store.link(tx, link_id)
    if found is None:
        raise NotFound("link", link_id)
    return found


def exchange_public_token(tx: Tx, token: str) -> Link:
    """The link behind a public token, once. Raises UnknownToken, or TokenExpired when used up or aged out."""
    found = public_tokens.exchange_public_token(tx, token)
    if found is None:
        raise UnknownToken
    return found
