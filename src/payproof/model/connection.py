"""A connection made in one call, for tests: who connects with what, and what came of it."""

from msgspec import Struct

from payproof.model.id import LinkId, UserId
from payproof.model.product import ProductType
from payproof.model.secret import Secret
from payproof.model.task import Task


class ConnectionWish(Struct, frozen=True, kw_only=True):
    user_id: UserId
    product_type: ProductType
    provider_id: str
    username: str
    password: Secret
    tracking_info: str | None = None
    company_mapping_id: str | None = None


class Connection(Struct, frozen=True, kw_only=True):
    """A task as far as it came, with the tokens of its link once it is done."""

    task: Task
    is_held_up: bool = False
    """It waits for something that a connection in one call does not have: for time to pass, or for a person."""
    public_token: str | None = None
    access_token: str | None = None

    @property
    def is_over(self) -> bool:
        return self.task.status.is_final or self.is_held_up

    @property
    def link_id(self) -> LinkId | None:
        return self.task.link_id
