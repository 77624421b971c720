"""A link is one person's connection to one source; refreshes and attempts come together in it."""

from datetime import datetime

from msgspec import Struct

from payproof.model.id import LinkId, TaskId, UserId
from payproof.model.product import DataSource, ProductType
from payproof.model.task import TaskStatus


class Link(Struct, frozen=True, kw_only=True):
    id: LinkId
    user_id: UserId
    user_external_id: str | None = None
    provider_id: str
    data_source: DataSource
    initial_product_type: ProductType
    allowed_products: tuple[ProductType, ...] = ()
    tracking_info: str | None = None
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
