"""Users at the door."""

from payproof.api.call import Call, window
from payproof.contract import link as link_wire
from payproof.contract import user as wire
from payproof.contract.page import Page, page
from payproof.contract.reading import read_query
from payproof.services import user as service
from payproof.services.removal import remove_user
from payproof.store import Tx
from payproof.store.link import links_of_users
from payproof.store.user import users


def create(tx: Tx, call: Call) -> wire.UserBody:
    return wire.user_body(service.add_user(tx, wire.user_wish(call.json)))


def update(tx: Tx, call: Call) -> wire.UserBody:
    return wire.user_body(service.change_user(tx, call.args[0], wire.user_changes(call.json)))


def delete(tx: Tx, call: Call) -> None:
    remove_user(tx, call.args[0])


def read(tx: Tx, call: Call) -> wire.UserDetail:
    user = service.user(tx, call.args[0])
    return wire.user_detail(user, _links(tx, call, [user.id]).get(user.id, []))


def listed(tx: Tx, call: Call) -> Page[wire.UserListed]:
    query = read_query(wire.UserQuery, call.query)
    count, found = users(
        tx,
        window=window(call.page),
        external_user_id=query.external_user_id,
        created_at_gte=query.created_at_gte,
        created_at_lte=query.created_at_lte,
        product_type=query.product_type,
    )
    links = _links(tx, call, [user.id for user in found]) if query.list_links else None
    results = [wire.user_listed(user, None if links is None else links.get(user.id, [])) for user in found]
    return page(call.page, call.address, count, results)


def _links(tx: Tx, call: Call, user_ids: list[str]) -> dict[str, list[link_wire.LinkBody]]:
    """The links of these people, newest first, with masked tokens."""
    found: dict[str, list[link_wire.LinkBody]] = {}
    for link in links_of_users(tx, user_ids):
        found.setdefault(link.user_id, []).append(
            link_wire.link_body(link, call.provider(tx, link.provider_id), call.base)
        )
    return found
