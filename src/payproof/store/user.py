"""People, as the client knows them: one sealed body beside the columns we filter by."""

from datetime import datetime
from typing import Any

import msgspec

from payproof import clock
from payproof.model.id import UserId
from payproof.model.user import User, UserWish
from payproof.store.dialect import Sql
from payproof.store.listing import Listing
from payproof.store.transaction import Row, Tx
from payproof.store.window import Window

_COLUMNS = "id, external_user_id, body, created_at, updated_at"
_ONE = Sql(f"SELECT {_COLUMNS} FROM app_user WHERE id = :id AND tenant = :tenant AND deleted_at IS NULL")
_HOLD = Sql("SELECT 1 FROM app_user WHERE id = :id AND tenant = :tenant AND deleted_at IS NULL {lock}")
_LIST = Listing(
    _COLUMNS,
    "FROM app_user",
    where="tenant = :tenant AND deleted_at IS NULL",
    newest="created_at DESC, id DESC",
    filters={
        "external": "external_user_id = :external",
        "since": "created_at >= :since",
        "until": "created_at <= :until",
        "product": "EXISTS (SELECT 1 FROM task t WHERE t.tenant = :tenant AND t.user_id = app_user.id"
        " AND t.product_type = :product)",
    },
)
_ADD = Sql(
    "INSERT INTO app_user (id, tenant, external_user_id, body, created_at, updated_at)"
    " VALUES (:id, :tenant, :external, :body, :created, :updated)"
)
_CHANGE = Sql(
    "UPDATE app_user SET external_user_id = :external, body = :body, updated_at = :updated"
    " WHERE id = :id AND tenant = :tenant AND deleted_at IS NULL"
)


def add_user(tx: Tx, user: User) -> User:
    tx.vault.add_key(tx, user.id)
    tx.put(_ADD, **_params(tx, user), created=clock.to_micros(user.created_at))
    return user


def change_user(tx: Tx, user: User) -> None:
    tx.put(_CHANGE, **_params(tx, user))


def user(tx: Tx, user_id: str) -> User | None:
    row = tx.one(_ONE, id=user_id)
    return _user(tx, row) if row else None


def hold_user(tx: Tx, user_id: str) -> bool:
    """Nobody else holds or deletes the person before this transaction ends. False for one who is gone."""
    return tx.one(_HOLD, id=user_id) is not None


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
    chosen = {
        "external": external_user_id,
        "since": clock.to_micros(created_at_gte) if created_at_gte else None,
        "until": clock.to_micros(created_at_lte) if created_at_lte else None,
        "product": product_type,
    }
    count, rows = _LIST.page(tx, window, chosen)
    return count, [_user(tx, row) for row in rows]


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
