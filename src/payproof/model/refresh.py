"""A refresh visits a link's source again, with what the person typed when they connected it."""

from msgspec import Struct

from payproof.model.product import ProductType


class RefreshWish(Struct, frozen=True, kw_only=True):
    access_token: str
    product_type: ProductType | None = None
    """The link's first one, unless said."""


class RefreshLimitExceeded(Exception):
    """The link was refreshed so often lately that it has to wait."""
