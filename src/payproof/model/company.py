"""An employer as the directory knows it: facts of the installation, the same for every client."""

from enum import StrEnum

from msgspec import Struct


class MappingStatus(StrEnum):
    VERIFIED = "verified"
    MAPPED = "mapped"
    """Its provider is known, but nobody has looked."""
    UNMAPPED = "unmapped"
    """The person has to choose the provider."""


class SuccessRate(StrEnum):
    HIGH = "high"
    LOW = "low"
    UNSUPPORTED = "unsupported"


class Origin(StrEnum):
    """Where a row of the directory comes from. What an operator imports wins over what we ship."""

    SEED = "seed"
    IMPORT = "import"
    CONNECTOR = "connector"


class DepositFeatures(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an employer's payroll lets a person do with deposits."""

    max_number: int
    """How many accounts pay may be split over."""
    deposit_types: tuple[str, ...]
    amount_precision: str
    percent_precision: str


class FillRates(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often a field is filled in, from 0 to 1."""

    job_title: float
    job_type: float
    is_active: float
    start_date: float
    original_hire_date: float
    income: float
    income_unit: float
    pay_frequency: float
    w2s: float
    paystubs: float


class Features(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    deposit_switch: DepositFeatures | None = None
    fill_rates: FillRates | None = None


class NamedCompany(Struct, frozen=True, kw_only=True):
    """An employer inside another object."""

    id: str
    name: str
    logo_url: str | None = None
    """Where an operator said so; else a logo is drawn by us."""


class Company(NamedCompany, frozen=True, kw_only=True):
    """Of what is None nothing is known, which is another thing than a bad rate."""

    domain: str | None = None
    provider_id: str | None = None
    """The institution that pays through."""
    mapping_status: MappingStatus | None = None
    success_rate: SuccessRate | None = None
    features: Features | None = None
    ein: str | None = None
    """Nine digits."""
    phone: str | None = None
    """Digits only."""
    is_pretend: bool = False
    """It exists in the pretend world only, and only sandbox keys find it."""
    origin: Origin = Origin.SEED
