"""The search over the directory: on both databases, and the same on both."""

import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from payproof.model.company import Company, Origin
from payproof.model.institution import Institution
from payproof.model.product import DataSource
from payproof.store import Store, SystemTx, Window
from payproof.store.company import (
    PRETEND,
    REAL,
    companies,
    company,
    company_by,
    company_id,
    found_companies,
    write_companies,
)
from payproof.store.directory import count_trigrams, hold_directory
from payproof.store.institution import institutions, write_institutions
from payproof.store.seed import seed_directory
from payproof.store.trigram import folded
from tests.databases import MASTER_KEY

NAMES = (
    *("Home Depot", "HomeGoods", "At Home", "Walmart", "Walgreens", "Wawa", "McDonald's", "AT&T", "U.S. Bank"),
    *("Estée Lauder", "General Motors", "UPS", "The Gap", "Gap Wireless", "JPMorgan Chase", "Kinder Morgan"),
)
SITES = {"General Motors": "gm.com", "AT&T": "att.com"}
SEEDED = 1500
"""So many entries the shipped lists have at least."""


def domain_of(name: str) -> str:
    return SITES.get(name, f"{folded(name).replace(' ', '')}.com")


def company_of(name: str, **more: object) -> Company:
    domain = domain_of(name)
    return Company(**{"id": company_id(domain), "name": name, "domain": domain, **more})  # type: ignore[arg-type]


def fill(tx: SystemTx, *written: Company) -> int:
    hold_directory(tx)
    changed = write_companies(tx, written or [company_of(name) for name in NAMES])
    count_trigrams(tx)
    return changed


@pytest.fixture
async def filled(store: Store) -> Store:
    await store.everywhere.write(fill)
    return store


async def found(store: Store, query: str, *kinds: str) -> list[str]:
    asked = (kinds or (REAL,), query, Window(20, 0))
    _, names = await store.everywhere.read(found_companies, *asked)
    return [one.name for one in names]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("Home Dep", "Home Depot"),
        ("home", "Home Depot"),
        ("homed", "Home Depot"),
        ("the home depot", "Home Depot"),
        ("home depot inc", "Home Depot"),
        ("homedepot.com", "Home Depot"),
        ("hmoe depot", "Home Depot"),
        ("depot", "Home Depot"),
        ("Wallmart", "Walmart"),
        ("wal mart", "Walmart"),
        ("WALMART", "Walmart"),
        ("walmrat", "Walmart"),
        ("mcdonlds", "McDonald's"),
        ("mcdonalds", "McDonald's"),
        ("at&t", "AT&T"),
        ("att", "AT&T"),
        ("us bank", "U.S. Bank"),
        ("estee", "Estée Lauder"),
        ("ESTÉE", "Estée Lauder"),
        ("gm", "General Motors"),
        ("gap", "The Gap"),
        ("the gap", "The Gap"),
        ("gap w", "Gap Wireless"),
        ("jp morgan", "JPMorgan Chase"),
        ("u", "UPS"),
        ("k", "Kinder Morgan"),
    ],
)
async def test_what_is_meant_comes_first(filled: Store, query: str, first: str) -> None:
    assert (await found(filled, query))[:1] == [first]


@pytest.mark.parametrize("query", ["", "   ", "%", "_", "'; --", "???", "\x00", "zzzzqq", "xy", "日本"])
async def test_nothing_is_found_where_nothing_is_meant(filled: Store, query: str) -> None:
    assert await found(filled, query) == []


async def test_signs_that_mean_something_to_databases_mean_nothing(filled: Store) -> None:
    assert (await found(filled, "h%me_depot"))[:1] == ["Home Depot"]
    assert await found(filled, "%") == []


async def test_what_begins_so_comes_before_what_contains_it(filled: Store) -> None:
    assert await found(filled, "home") == ["Home Depot", "HomeGoods", "At Home"]


async def test_only_the_kinds_that_were_asked_for(store: Store) -> None:
    await store.everywhere.write(fill, company_of("Homely"), company_of("Home Pretence", is_pretend=True))
    assert await found(store, "home") == ["Homely"]
    assert await found(store, "home", REAL, PRETEND) == ["Home Pretence", "Homely"]


async def test_pages_of_a_search_follow_each_other(filled: Store) -> None:
    async def page(offset: int) -> tuple[int, list[str]]:
        count, some = await filled.everywhere.read(found_companies, (REAL,), "home", Window(2, offset))
        return count, [one.name for one in some]

    assert [await page(0), await page(2), await page(4)] == [
        (3, ["Home Depot", "HomeGoods"]),
        (3, ["At Home"]),
        (0, []),
    ]


async def test_all_are_listed_by_name(filled: Store) -> None:
    count, some = await filled.everywhere.read(companies, (REAL,), Window(4, 0))
    assert (count, [one.name for one in some]) == (len(NAMES), ["At Home", "AT&T", "Estée Lauder", "The Gap"])


