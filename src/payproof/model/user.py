"""The person who connects, as the client knows them."""

from datetime import datetime

from msgspec import Struct

from payproof.model.id import UserId


class User(Struct, frozen=True, kw_only=True):
    id: UserId
    external_user_id: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None
    ssn: str | None = None
    created_at: datetime
    updated_at: datetime


class UserWish(Struct, frozen=True, kw_only=True):
    """What a client says of a person; None where it says nothing."""

    external_user_id: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None
    ssn: str | None = None
