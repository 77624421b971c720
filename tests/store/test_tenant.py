"""A tenant that is taken away leaves nothing, in no table, and whoever works for it writes nothing any more."""

import asyncio
import re
from typing import Any

import pytest

from payproof.model.id import ClientId
from payproof.model.job import JobKind, LeaseLost
from payproof.model.secret import Secret
from payproof.model.tenant import Environment, Tenant
from payproof.store import ReferenceGone, Store, SystemTx, Window, lease
from payproof.store import tenant as tenants
from payproof.store.dialect import SystemSql
from payproof.store.file import add_file_tokens
from payproof.store.job import Held, check_fence
from payproof.store.key import add_key, ensure_tenant
from payproof.store.migration import migrations
from payproof.store.public_token import add_public_token
from tests import acting
from tests.store.test_isolation import TABLES, populate

SHARED = {
    *("meta", "client", "tenant", "provider", "migration", "company", "institution"),
    *("directory_entry", "directory_trigram", "directory_trigram_count"),
}
"""Tables that are no tenant's: a new one must be put here, or have a tenant."""
_SQLITE_TABLES = SystemSql("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
_POSTGRES_TABLES = SystemSql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")


def tables(tx: SystemTx, is_postgres: bool) -> set[str]:
    """As the database itself has them."""
    return {row[0] for row in tx.all(_POSTGRES_TABLES if is_postgres else _SQLITE_TABLES)}


def counts(tx: SystemTx, names: set[str]) -> dict[str, int]:
    return {name: tx.all(SystemSql(f"SELECT COUNT(*) FROM {name}"))[0][0] for name in sorted(names)}


async def made(store: Store, maker: Tenant, name: str = "worker") -> Tenant:
    return (await store.everywhere.write(tenants.add_tenant, maker, "seed-7", name)).tenant


async def filled(store: Store) -> tuple[Tenant, set[str]]:
    """A tenant with rows in every table that tenants have rows in; and these tables."""
    owner, things = await populate(store, "owner")
    of = store.of(owner)
    await of.write(add_public_token, things["link_id"])
    await of.write(add_file_tokens, things["link_id"], ["full"])
    await of.write(acting.begin, "ask")
    names = await store.everywhere.read(tables, store.is_postgres)
    return owner, names


async def test_no_table_keeps_a_row_of_a_tenant_that_is_gone(store: Store) -> None:
    other = await store.everywhere.write(ensure_tenant, ClientId("other"), Environment.SANDBOX, "seed")
    await store.of(other).write(add_key, Secret("sandbox-other"))
    names = await store.everywhere.read(tables, store.is_postgres)
    before = await store.everywhere.read(counts, names)
    owner, _ = await filled(store)
    child = await made(store, owner)
    await store.of(child).write(acting.begin, "x")
    during = await store.everywhere.read(counts, names)
    empty = {name for name in names - SHARED if during[name] == before[name]}
    assert empty <= {"account", "posting"}, "fill these too, or the proof says nothing of them"
    gone = await store.everywhere.write(tenants.remove_tenant, owner)
    assert set(gone) == {owner.id, child.id}
    assert await store.everywhere.read(counts, names) == before


async def test_every_table_is_shared_or_emptied(store: Store) -> None:
    names = await store.everywhere.read(tables, store.is_postgres)
    assert names - SHARED == TABLES
    emptied = {re.search(r"FROM (\w+)", one.sqlite).group(1) for one in tenants._removals()}  # type: ignore[union-attr]
    assert emptied == TABLES


@pytest.mark.parametrize("table", sorted(TABLES))
def test_what_a_tenant_has_is_found_by_an_index(table: str) -> None:
    """Both that which goes, and that which refers to what goes: else a whole table is walked through for each row."""
    text = "".join(one.text for one in migrations())
    [body] = re.findall(rf"CREATE TABLE {table} \((.*?)\n\);|CREATE TABLE {table} \((.*?)\);", text, re.DOTALL)
    body = body[0] or body[1]
    indexes = [
        *re.findall(rf"CREATE (?:UNIQUE )?INDEX \w+ ON {table} \((\w+)[^)]*\)(?! WHERE);", text),
        *re.findall(r"(?:UNIQUE|PRIMARY KEY) \((\w+)", body),
        *re.findall(r"(\w+) \w+ (?:NOT NULL )?(?:PRIMARY KEY|UNIQUE)", body),
    ]
    wanted = {"tenant", *re.findall(r"(\w+) TEXT[^,]* REFERENCES", body)}
    assert wanted - set(indexes) == set()


async def test_a_step_that_is_running_writes_nothing_any_more(store: Store, tenant: Tenant) -> None:
    child = await made(store, tenant)
    await store.of(child).write(acting.begin, "x")
    [held] = await store.everywhere.write(lease.claim, JobKind.VERIFY, "worker", 1)
    await store.everywhere.write(tenants.remove_tenant, child)
    with pytest.raises(LeaseLost):
        await store.of(child).write(check_fence, Held(held, held.turn))


async def test_nobody_adds_anything_to_a_tenant_that_is_gone(store: Store, tenant: Tenant) -> None:
    child = await made(store, tenant)
    await store.everywhere.write(tenants.remove_tenant, child)
    with pytest.raises(ReferenceGone):
        await store.of(child).write(acting.begin, "x")


async def test_a_tenant_goes_while_others_write_to_it(store: Store, tenant: Tenant) -> None:
    """Each write is there before it goes, and goes with it, or fails: none is left behind."""
    names = await store.everywhere.read(tables, store.is_postgres)
    before = await store.everywhere.read(counts, names)
    for _ in range(5):
        child = await made(store, tenant)
        writing: list[Any] = [store.of(child).write(acting.begin, "x") for _ in range(6)]
        removing = store.everywhere.write(tenants.remove_tenant, child)
        done = await asyncio.gather(*writing[:3], removing, *writing[3:], return_exceptions=True)
        assert {type(one) for one in done if isinstance(one, BaseException)} <= {ReferenceGone}
    assert await store.everywhere.read(counts, names) == before


async def test_a_list_shows_what_a_tenant_has_made_and_nothing_else(store: Store, tenant: Tenant) -> None:
    first = await made(store, tenant, "first")
    await made(store, first, "of the first")
    await made(store, tenant, "second")
    count, found = await store.of(tenant).read(lambda tx: tenants.made_tenants(tx, window=Window()))
    assert (count, {one.name for one in found}) == (2, {"first", "second"})
    assert {(one.made_by, one.tenant.seed) for one in found} == {(tenant.id, "seed-7")}
