"""A task on the wire: fourteen keys, always all of them."""

from typing import Annotated

from msgspec import Meta, Struct

from payproof.contract.money import Moment
from payproof.contract.operation import Operation, get
from payproof.contract.page import CREATED, Page
from payproof.contract.provider import ProviderRef
from payproof.model.product import DataSource, ProductType
from payproof.model.task import Task, TaskStatus

Id = Annotated[str, Meta(max_length=64)]


class TaskBody(Struct, frozen=True):
    id: Id
    status: TaskStatus
    product_type: ProductType
    provider: ProviderRef
    created_at: Moment
    updated_at: Moment
    link_id: Id | None
    user_id: Id
    error_message: str | None
    tracking_info: str | None
    bridge_token: str | None
    data_source: DataSource
    is_suspicious: bool
    order_id: Id | None


class TaskQuery(Struct, frozen=True, kw_only=True, rename=CREATED):
    user_id: str | None = None
    order_id: str | None = None
    link_id: str | None = None
    status: TaskStatus | None = None
    product_type: ProductType | None = None
    created_at_gte: Moment | None = None
    created_at_lte: Moment | None = None


def task_body(task: Task, provider: ProviderRef) -> TaskBody:
    return TaskBody(
        task.id,
        task.status,
        task.product_type,
        provider,
        task.created_at,
        task.updated_at,
        task.link_id,
        task.user_id,
        task.error_message,
        task.tracking_info,
        task.bridge_token,
        task.data_source,
        task.is_suspicious,
        task.order_id,
    )


OPERATIONS: tuple[Operation, ...] = (
    get(
        "tasks_list",
        "/v1/tasks/",
        "Tasks",
        "List tasks",
        Page[TaskBody],
        query=TaskQuery,
        is_paged=True,
        refusals=(404,),
    ),
    get("tasks_read", "/v1/tasks/{id}/", "Tasks", "Retrieve a task", TaskBody, refusals=(404,)),
)
