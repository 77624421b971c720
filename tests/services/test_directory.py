"""An operator's file of companies and providers: all of it, or none and every fault at once."""

from typing import Any

import pytest

from payproof.app.installing import write_installed
from payproof.model.company import Company, DepositFeatures, Features, MappingStatus, Origin, SuccessRate
from payproof.model.institution import Institution
from payproof.model.product import DataSource
from payproof.services.directory import Taken, import_directory
from payproof.services.directory_file import BadFile, lines
from payproof.store import Store, SystemTx, Window, seed
from payproof.store.company import REAL, company, company_by, company_id, found_companies
from payproof.store.dialect import SystemSql
from payproof.store.institution import institution
from payproof.store.seed import seed_directory
from tests.api.conftest import PROVIDERS
from tests.databases import migrated, postgres_store_url, store, wall, where

__all__ = ["migrated", "postgres_store_url", "store", "wall", "where"]

FEATURES = '{""deposit_switch"":{""max_number"":3,""deposit_types"":[""entire""],""amount_precision"":""0.01"",'
GOOD = f"""\
name,kind,id,domain,provider_id,data_source,mapping_status,success_rate,ein,phone,logo_url,features
My Works,,,https://www.Works.example/about,my_payroll,,,,12-3456789,+1 (555) 123-4567,,
My Payroll,provider,my_payroll,payroll.example,,payroll,,,,,https://payroll.example/logo.png,

The Home Depot,company,ours,homedepot.com,,,verified,low,,,,"{FEATURES}""percent_precision"":""1""}}}}"
"Quoted, and
folded",company,,,,,,,,,,
"""
BAD = """\
id,name,domain,provider_id,ein,phone,success_rate,features,data_source,kind,logo_url
a b,,nonsense,,12,5,good,{,payroll,,file:///x
,???,,,,,,,,firm,
,Nobody,,x,,,,,,provider,
x,One,one.example,nobody,,,,,,,
y,Two,one.example,,,,,,,,
x,Three,,,,,,,,,
"q","Multi
line",two.example,,,,,,,,,extra
z,A connector's,,,,,,,,,
acme,Acme,,,,,,,payroll,provider,
new,New,,,,,,,nothing,provider,
"""
TOLD: list[str] = []
SHIPPED = {
    "employers": b"name,domain\nHome Depot,homedepot.com\nHomeGoods,homegoods.com\nWalmart,walmart.com\n",
    "pretend_employers": b"name,domain,mapping_status,success_rate\nLow,low.example,mapped,low\n",
    "payroll_systems": b"id,name,domain\nadp,ADP,adp.com\n",
    "banks": b"id,name,domain\n",
    "insurers": b"id,name,domain\n",
}


