"""What may be done with links."""

from payproof.model.link import Link
from payproof.model.missing import NotFound
from payproof.store import Tx
from payproof.store import link as store
from payproof.store import public_token as public_tokens


class UnknownToken(NotFound):
    """A token in a body that nobody made in this environment; `kind` is also the field's name."""


def link(tx: Tx, link_id: str) -> Link:
    """Raises NotFound."""
    found = store.link(tx, link_id)
    if found is None:
        raise NotFound("link", link_id)
    return found


def link_of_token(tx: Tx, access_token: str) -> Link:
    """Raises UnknownToken."""
    found = store.link_by_access_token(tx, access_token)
    if found is None:
        raise UnknownToken("access_token", access_token)
    return found


def exchange_public_token(tx: Tx, token: str) -> Link:
    """The link behind a public token, once. Raises UnknownToken, or TokenExpired when used up or aged out."""
    found = public_tokens.exchange_public_token(tx, token)
    if found is None:
        raise UnknownToken("public_token", token)
    return found
