"""Another master key: all opens with it and nothing with the old one, hashes stay, and a kill changes nothing."""

import ast
import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from payproof.model.id import ClientId
from payproof.model.secret import Secret
from payproof.model.tenant import Environment, Tenant
from payproof.store import FileHeld, Store, Tx, WrongKey, key, link, user
from payproof.store.bulk import NothingThere
from payproof.store.dialect import Sql, SystemSql
from payproof.store.key import ensure_tenant
from payproof.store.rotation import SEALED, rotate
from payproof.store.sealing import Vault
from payproof.store.unusable import DatabaseHeld, DatabaseUnusable
from payproof.testing.clock import ManualClock
from tests import acting
from tests.backup.contents import contents
from tests.databases import MASTER_KEY
from tests.house.source import sources

OTHER_KEY = bytes(reversed(MASTER_KEY))
PEOPLE = Sql("SELECT id FROM app_user WHERE tenant = :tenant")
TOKENS = Sql("SELECT access_token, user_id, id FROM link WHERE tenant = :tenant")
CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
DYING = """
import os, signal, sys
from pathlib import Path
from payproof.store import rotation
from payproof.store.sealing import Vault

place, at = sys.argv[1], iter(range(int(sys.argv[2]), -1, -1))

def told(doing, table, rows):
    if next(at) == 0:
        os.kill(os.getpid(), signal.SIGKILL)

rotation.TOLD_EVERY = 2
keys = [bytes(range(32)), bytes(reversed(range(32)))]
rotation.rotate(place if "://" in place else Path(place), *map(Vault, keys), told)
"""


def silent(doing: str, table: str, rows: int) -> None: ...


def change(where: Path | str) -> int:
    return rotate(where, Vault(MASTER_KEY), Vault(OTHER_KEY), silent)


async def fill(where: Path | str, wall: ManualClock) -> Tenant:
    store = Store(where, MASTER_KEY, wall=wall)
    await store.start()
    tenant = await store.everywhere.write(ensure_tenant, ClientId("client"), Environment.SANDBOX, "seed")
    await store.of(tenant).write(key.add_key, Secret("sandbox-planted"))
    for _ in range(5):
        await store.of(tenant).write(acting.begin, "person.ask")
    await store.stop()
    return tenant


async def opens(where: Path | str, master_key: bytes, tenant: Tenant) -> tuple[int, str, str]:
    """How many people can be read, what webhooks are signed with, and what a text hashes to."""
    store = Store(where, master_key)
    await store.start()
    try:
        people = await store.of(tenant).read(_people)
        secret = await store.of(tenant).read(key.signing_secret, None)
        assert secret is not None
        await store.of(tenant).write(acting.begin, "one.more")
        hashed = await store.of(tenant).read(lambda tx: tx.keyed_hash("access_token", "said"))
        return people, secret.reveal(), hashed
    finally:
        await store.stop()


def _people(tx: Tx) -> int:
    return len([user.user(tx, row[0]) for row in tx.all(PEOPLE)])


async def test_everything_opens_with_the_new_key_and_hashes_stay(target: Path | str, wall: ManualClock) -> None:
    tenant = await fill(target, wall)
    before = await opens(target, MASTER_KEY, tenant)
    assert before[:2] == (5, "sandbox-planted")
    assert change(target) == 6 + 1 + 2
    assert await opens(target, OTHER_KEY, tenant) == (6, *before[1:])
    with pytest.raises(WrongKey):
        await opens(target, MASTER_KEY, tenant)
    assert change(target) == 0, "done again it changes nothing"


async def test_links_are_found_by_the_access_tokens_that_were_given_out(target: Path | str, wall: ManualClock) -> None:
    tenant = await fill(target, wall)
    found = []
    for master_key in (MASTER_KEY, OTHER_KEY):
        store = Store(target, master_key)
        await store.start()
        rows = await store.of(tenant).read(lambda tx: tx.all(TOKENS))
        for sealed, person, link_id in rows:
            place = ("link", link_id, "access_token")
            token = (await store.of(tenant).read(_opened, person, place, sealed)).decode()
            held = await store.of(tenant).read(link.link_by_access_token, token)
            found.append(held is not None and held.id == link_id)
        await store.stop()
        if master_key == MASTER_KEY:
            change(target)
    assert len(found) == 10 and all(found)