@pytest.fixture(autouse=True)
def _shorter_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those we ship take PostgreSQL a second each time."""
    monkeypatch.setattr(seed, "_text", SHIPPED.__getitem__)


def told(doing: str, table: str, rows: int) -> None:
    TOLD.append(f"{doing} {rows} {table}")


def installed(tx: SystemTx) -> None:
    seed_directory(tx)
    write_installed(tx, PROVIDERS)


def forget_edition(tx: SystemTx) -> None:
    """As an upgrade with other lists does."""
    tx.put(SystemSql("UPDATE meta SET value = :other WHERE name = 'directory'"), other=b"other")


def rows(tx: SystemTx) -> Any:
    return [
        tx.all(SystemSql(f"SELECT * FROM {table} ORDER BY 1, 2"))
        for table in ("company", "institution", "directory_entry", "directory_trigram_count", "meta")
    ]


async def test_what_is_imported_is_there_and_found(store: Store) -> None:
    await store.everywhere.write(installed)
    before = await store.everywhere.read(company_by, "domain", "homedepot.com")
    assert before is not None
    TOLD.clear()
    taken = await store.everywhere.write(import_directory, GOOD.encode(), told)
    assert taken == Taken(companies=3, providers=1)
    assert TOLD == ["checking 4 lines", "writing 3 companies", "writing 1 providers"]
    assert await store.everywhere.read(company_by, "ein", "123456789") == Company(
        id=company_id("works.example"),
        name="My Works",
        domain="works.example",
        provider_id="my_payroll",
        ein="123456789",
        phone="5551234567",
        origin=Origin.IMPORT,
    )
    assert await store.everywhere.read(institution, "my_payroll") == Institution(
        id="my_payroll",
        name="My Payroll",
        domain="payroll.example",
        logo_url="https://payroll.example/logo.png",
        data_source=DataSource.PAYROLL,
        origin=Origin.IMPORT,
    )
    _, found = await store.everywhere.read(found_companies, (REAL,), "home dep", Window(5, 0))
    assert found[0] == Company(
        id="ours",
        name="The Home Depot",
        domain="homedepot.com",
        mapping_status=MappingStatus.VERIFIED,
        success_rate=SuccessRate.LOW,
        features=Features(
            deposit_switch=DepositFeatures(
                max_number=3, deposit_types=("entire",), amount_precision="0.01", percent_precision="1"
            )
        ),
        origin=Origin.IMPORT,
    )
    assert "Home Depot" not in [one.name for one in found]
    assert await store.everywhere.read(company, before.id), "whoever wrote its id down still reads it"
    _, found = await store.everywhere.read(found_companies, (REAL,), "quoted and", Window(1, 0))
    assert found[0].name == "Quoted, and folded"


async def test_an_import_done_again_or_after_an_upgrade_changes_nothing(store: Store) -> None:
    await store.everywhere.write(import_directory, GOOD.encode(), told)
    first = await store.everywhere.read(rows)
    await store.everywhere.write(import_directory, GOOD.encode(), told)
    assert await store.everywhere.read(rows) == first
    await store.everywhere.write(forget_edition)
    await store.everywhere.write(seed_directory)
    assert await store.everywhere.read(rows) == first


async def test_a_line_without_an_id_is_about_whoever_has_its_domain(store: Store) -> None:
    await store.everywhere.write(import_directory, GOOD.encode(), told)
    await store.everywhere.write(import_directory, b"name,domain\nHome Depot of ours,homedepot.com\n", told)
    held = await store.everywhere.read(company_by, "domain", "homedepot.com")
    assert held is not None
    assert (held.id, held.name, held.success_rate) == ("ours", "Home Depot of ours", None)


async def test_a_provider_whose_connector_is_gone_may_be_imported(store: Store) -> None:
    await store.everywhere.write(installed)
    await store.everywhere.write(write_installed, PROVIDERS[1:])
    line = b"kind,id,name,data_source\nprovider,acme,Acme of ours,payroll\n"
    assert await store.everywhere.write(import_directory, line, told) == Taken(companies=0, providers=1)
    found = await store.everywhere.read(institution, "acme")
    assert found is not None
    assert (found.name, found.origin) == ("Acme of ours", Origin.IMPORT)


async def test_every_bad_line_is_named_and_nothing_is_imported(store: Store) -> None:
    await store.everywhere.write(installed)
    before = await store.everywhere.read(rows)
    with pytest.raises(BadFile, match="9 lines are wrong") as refused:
        await store.everywhere.write(import_directory, BAD.encode(), told)
    assert [(line.number, line.why.split(":")[0].split(";")[0]) for line in refused.value.lines] == [
        (2, "data_source is not for a company"),
        (3, "kind is company or provider, not firm"),
        (4, "provider_id is not for a provider"),
        (5, "provider_id"),
        (6, "the domain of line 5 again"),
        (7, "the id of line 5 again"),
        (8, "more cells than the head has columns"),
        (11, "acme has a connector here, which says itself what it is"),
        (12, "data_source is one of payroll, docs, insurance, financial_accounts, tax"),
    ]
    for part in ("name is missing", "domain is not", "id is not", "ein has", "phone has", "success_rate", "features"):
        assert part in refused.value.lines[0].why
    assert await store.everywhere.read(rows) == before


@pytest.mark.parametrize(
    ("text", "number", "why"),
    [
        (b"", 1, "the head must name"),
        (b"domain\nx.example\n", 1, "the head must name"),
        (b"name,colour,name\nx\n", 1, "unknown or double columns: colour, name"),
        (b"name\nfine\nsch\xf6n\n", 3, "not UTF-8"),
        (b'name\n"open\n', 2, "unexpected end"),
    ],
)
def test_what_is_no_such_file_is_refused(text: bytes, number: int, why: str) -> None:
    with pytest.raises(BadFile) as refused:
        lines(text)
    (line,) = refused.value.lines
    assert (line.number, why in line.why) == (number, True), line


def test_what_does_not_print_is_refused() -> None:
    _, bad = lines(b"name\nfine\na\0b\n")
    assert [(line.number, line.why) for line in bad] == [(3, "name has signs that do not print")]


def test_a_head_may_have_any_order_and_a_mark_before_it() -> None:
    good, bad = lines("\ufeffDomain , NAME,\r\nx.example,X,\r\n,,\r\n".encode().replace(b",\r\n", b"\r\n", 1))
    assert (len(good), bad) == (1, [])
