"""Employers and providers over the door: searched, matched, listed and read."""

from typing import Any

import pytest

from payproof.app.installing import write_installed
from payproof.model.company import Company, MappingStatus, Origin, SuccessRate
from payproof.model.institution import Institution
from payproof.model.product import DataSource
from payproof.store import Store, SystemTx
from payproof.store.company import company_id, write_companies
from payproof.store.directory import count_trigrams, hold_directory
from payproof.store.institution import write_institutions
from tests.api.caller import CLIENT, DEV_SECRET, Caller, Sink
from tests.api.conftest import PLAYING, PROVIDERS, door_over
from tests.api.people import new_user

WALMART = company_id("walmart.com")
COMPANIES = (
    Company(id=WALMART, name="Walmart", domain="walmart.com"),
    Company(id=company_id("homedepot.com"), name="Home Depot", domain="homedepot.com"),
    Company(id=company_id("target.com"), name="Target", domain="target.com"),
    Company(
        id="low",
        name="Low Coverage Employer",
        domain="low.example",
        mapping_status=MappingStatus.MAPPED,
        success_rate=SuccessRate.LOW,
        is_pretend=True,
    ),
    Company(
        id="none",
        name="Unsupported Employer",
        domain="none.example",
        mapping_status=MappingStatus.UNMAPPED,
        success_rate=SuccessRate.UNSUPPORTED,
        is_pretend=True,
    ),
    Company(
        id="mine",
        name="My Works",
        domain="works.example",
        provider_id="acme",
        ein="123456789",
        phone="5551234567",
        origin=Origin.IMPORT,
    ),
    Company(id="foreign", name="Foreign Works", provider_id="adp", origin=Origin.IMPORT),
)
INSTITUTIONS = (
    Institution(id="adp", name="ADP", domain="adp.com", data_source=DataSource.PAYROLL),
    Institution(id="chase", name="Chase", domain="chase.com", data_source=DataSource.FINANCIAL_ACCOUNTS),
    Institution(id="geico", name="GEICO", domain="geico.com", data_source=DataSource.INSURANCE),
)


def fill(tx: SystemTx) -> None:
    hold_directory(tx)
    write_companies(tx, COMPANIES)
    write_institutions(tx, INSTITUTIONS)
    count_trigrams(tx)


@pytest.fixture
async def caller(store: Store, settings: Any, sink: Sink) -> Caller:
    """With the payroll of the pretend world, for sandbox keys."""
    providers = (*PROVIDERS, PLAYING)
    await store.everywhere.write(write_installed, providers)
    await store.everywhere.write(fill)
    return Caller(door_over(store, settings, sink, providers))


@pytest.fixture
def developer(caller: Caller) -> Caller:
    """The same client with keys for real sources."""
    return caller.as_(CLIENT, DEV_SECRET)


async def test_a_search_is_a_bare_list_of_employers(caller: Caller) -> None:
    found = (await caller.get("/v1/company-mappings-search/?query=Wallmart&product_type=income")).json
    assert found[0] == {
        "company_mapping_id": WALMART,
        "name": "Walmart",
        "domain": "walmart.com",
        "logo_url": f"http://testserver/logos/company/{WALMART}.svg",
        "success_rate": "high",
        "confidence_level": "0.62",
        "mapping_status": "verified",
    }
    assert (await caller.get("/v1/company-mappings-search?query=")).json == []
    assert (await caller.get("/v1/company-mappings-search/")).json == []
    assert (await caller.get("/v1/company-mappings-search/?query=%25_")).json == []
    refused = await caller.get("/v1/company-mappings-search/?query=Home&product_type=insurance")
    assert refused.json["error"]["extra"]["invalid-params"][0]["field"] == "product_type"


@pytest.mark.parametrize(
    ("query", "status", "rate"),
    [
        ("walmart", "verified", "high"),
        ("low coverage", "mapped", "low"),
        ("unsupported emp", "unmapped", "unsupported"),
        ("my works", "mapped", None),
    ],
)
async def test_the_hint_where_to_go_with_an_employer(caller: Caller, query: str, status: str, rate: str | None) -> None:
    first = (await caller.get(f"/v1/company-mappings-search/?query={query}&product_type=income")).json[0]
    assert (first["mapping_status"], first["success_rate"]) == (status, rate)


