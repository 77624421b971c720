"""Institutions on the wire: the three-key form inside other objects, and the entry of the list."""

from msgspec import Struct

from payproof.contract.operation import Operation, get
from payproof.contract.page import Page
from payproof.model.product import DataSource, ProductType
from payproof.model.provider import Provider


class ProviderRef(Struct, frozen=True):
    """An institution inside another object."""

    id: str
    name: str
    logo_url: str | None


class ProviderBody(Struct, frozen=True, kw_only=True):
    id: str
    name: str
    logo_url: str | None
    is_disabled: bool
    is_supported: bool
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


def unknown_provider_ref(provider_id: str) -> ProviderRef:
    """A provider whose connector has been removed since."""
    return ProviderRef(provider_id, provider_id, None)


def provider_body(provider: Provider, base: str, asked: ProductType | None = None) -> ProviderBody:
    return ProviderBody(
        id=provider.id,
        name=provider.name,
        logo_url=logo_url(base, provider.id),
        is_disabled=provider.is_disabled,
        is_supported=not provider.is_disabled and (asked is None or asked in provider.products),
        data_source=provider.data_source,
        products=provider.products,
    )


OPERATIONS: tuple[Operation, ...] = (
    get(
        "providers_list",
        "/v1/providers/",
        "Companies and Data Providers",
        "List providers",
        Page[ProviderBody],
        query=ProviderQuery,
        is_paged=True,
        refusals=(404,),
    ),
    get(
        "providers_read",
        "/v1/providers/{provider_id}/",
        "Companies and Data Providers",
        "Retrieve a provider",
        ProviderBody,
        refusals=(404,),
    ),
)