async def test_a_new_name_is_found_and_the_old_one_is_not(filled: Store) -> None:
    held = company_of("Walmart")
    renamed = Company(id=held.id, name="Grand Bazaar", domain="bazaar.example", origin=Origin.IMPORT)
    assert await filled.everywhere.write(fill, renamed) == 1
    assert (await found(filled, "bazaar")) == ["Grand Bazaar"]
    assert "Grand Bazaar" not in await found(filled, "walmart")
    assert await filled.everywhere.write(fill, renamed) == 0


async def test_what_we_ship_gives_way_to_what_was_imported(filled: Store) -> None:
    old = company_of("Walmart")
    mine = Company(id="wm", name="Walmart Inc.", domain="walmart.com", phone="5551234567", origin=Origin.IMPORT)
    await filled.everywhere.write(fill, mine)
    await filled.everywhere.write(fill)
    assert (await found(filled, "walmart"))[0] == "Walmart Inc."
    assert "Walmart" not in await found(filled, "walmart")
    assert await filled.everywhere.read(company_by, "domain", "walmart.com") == mine
    assert await filled.everywhere.read(company_by, "phone", "5551234567") == mine
    ousted = await filled.everywhere.read(company, old.id)
    assert ousted is not None, "tokens and links may name it"
    assert (ousted.name, ousted.domain) == ("Walmart", None)


async def test_two_may_change_places(filled: Store) -> None:
    one, other = company_of("Walmart"), company_of("Wawa")
    swapped = [
        Company(id=one.id, name="Wawa", domain=other.domain, origin=Origin.IMPORT),
        Company(id=other.id, name="Walmart", domain=one.domain, origin=Origin.IMPORT),
    ]
    await filled.everywhere.write(fill, *swapped)
    assert await filled.everywhere.read(company, one.id) == swapped[0]
    assert (await found(filled, "walmart"))[0] == "Walmart"


async def test_a_connector_knows_its_institution_best(store: Store) -> None:
    def write(tx: SystemTx, name: str, origin: Origin, domain: str | None = None) -> None:
        hold_directory(tx)
        one = Institution(id="acme", name=name, domain=domain, data_source=DataSource.PAYROLL, origin=origin)
        write_institutions(tx, [one], {"acme": ("acme_payroll",)} if origin is Origin.CONNECTOR else None)
        count_trigrams(tx)

    async def names(query: str) -> list[str]:
        _, some = await store.everywhere.read(institutions, list(DataSource), query, Window())
        return [f"{one.name} {one.domain}" for one in some]

    await store.everywhere.write(write, "Acme of the list", Origin.SEED, "acme.example")
    await store.everywhere.write(write, "Acme", Origin.CONNECTOR)
    await store.everywhere.write(write, "Acme of the file", Origin.IMPORT, "file.example")
    await store.everywhere.write(write, "Acme of the list", Origin.SEED, "list.example")
    assert await names("acme payroll") == ["Acme acme.example"]


async def test_the_lists_are_read_once_for_each_edition(store: Store) -> None:
    assert await store.everywhere.write(seed_directory) > SEEDED
    assert await store.everywhere.write(seed_directory) == 0
    assert (await found(store, "home dep"))[0] == "Home Depot"
    walmart = await store.everywhere.read(company_by, "domain", "walmart.com")
    assert walmart is not None
    assert walmart.id == "0de20b3e11246508595c969f7739b469"


@pytest.fixture
async def both(tmp_path: Path, postgres_store_url: str) -> AsyncIterator[list[Store]]:
    """The shipped directory on each database."""
    async with AsyncExitStack() as closing:
        stores = []
        for where in (tmp_path / "payproof.sqlite", postgres_store_url):
            opened = Store(where, MASTER_KEY, synchronous="OFF")
            await opened.start()
            closing.push_async_callback(opened.stop)
            await opened.everywhere.write(seed_directory)
            stores.append(opened)
        yield stores


@pytest.mark.postgres
async def test_both_databases_answer_alike_and_in_the_same_order(both: list[Store]) -> None:
    queries = await _queries(both[0])
    assert len(queries) > 400
    for query in queries:
        companies_found = [await one.everywhere.read(found_companies, (REAL,), query, Window(50, 0)) for one in both]
        assert companies_found[0] == companies_found[1], query
        wanted = (list(DataSource), query, Window(50, 0))
        providers_found = [await one.everywhere.read(institutions, *wanted) for one in both]
        assert providers_found[0] == providers_found[1], query
    pages = [await one.everywhere.read(companies, (REAL,), Window(500, 0)) for one in both]
    assert pages[0] == pages[1]


async def _queries(store: Store) -> list[str]:
    """Names, their beginnings, and names with a letter left out, doubled or changed."""
    draw = random.Random(7)
    _, known = await store.everywhere.read(companies, (REAL,), Window(10_000, 0))
    made = [*"abcdefghijklmnopqrstuvwxyz0123456789&é", "the", "inc", "ing", "uni", "bank", "bank of", "credit union"]
    for one in draw.sample(known, 90):
        name = one.name
        at = draw.randrange(len(name))
        made += [name, name[: at + 1], name[:at] + name[at + 1 :], name[:at] + name[at] + name[at:]]
        made.append(f"{name[:at]}{draw.choice('aeiost')}{name[at + 1 :]}")
    return made
