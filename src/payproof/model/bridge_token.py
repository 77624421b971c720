"""A bridge token opens one session of the widget for one person, for six hours."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from payproof.model.id import LinkId, UserId
from payproof.model.product import DataSource, ProductType


class BridgeTokenWish(Struct, frozen=True, kw_only=True):
    product_type: ProductType
    tracking_info: str | None = None
    client_name: str | None = None
    allowed_products: tuple[ProductType, ...] = ()
    company_mapping_id: str | None = None
    provider_id: str | None = None
    access_token: str | None = None
    """An existing link's token: the person signs in again (update mode)."""
    template_id: str | None = None
    use_case: str | None = None
    request_extended_history: bool | None = None
    locale: str | None = None
    data_sources: tuple[DataSource, ...] = ()
    account: dict[str, Any] | None = None
    """The deposit account of deposit_switch and pll, already validated; sealed at rest."""


class BridgeToken(Struct, frozen=True, kw_only=True):
    token: str
    user_id: UserId
    wish: BridgeTokenWish
    link_id: LinkId | None = None
    """The link that `wish.access_token` named."""
    created_at: datetime
    expires_at: datetime


class TokenExpired(Exception):
    """A bridge or public token that is used up, aged out or whose parent has expired: 410 on the wire."""
