"""What a connector says about itself, as data."""

from enum import StrEnum

from msgspec import Struct

from payproof.model.product import DataSource, ProductType
from payproof.model.question import Form


class Kind(StrEnum):
    CREDENTIALS = "credentials"
    OAUTH = "oauth"
    TOKEN = "token"
    FILE = "file"
    OPERATOR_API = "operator_api"
    PORTAL = "portal"


class Coverage(StrEnum):
    FULL = "full"
    PARTIAL = "partial"
    DERIVED = "derived"
    """Not given by the source itself: worked out from what it gives."""


class Assurance(StrEnum):
    SOURCE_FETCHED = "source_fetched"
    CONSUMER_FILE = "consumer_file"
    DERIVED = "derived"


class Manifest(Struct, frozen=True, kw_only=True):
    id: str
    """The connector's name in our code and as accepted input, such as `sandbox_payroll`."""
    provider_id: str
    """The id on every answer, such as `truv`."""
    name: str
    kind: Kind
    data_source: DataSource
    products: dict[ProductType, Coverage]
    fields: tuple[str, ...]
    """Names of the wire fields this source can give."""
    assurance: Assurance
    form: Form
    """The first question: credentials to type or files to hand over."""
    mfa: tuple[str, ...] = ()
    egress: tuple[str, ...] = ()
    """Hosts a visit may reach; `world` stands for the pretend world's origin."""
    uses_world: bool = False
    """True for connectors that visit the pretend world; they answer only sandbox keys."""
    help_links: tuple[str, ...] = ()
    maturity: str = "stable"
    aliases: tuple[str, ...] = ()
    valid_days: int = 180
    """How long after the person signed in the source may be visited again without them."""

    @property
    def given(self) -> tuple[ProductType, ...]:
        """The products that the source gives itself, in full or in part."""
        return tuple(product for product, coverage in self.products.items() if coverage is not Coverage.DERIVED)
