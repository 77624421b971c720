"""Institutions on the wire: the three-key form inside other objects, and the entry of the list."""

from msgspec import Struct

from payproof.contract.operation import Operation, get
from payproof.contract.page import Page
from payproof.model.company import SuccessRate
from payproof.model.institution import Institution
from payproof.model.product import DataSource, ProductType
from payproof.model.provider import Provider


class ProviderRef(Struct, frozen=True):
    """An institution inside another object."""

    id: str
    name: str
    logo_url: str | None


class ProviderBody(Struct, frozen=True, kw_only=True):
    """`products` are those that a connector gives here; without one, `is_supported` is false."""

    id: str
    name: str
    logo_url: str | None
    domain: str | None
    is_disabled: bool
    is_supported: bool
    success_rate: SuccessRate | None
    confidence_level: str
    """How alike it is to what was searched for, from 0 to 1; 1.0 where nothing was."""
    data_source: DataSource
    products: tuple[ProductType, ...]


class ProviderQuery(Struct, frozen=True, kw_only=True):
    query: str | None = None
    product_type: ProductType | None = None
    data_source: DataSource | None = None


def logo_url(base: str, provider_id: str) -> str:
    return f"{base}/logos/{provider_id}.svg"


def provider_ref(provider: Provider, base: str) -> ProviderRef:
    return ProviderRef(provider.id, provider.name, logo_url(base, provider.id))


def institution_ref(one: Institution, base: str) -> ProviderRef:
    """Without a connector."""
    return ProviderRef(one.id, one.name, one.logo_url or logo_url(base, one.id))


def unknown_provider_ref(provider_id: str) -> ProviderRef:
    """A provider whose connector has been removed since."""
    return ProviderRef(provider_id, provider_id, None)


def provider_body(
    one: Institution,
    provider: Provider | None,
    base: str,
    *,
    asked: ProductType | None = None,
    is_open: bool = True,
    confidence: float = 1.0,
) -> ProviderBody:
    """An institution and the `provider` that is installed for it; `is_open` says whether it answers the caller."""
    gives = provider is not None and is_open and not provider.is_disabled
    is_supported = gives and provider is not None and (asked is None or asked in provider.products)
    return ProviderBody(
        id=one.id,
        name=provider.name if provider else one.name,
        logo_url=(None if provider else one.logo_url) or logo_url(base, one.id),
        domain=one.domain,
        is_disabled=provider is not None and provider.is_disabled,
        is_supported=is_supported,
        success_rate=_success_rate(provider, is_supported=is_supported),
        confidence_level=str(round(confidence, 2)),
        data_source=one.data_source,
        products=provider.products if provider else (),
    )


def _success_rate(provider: Provider | None, *, is_supported: bool) -> SuccessRate | None:
    """There are no statistics: only what is certain is said."""
    if provider is None or not is_supported:
        return SuccessRate.UNSUPPORTED
    return SuccessRate.HIGH if provider.sandbox_only else None


OPERATIONS: tuple[Operation, ...] = (
    get(
        "providers_list",
        "/v1/providers/",
        "Companies and Data Providers",
        "List providers, or search for one",
        Page[ProviderBody],
        query=ProviderQuery,
        is_paged=True,
        refusals=(400, 404),
    ),
    get(
        "providers_read",
        "/v1/providers/{provider_id}/",
        "Companies and Data Providers",
        "Retrieve a provider",
        ProviderBody,
        refusals=(404,),
    ),
    get(
        "payroll_providers_supported",
        "/v1/payroll-providers/supported/{product_type}/",
        "Companies and Data Providers",
        "List the payroll providers that give a product",
        list[ProviderBody],
        refusals=(404,),
    ),
)
