"""Refreshes on the wire: a link is named by its access token, and looked after by the id of the task."""

from datetime import date
from typing import Annotated, Any

from msgspec import Meta, Struct

from payproof.contract.bridge_token import AccountRequest
from payproof.contract.money import Moment
from payproof.contract.operation import Operation, get, post
from payproof.contract.reading import read
from payproof.model.product import ProductType
from payproof.model.refresh import RefreshWish
from payproof.model.task import Task, TaskStatus

Text = Annotated[str, Meta(min_length=1, max_length=255)]


class RefreshRequest(Struct, frozen=True, kw_only=True):
    access_token: Text
    product_type: ProductType | None = None
    """The link's first one, unless said."""
    account: AccountRequest | None = None


class RefreshMade(Struct, frozen=True):
    task_id: str


class RefreshBody(Struct, frozen=True):
    id: str
    refresh_date: date
    """Deprecated: the day of `created_at`."""
    status: TaskStatus
    created_at: Moment


def refresh_wish(data: dict[str, Any]) -> RefreshWish:
    """Raises `InvalidParams`."""
    asked = read(RefreshRequest, data)
    return RefreshWish(access_token=asked.access_token, product_type=asked.product_type)


def refresh_body(task: Task) -> RefreshBody:
    return RefreshBody(task.id, task.created_at.date(), task.status, task.created_at)


OPERATIONS: tuple[Operation, ...] = (
    post(
        "refresh_tasks_create",
        "/v1/refresh/tasks/",
        "Data Refresh",
        "Refresh a link",
        RefreshMade,
        request=RefreshRequest,
    ),
    get(
        "refresh_tasks_read",
        "/v1/refresh/tasks/{task_id}/",
        "Data Refresh",
        "Retrieve a refresh",
        RefreshBody,
        refusals=(404,),
    ),
)
