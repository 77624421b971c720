"""A provider is the institution on the wire; a connector is our code that visits it.

Institutions without a connector are in the directory too: see `institution`.
"""

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

    @property
    def is_connected(self) -> bool:
        """There is a connector for it, or was one: without, an attempt ends `not_supported`."""
        return bool(self.connector_id)