async def test_of_real_employers_nothing_is_made_up(developer: Caller) -> None:
    (first,) = (await developer.get("/v1/company-mappings-search/?query=walmart")).json
    assert (first["mapping_status"], first["success_rate"]) == ("unmapped", None)
    detail = (await developer.get(f"/v1/companies/{WALMART}/")).json
    assert detail["features"] == {"deposit_switch": None, "fill_rates": None}


async def test_a_product_that_the_payroll_does_not_give_is_unsupported(caller: Caller) -> None:
    first = (await caller.get("/v1/company-mappings-search/?query=my works&product_type=pll")).json[0]
    assert first["success_rate"] == "unsupported"
    foreign = (await caller.get("/v1/companies/foreign/?product_type=income")).json
    assert foreign["success_rate"] == "high", "in the pretend world everybody pays through one payroll"


async def test_an_employer_whose_payroll_has_no_connector_is_unsupported(developer: Caller) -> None:
    foreign = (await developer.get("/v1/companies/foreign")).json
    assert (foreign["mapping_status"], foreign["success_rate"]) == ("mapped", "unsupported")


async def test_the_pretend_employers_are_for_sandbox_keys(caller: Caller, developer: Caller) -> None:
    assert (await caller.get("/v1/companies/low/")).status == 200
    assert (await developer.get("/v1/companies/low/")).status == 404
    assert (await developer.get("/v1/company-mappings-search/?query=low coverage")).json == []
    assert (await developer.post("/v1/companies/", {"domain": "low.example"})).json["company_mapping_id"] is None
    assert (await caller.get("/v1/companies/")).json["count"] == len(COMPANIES)
    assert (await developer.get("/v1/companies/")).json["count"] == len(COMPANIES) - 2


async def test_an_employer_is_read_with_its_features(caller: Caller) -> None:
    read = (await caller.get(f"/v1/companies/{WALMART}?product_type=income")).json
    assert read["confidence_level"] == "1.0"
    assert read["features"]["deposit_switch"] == {
        "max_number": 10,
        "deposit_types": ["entire", "percent", "amount"],
        "amount_precision": "0.01",
        "percent_precision": "0.01",
    }
    assert set(read["features"]["fill_rates"].values()) == {1.0}
    assert (await caller.get("/v1/companies/nobody/")).json == {"detail": "Not Found."}
    logo = await caller.get(read["logo_url"].removeprefix("http://testserver"))
    assert b"<title>Walmart</title>" in logo.content


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"id": WALMART}, "Walmart"),
        ({"domain": "https://www.Walmart.com/careers?x=1"}, "Walmart"),
        ({"domain": "jobs.walmart.com"}, "Walmart"),
        ({"name": "Walmart Inc."}, "Walmart"),
        ({"name": "THE HOME DEPOT, INC.", "state": "GA", "address": {"city": "Atlanta"}}, "Home Depot"),
        ({"name": "Target Corporation", "product_type": "pll"}, "Target"),
        ({"name": "nobody", "ein": "12-3456789"}, "My Works"),
        ({"phone": "+1 (555) 123-4567"}, "My Works"),
        ({"id": "unknown", "name": "Home Deppot"}, "Home Depot"),
    ],
)
async def test_the_employer_that_is_meant(caller: Caller, asked: Any, found: str) -> None:
    reply = await caller.post("/v1/companies/", asked)
    assert reply.status == 200
    assert reply.json["name"] == found
    assert reply.json["company_mapping_id"]


@pytest.mark.parametrize(
    "asked",
    [
        {"name": "Nobody & Sons"},
        {"name": "Home"},
        {"name": "?"},
        {},
        {"domain": "com"},
        {"domain": "://"},
        {"ein": "-"},
        {"id": "x" * 255, "domain": "nobody.example", "name": None},
    ],
)
async def test_an_employer_that_nobody_knows_is_unmapped(caller: Caller, asked: Any) -> None:
    assert (await caller.post("/v1/companies", asked)).json == {
        "company_mapping_id": None,
        "name": asked.get("name") or "",
        "domain": asked.get("domain"),
        "logo_url": None,
        "success_rate": None,
        "confidence_level": "0.0",
        "mapping_status": "unmapped",
    }