def _opened(tx: Tx, person: str, place: tuple[str, str, str], sealed: bytes) -> bytes:
    return tx.open(person, place, sealed)  # type: ignore[arg-type]


async def test_data_from_before_hashes_had_a_key_of_their_own_keeps_its_hashes(
    target: Path | str, wall: ManualClock
) -> None:
    tenant = await fill(target, wall)
    store = Store(target, MASTER_KEY)
    await store.start()
    await store.everywhere.write(lambda tx: tx.put(SystemSql("DELETE FROM meta WHERE name = 'hash_key'")))
    await store.stop()
    before = await opens(target, MASTER_KEY, tenant)
    change(target)
    assert (
        (await opens(target, OTHER_KEY, tenant))[2]
        == before[2]
        == Vault(MASTER_KEY).keyed_hash(tenant.id, "access_token", "said")
    )


@pytest.mark.parametrize("at", [0, 1, 2, 3])
async def test_one_killed_on_the_way_leaves_the_old_key(target: Path | str, wall: ManualClock, at: int) -> None:
    tenant = await fill(target, wall)
    before = contents(target)
    killed = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", DYING, str(target), str(at)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert contents(target) == before
    assert (await opens(target, MASTER_KEY, tenant))[0] == 5
    assert change(target) == 9


async def test_a_wrong_old_key_changes_nothing(target: Path | str, wall: ManualClock) -> None:
    tenant = await fill(target, wall)
    with pytest.raises(WrongKey):
        rotate(target, Vault(bytes(32)), Vault(OTHER_KEY), silent)
    assert (await opens(target, MASTER_KEY, tenant))[0] == 5


async def test_it_is_refused_while_a_server_runs(target: Path | str, wall: ManualClock) -> None:
    tenant = await fill(target, wall)
    store = Store(target, MASTER_KEY)
    await store.start()
    await store.of(tenant).read(_people)
    with pytest.raises((FileHeld, DatabaseHeld)):
        change(target)
    await store.stop()
    assert change(target) == 8


async def test_where_there_is_no_data_there_is_nothing_to_change(target: Path | str, tmp_path: Path) -> None:
    with pytest.raises((NothingThere, DatabaseUnusable)):
        change(target)
    assert not (tmp_path / "target.sqlite").exists()


def test_all_that_the_master_key_seals_is_on_the_list() -> None:
    """`key_check` seals its own anew, and `rotation` what is on the list."""
    calls = [
        node.args[0]
        for source in sources()
        if source.name not in ("store/key_check.py", "store/rotation.py")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "seal_with_master"
    ]
    assert all(isinstance(place, ast.Tuple) for place in calls), "say the place where it is sealed"
    tables = {ast.literal_eval(place.elts[0]) for place in calls if isinstance(place, ast.Tuple)}
    assert tables == {sealed.table for sealed in SEALED}


@pytest.mark.postgres
async def test_a_server_that_was_out_of_reach_meanwhile_writes_nothing_more(
    postgres_database: str, wall: ManualClock
) -> None:
    """Its sessions broke, the key was changed, and it comes back with the old one."""
    tenant = await fill(postgres_database, wall)
    store = Store(postgres_database, MASTER_KEY, connections=2)
    await store.start()
    await store.of(tenant).write(acting.add_person)
    with psycopg.connect(postgres_database, autocommit=True) as operator:
        operator.execute(CUT)
        await asyncio.to_thread(change, postgres_database)
        before = contents(postgres_database)
        for _ in range(3):
            with pytest.raises(WrongKey):
                await store.of(tenant).write(acting.add_person)
        assert contents(postgres_database) == before
    await store.stop()
