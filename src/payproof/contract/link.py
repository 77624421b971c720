"""A person's connection to a source on the wire, and the exchange of a public token for its access token."""

from typing import Annotated

from msgspec import Meta, Struct

from payproof.contract.company import CompanyRef, company_ref
from payproof.contract.money import Moment
from payproof.contract.operation import NOTE, Operation, delete, get, post
from payproof.contract.page import CREATED, Page
from payproof.contract.provider import ProviderRef
from payproof.model.link import Link
from payproof.model.product import DataSource, ProductType
from payproof.model.task import TaskStatus

Text = Annotated[str, Meta(min_length=1, max_length=255)]


class LinkBody(Struct, frozen=True, kw_only=True):
    id: str
    access_token: str
    created_at: Moment
    updated_at: Moment
    deleted_at: Moment | None
    tracking_info: str | None
    status: TaskStatus
    user_external_id: str | None
    provider_id: str
    provider: ProviderRef
    company_mapping: CompanyRef | None
    link_hash: str | None
    allowed_products: tuple[ProductType, ...]
    initial_product_type: ProductType
    data_source: DataSource
    is_suspicious: bool
    is_dds_available: bool | None


class LinkQuery(Struct, frozen=True, kw_only=True, rename=CREATED):
    user_id: str | None = None
    external_user_id: str | None = None
    status: TaskStatus | None = None
    product_type: ProductType | None = None
    """The product that the link was made for."""
    created_at_gte: Moment | None = None
    created_at_lte: Moment | None = None


class ExchangeRequest(Struct, frozen=True, kw_only=True):
    public_token: Text


class ExchangeBody(Struct, frozen=True):
    access_token: str
    link_id: str


def masked(token: str) -> str:
    """Stars, and the last four characters."""
    return "*" * (len(token) - 4) + token[-4:]


def link_body(link: Link, provider: ProviderRef, base: str, *, is_token_shown: bool = False) -> LinkBody:
    return LinkBody(
        id=link.id,
        access_token=link.access_token if is_token_shown else masked(link.access_token),
        created_at=link.created_at,
        updated_at=link.updated_at,
        deleted_at=link.deleted_at,
        tracking_info=link.tracking_info,
        status=link.status,
        user_external_id=link.user_external_id,
        provider_id=link.provider_id,
        provider=provider,
        company_mapping=company_ref(link.company, base) if link.company else None,
        link_hash=link.link_hash,
        allowed_products=link.allowed_products,
        initial_product_type=link.initial_product_type,
        data_source=link.data_source,
        is_suspicious=link.is_suspicious,
        is_dds_available=None,
    )


def exchange_body(link: Link) -> ExchangeBody:
    return ExchangeBody(link.access_token, link.id)


_LINK = "/v1/links/{link_id}/"

OPERATIONS: tuple[Operation, ...] = (
    post(
        "link_access_tokens_create",
        "/v1/link-access-tokens/",
        "Account Links",
        "Exchange a public token",
        ExchangeBody,
        request=ExchangeRequest,
        max_bytes=NOTE,
        status=200,
        refusals=(410,),
    ),
    get(
        "links_list",
        "/v1/links/",
        "Account Links",
        "List links",
        Page[LinkBody],
        query=LinkQuery,
        is_paged=True,
        refusals=(404,),
    ),
    get("links_read", _LINK, "Account Links", "Retrieve a link", LinkBody, refusals=(404,)),
    delete("links_delete", _LINK, "Account Links", "Delete a link with all its data"),
    delete("link_delete", "/v1/link/{link_id}/", "Account Links", "Delete a link with all its data", is_old=True),
)