async def test_all_that_is_wrong_with_a_question_is_named(caller: Caller) -> None:
    refused = await caller.post("/v1/companies/", {"name": 7, "ein": "1" * 256, "product_type": "assets"})
    assert refused.status == 400
    assert [one["field"] for one in refused.json["error"]["extra"]["invalid-params"]] == ["name", "ein", "product_type"]


async def test_coverage_is_asked_for_by_name(caller: Caller) -> None:
    asked = await caller.get("/v1/companies/mapping/?company_name=Home%20Depot&product_type=income")
    assert (asked.json["name"], asked.json["success_rate"]) == ("Home Depot", "high")
    assert (await caller.get("/v1/companies/mapping/")).json["company_mapping_id"] is None


async def test_employers_are_listed_by_name(caller: Caller) -> None:
    first = (await caller.get("/v1/companies/?page_size=2")).json
    assert [one["name"] for one in first["results"]] == ["Foreign Works", "Home Depot"]
    assert first["next"] == "http://testserver/v1/companies/?page_size=2&page=2"
    assert (await caller.get("/v1/companies/?page=9")).json == {"detail": "Invalid page."}


async def test_institutions_without_a_connector_are_listed_and_unsupported(caller: Caller) -> None:
    everybody = (await caller.get("/v1/providers/?search=nothing&q=nothing&name=nothing")).json
    assert everybody["count"] == len(INSTITUTIONS) + len(PROVIDERS) + 1
    assert [one["id"] for one in everybody["results"]] == ["acme", "adp", "chase", "geico", "bank", "truv"]
    read = (await caller.get("/v1/providers/chase")).json
    assert read == {
        "id": "chase",
        "name": "Chase",
        "logo_url": "http://testserver/logos/chase.svg",
        "domain": "chase.com",
        "is_disabled": False,
        "is_supported": False,
        "success_rate": "unsupported",
        "confidence_level": "1.0",
        "data_source": "financial_accounts",
        "products": [],
    }
    assert b"<title>Chase</title>" in (await caller.get("/logos/chase.svg")).content


async def test_providers_are_narrowed_by_product_and_source(caller: Caller) -> None:
    async def ids(query: str) -> list[str]:
        return [one["id"] for one in (await caller.get(f"/v1/providers/?{query}")).json["results"]]

    assert await ids("product_type=income&data_source=financial_accounts&query=chace") == ["chase"]
    assert await ids("data_source=payroll") == ["acme", "adp", "truv"]
    assert await ids("product_type=insurance") == ["geico"]
    assert await ids("product_type=insurance&data_source=payroll") == []
    assert await ids("query=truv_api") == ["truv"]
    assert await ids("query=sandbox") == ["truv"]
    assert await ids("query=%25") == []


async def test_a_provider_of_the_pretend_world_is_no_support_for_real_keys(caller: Caller, developer: Caller) -> None:
    assert (await caller.get("/v1/providers/truv")).json["success_rate"] == "high"
    shown = (await developer.get("/v1/providers/truv")).json
    assert (shown["is_supported"], shown["success_rate"]) == (False, "unsupported")
    listed = (await caller.get("/v1/payroll-providers/supported/income/")).json
    assert [one["id"] for one in listed] == ["acme", "truv"]
    assert [one["id"] for one in (await developer.get("/v1/payroll-providers/supported/income")).json] == ["acme"]
    assert (await caller.get("/v1/payroll-providers/supported/nothing/")).status == 404


async def test_a_token_names_an_employer_that_is_there(caller: Caller, developer: Caller) -> None:
    path = f"/v1/users/{await new_user(caller)}/tokens/"
    wish = {"product_type": "income", "company_mapping_id": WALMART}
    assert (await caller.post(path, wish)).json["company_mapping_id"] == WALMART
    refused = await caller.post(path, wish | {"company_mapping_id": "f" * 32, "provider_id": "nobody"})
    assert [one["field"] for one in refused.json["error"]["extra"]["invalid-params"]] == [
        "provider_id",
        "company_mapping_id",
    ]
    hidden = await developer.post(
        f"/v1/users/{await new_user(developer)}/tokens/", wish | {"company_mapping_id": "low"}
    )
    assert hidden.status == 400
