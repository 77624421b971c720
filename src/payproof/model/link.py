"""A link is one person's connection to one source; refreshes and attempts come together in it."""

from datetime import datetime

from msgspec import Struct

from payproof.model.company import NamedCompany
from payproof.model.id import LinkId, TaskId, UserId
from payproof.model.product import DataSource, ProductType
from payproof.model.task import Task, TaskStatus


class Link(Struct, frozen=True, kw_only=True):
    id: LinkId
    user_id: UserId
    user_external_id: str | None = None
    provider_id: str
    data_source: DataSource
    initial_product_type: ProductType
    allowed_products: tuple[ProductType, ...] = ()
    tracking_info: str | None = None
    company_mapping_id: str | None = None
    company: NamedCompany | None = None
    """The employer that the person came for, as the directory names it today."""
    link_hash: str | None = None
    """Keyed hash of provider and credentials (or accounts), set at the first success."""
    access_token: str
    status: TaskStatus
    """Status of the last task."""
    last_task_id: TaskId | None = None
    finished_at: datetime | None = None
    """When the last task ended."""
    is_suspicious: bool = False
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None

    @classmethod
    def of_task(
        cls, task: Task, *, link_id: LinkId, access_token: str, company_mapping_id: str | None = None
    ) -> "Link":
        """The link that a first task begins."""
        return cls(
            id=link_id,
            user_id=task.user_id,
            provider_id=task.provider_id,
            data_source=task.data_source,
            initial_product_type=task.product_type,
            allowed_products=(task.product_type,),
            tracking_info=task.tracking_info,
            company_mapping_id=company_mapping_id,
            access_token=access_token,
            status=task.status,
            last_task_id=task.id,
            created_at=task.created_at,
            updated_at=task.updated_at,
        )
