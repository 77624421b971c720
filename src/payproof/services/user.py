"""What may be done with people."""

from msgspec.structs import replace

from payproof.model.id import UserId, new_id
from payproof.model.missing import NotFound
from payproof.model.user import User, UserWish
from payproof.store import Tx
from payproof.store import user as store


def add_user(tx: Tx, wish: UserWish) -> User:
    """A new person. The client's own id for them need not be unique: two calls make two people."""
    said = {name: getattr(wish, name) for name in UserWish.__struct_fields__}
    return store.add_user(tx, User(id=UserId(new_id()), created_at=tx.now, updated_at=tx.now, **said))


def change_user(tx: Tx, user_id: str, changes: dict[str, str | None]) -> User:
    """Set the fields named; the others stay. Raises NotFound."""
    changed = replace(held_user(tx, user_id), updated_at=tx.now, **changes)
    store.change_user(tx, changed)
    return changed


def hold_user(tx: Tx, user_id: str) -> None:
    """The person is not deleted, nor held by anybody else, before this transaction ends. Raises NotFound."""
    if not store.hold_user(tx, user_id):
        raise NotFound("user", user_id)


def held_user(tx: Tx, user_id: str) -> User:
    """The person, held. Raises NotFound."""
    hold_user(tx, user_id)
    return user(tx, user_id)


def user(tx: Tx, user_id: str) -> User:
    """Raises NotFound."""
    found = store.user(tx, user_id)
    if found is None:
        raise NotFound("user", user_id)
    return found
