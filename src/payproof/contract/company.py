"""Employers on the wire: found by a few letters, matched by what a client knows, and read by their id."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from msgspec import Meta, Struct

from payproof.contract.operation import Operation, get, post
from payproof.contract.page import Page
from payproof.model.company import Company, Features, MappingStatus, NamedCompany, SuccessRate
from payproof.model.product import ProductType

Text = Annotated[str, Meta(max_length=255)]


class CompanyProduct(StrEnum):
    """What an employer may be asked about."""

    INCOME = "income"
    EMPLOYMENT = "employment"
    DEPOSIT_SWITCH = "deposit_switch"
    PLL = "pll"


class CompanyRef(Struct, frozen=True):
    """An employer inside another object."""

    id: str
    name: str
    logo_url: str | None


class CompanyMappingBody(Struct, frozen=True, kw_only=True):
    """Of an employer that nobody knows, the id is null and the name is the one that was asked for."""

    company_mapping_id: str | None
    name: str
    domain: str | None
    logo_url: str | None
    success_rate: SuccessRate | None
    confidence_level: str
    mapping_status: MappingStatus


class DepositSwitchBody(Struct, frozen=True, kw_only=True):
    max_number: int
    deposit_types: tuple[str, ...]
    amount_precision: str
    percent_precision: str


class FillRatesBody(Struct, frozen=True, kw_only=True):
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


class FeaturesBody(Struct, frozen=True, kw_only=True):
    """Null is what is not known."""

    deposit_switch: DepositSwitchBody | None
    fill_rates: FillRatesBody | None


class CompanyDetail(CompanyMappingBody, frozen=True, kw_only=True):
    features: FeaturesBody


class CompanySearch(Struct, frozen=True, kw_only=True):
    query: str | None = None
    product_type: CompanyProduct | None = None


class CompanyQuery(Struct, frozen=True, kw_only=True):
    product_type: CompanyProduct | None = None


class CompanyRequest(Struct, frozen=True, kw_only=True):
    """What a client knows of an employer; each may be left out."""

    id: Text | None = None
    name: Text | None = None
    domain: Text | None = None
    ein: Text | None = None
    phone: Text | None = None
    address: dict[str, Any] | None = None
    state: Text | None = None
    product_type: CompanyProduct | None = None


class MappingQuery(Struct, frozen=True, kw_only=True):
    company_name: Text | None = None
    product_type: CompanyProduct | None = None


def product_asked(product: CompanyProduct | None) -> ProductType | None:
    return ProductType(product.value) if product else None


def logo_url(base: str, company: NamedCompany) -> str:
    return company.logo_url or f"{base}/logos/company/{company.id}.svg"


def company_ref(company: NamedCompany, base: str) -> CompanyRef:
    return CompanyRef(company.id, company.name, logo_url(base, company))


def company_body(
    company: Company, base: str, status: MappingStatus, rate: SuccessRate | None, confidence: float
) -> CompanyMappingBody:
    return CompanyMappingBody(**_shared(company, base, status, rate, confidence))


def company_detail(
    company: Company, base: str, status: MappingStatus, rate: SuccessRate | None, features: Features | None
) -> CompanyDetail:
    """Read by its id, so there is no doubt about which it is."""
    return CompanyDetail(**_shared(company, base, status, rate, 1.0), features=_features(features or Features()))


def unknown_company(name: str, domain: str | None) -> CompanyMappingBody:
    """The answer about an employer that is not in the directory."""
    return CompanyMappingBody(
        company_mapping_id=None,
        name=name,
        domain=domain,
        logo_url=None,
        success_rate=None,
        confidence_level="0.0",
        mapping_status=MappingStatus.UNMAPPED,
    )


def _shared(
    company: Company, base: str, status: MappingStatus, rate: SuccessRate | None, confidence: float
) -> Mapping[str, Any]:
    return {
        "company_mapping_id": company.id,
        "name": company.name,
        "domain": company.domain,
        "logo_url": logo_url(base, company),
        "success_rate": rate,
        "confidence_level": str(round(confidence, 2)),
        "mapping_status": status,
    }


def _features(features: Features) -> FeaturesBody:
    deposits, rates = features.deposit_switch, features.fill_rates
    return FeaturesBody(
        deposit_switch=DepositSwitchBody(
            max_number=deposits.max_number,
            deposit_types=deposits.deposit_types,
            amount_precision=deposits.amount_precision,
            percent_precision=deposits.percent_precision,
        )
        if deposits
        else None,
        fill_rates=FillRatesBody(**{name: getattr(rates, name) for name in rates.__struct_fields__}) if rates else None,
    )


_TAG = "Companies and Data Providers"
_COMPANIES = "/v1/companies/"

OPERATIONS: tuple[Operation, ...] = (
    get(
        "company_mappings_search",
        "/v1/company-mappings-search/",
        _TAG,
        "Find employers while a name is typed",
        list[CompanyMappingBody],
        query=CompanySearch,
        refusals=(400,),
    ),
    get(
        "companies_list",
        _COMPANIES,
        _TAG,
        "List employers by name",
        Page[CompanyMappingBody],
        query=CompanyQuery,
        is_paged=True,
        refusals=(400, 404),
    ),
    post(
        "companies_match",
        _COMPANIES,
        _TAG,
        "Find the employer that is meant",
        CompanyMappingBody,
        request=CompanyRequest,
        status=200,
    ),
    get(
        "companies_mapping",
        _COMPANIES + "mapping/",
        _TAG,
        "Find the employer that is meant by its name",
        CompanyMappingBody,
        query=MappingQuery,
        refusals=(400,),
    ),
    get(
        "companies_read",
        _COMPANIES + "{company_mapping_id}/",
        _TAG,
        "Retrieve an employer",
        CompanyDetail,
        query=CompanyQuery,
        refusals=(400, 404),
    ),
)
