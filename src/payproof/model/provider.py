"""A provider is the institution on the wire; a connector is our code that visits it."""

from msgspec import Struct

from payproof.model.product import DataSource, ProductType
from payproof.model.question import Form


class Provider(Struct, frozen=True, kw_only=True):
    id: str
    connector_id: str
    name: str
    data_source: DataSource
    products: tuple[ProductType, ...]
    """What it gives itself (full or partial)."""
    form: Form
    kind: str
    aliases: tuple[str, ...] = ()
    sandbox_only: bool = False
    is_disabled: bool = False
