"""People, as the client knows them: one sealed body beside the columns we filter by."""

from datetime import datetime
from typing import Any

import msgspec

from payproof import clock
from payproof.model.id import UserId
from payproof.model.user import User, UserWish
from payproof.store.dialect import Sql
from payproof.store.transaction import Row, Tx
from payproof.store.window import Window

_COLUMNS = "id, external_user_id, body, created_at, updated_at"
_ONE = Sql(f"SELECT {_COLUMNS} FROM app_user WHERE id = :id AND tenant = :tenant")
_FILTER = (
    "tenant = :tenant AND (CAST(:external AS TEXT) IS NULL OR external_user_id = :external)"
    " AND created_at >= :since AND created_at <= :until"
    " AND (CAST(:product AS TEXT) IS NULL"
    " OR id IN (SELECT user_id FROM task WHERE tenant = :tenant AND product_type = :product))"
)
_PAGE = Sql(
    f"SELECT {_COLUMNS} FROM app_user WHERE {_FILTER} ORDER BY created_at DESC, id DESC LIMIT :limit OFFSET :offset"
)
_COUNT = Sql(f"SELECT COUNT(*) FROM app_user WHERE {_FILTER}")
_ADD = Sql(
    "INSERT INTO app_user (id, tenant, external_user_id, body, created_at, updated_at)"
    " VALUES (:id, :tenant, :external, :body, :created, :updated)"
)
_CHANGE = Sql(
    "UPDATE app_user SET external_user_id = :external, body = :body, updated_at = :updated"
    " WHERE id = :id AND tenant = :tenant"
)
_LAST = 2**62


def add_user(tx: Tx, user: User) -> User:
    tx.vault.add_key(tx, user.id)
    tx.put(_ADD, **_params(tx, user), created=clock.to_micros(user.created_at))
    return user


def change_user(tx: Tx, user: User) -> None:
    tx.put(_CHANGE, **_params(tx, user))


def user(tx: Tx, user_id: str) -> User | None:
    row = tx.one(_ONE, id=user_id)
    return _user(tx, row) if row else None


def users(
    tx: Tx,
    *,
    window: Window,
    external_user_id: str | None = None,
    created_at_gte: datetime | None = None,
    created_at_lte: datetime | None = None,
    product_type: str | None = None,
) -> tuple[int, list[User]]:
    """How many there are, and the window's part of them, newest first."""
    chosen: dict[str, Any] = {
        "external": external_user_id,
        "since": clock.to_micros(created_at_gte) if created_at_gte else 0,
        "until": clock.to_micros(created_at_lte) if created_at_lte else _LAST,
        "product": product_type,
    }
    count = tx.one(_COUNT, **chosen)
    rows = tx.all(_PAGE, **chosen, limit=window.limit, offset=window.offset)
    return count[0] if count else 0, [_user(tx, row) for row in rows]


def _params(tx: Tx, user: User) -> dict[str, Any]:
    said = UserWish(**{name: getattr(user, name) for name in UserWish.__struct_fields__})
    body = tx.seal(user.id, ("app_user", user.id, "body"), msgspec.json.encode(said))
    return {
        "id": user.id,
        "external": user.external_user_id,
        "body": body,
        "updated": clock.to_micros(user.updated_at),
    }


def _user(tx: Tx, row: Row) -> User:
    user_id = UserId(row[0])
    said = msgspec.json.decode(tx.open(user_id, ("app_user", user_id, "body"), row[2]), type=UserWish)
    return User(
        id=user_id,
        created_at=clock.from_micros(row[3]),
        updated_at=clock.from_micros(row[4]),
        **msgspec.structs.asdict(said),
    )
