"""What may be done with bridge tokens."""

from collections.abc import Sequence
from datetime import timedelta

from msgspec.structs import replace

from payproof.model.bridge_token import BridgeToken, BridgeTokenWish
from payproof.model.id import new_token
from payproof.model.link import Link
from payproof.model.provider import Provider
from payproof.services.company import known_company
from payproof.services.provider import provider_named
from payproof.services.user import held_user
from payproof.store import Tx
from payproof.store import bridge_token as store
from payproof.store import link as links

LIFETIME = timedelta(hours=6)


class WishRefused(Exception):
    """A wish that names something this environment does not have; `fields` says what is wrong by field."""

    def __init__(self, fields: dict[str, str]) -> None:
        self.fields = fields
        super().__init__(", ".join(fields))


def add_bridge_token(tx: Tx, user_id: str, wish: BridgeTokenWish, providers: Sequence[Provider]) -> BridgeToken:
    """A token for one person, good for six hours; with an access token, for that link and its provider only.

    Raises NotFound, or WishRefused.
    """
    person = held_user(tx, user_id)
    link = links.link_by_access_token(tx, wish.access_token) if wish.access_token else None
    provider = provider_named(tx, providers, wish.provider_id) if wish.provider_id else None
    _refuse(tx, wish, person.id, link, provider)
    provider_id = link.provider_id if link else provider.id if provider else None
    return store.add_bridge_token(
        tx,
        BridgeToken(
            token=new_token(),
            user_id=person.id,
            wish=replace(wish, provider_id=provider_id),
            link_id=link.id if link else None,
            created_at=tx.now,
            expires_at=tx.now + LIFETIME,
        ),
    )


def _refuse(tx: Tx, wish: BridgeTokenWish, user_id: str, link: Link | None, provider: Provider | None) -> None:
    wrong = {}
    if wish.access_token and (link is None or link.user_id != user_id):
        wrong["access_token"] = "This user has no link with this access token."
    if wish.provider_id and provider is None:
        wrong["provider_id"] = "There is no such provider."
    elif provider and link and link.provider_id != provider.id:
        wrong["provider_id"] = "The link of this access token is with another provider."
    if wish.company_mapping_id and known_company(tx, wish.company_mapping_id) is None:
        wrong["company_mapping_id"] = "There is no such company."
    if wrong:
        raise WishRefused(wrong)
