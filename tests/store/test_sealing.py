"""What is sealed opens only where it was put, and not at all once the person's key is gone."""

from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from payproof.model.id import ClientId, UserId
from payproof.model.secret import Secret
from payproof.model.tenant import Environment, Tenant
from payproof.store import Store, Tx, WrongKey, key, user
from payproof.store.dialect import Sql, SystemSql
from payproof.store.key import ensure_tenant
from payproof.store.sealing import KeyGone, Vault
from payproof.testing.clock import ManualClock
from tests import acting
from tests.databases import MASTER_KEY

SWAP = Sql(
    "UPDATE app_user SET body = (SELECT body FROM app_user WHERE id = :other) WHERE id = :id AND tenant = :tenant"
)


def open_at(tx: Tx, person: UserId, place: tuple[str, str, str], sealed: bytes) -> bytes:
    return tx.open(person, place, sealed)


def written_under(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


async def test_a_wrong_master_key_is_refused_and_the_file_given_back(where: Path | str) -> None:
    for master in (MASTER_KEY, bytes(32), MASTER_KEY):
        store = Store(where, master)
        if master == MASTER_KEY:
            await store.start()
            await store.stop()
        else:
            with pytest.raises(WrongKey):
                await store.start()


async def test_a_sealed_value_moved_to_another_row_does_not_open(store: Store, tenant: Tenant) -> None:
    of = store.of(tenant)
    one, other = await of.write(acting.add_person), await of.write(acting.add_person)
    await of.write(lambda tx: tx.put(SWAP, id=one, other=other))
    with pytest.raises(InvalidTag):
        await of.read(user.user, one)
    assert await of.read(user.user, other)


async def test_a_sealed_value_opens_in_no_other_column_row_or_tenant(store: Store, tenant: Tenant) -> None:
    stranger = await store.everywhere.write(ensure_tenant, ClientId("other"), Environment.SANDBOX, "seed")
    person = await store.of(tenant).write(acting.add_person)
    place = ("task", "1", "memory")
    sealed = await store.of(tenant).read(lambda tx: tx.seal(person, place, b"said"))
    assert await store.of(tenant).read(lambda tx: tx.open(person, place, sealed)) == b"said"
    for wrong in (("link", "1", "memory"), ("task", "2", "memory"), ("task", "1", "body")):
        with pytest.raises(InvalidTag):
            await store.of(tenant).read(open_at, person, wrong, sealed)
    with pytest.raises(KeyGone):
        await store.of(stranger).read(lambda tx: tx.open(person, place, sealed))


async def test_a_deleted_key_takes_everything_with_it(store: Store, tenant: Tenant) -> None:
    of = store.of(tenant)
    person = await of.write(acting.add_person)
    assert await of.read(user.user, person)
    await of.write(lambda tx: tx.vault.remove_key(tx, person))
    with pytest.raises(KeyGone):
        await of.read(user.user, person)


async def test_a_removal_that_does_not_commit_removes_nothing(store: Store, tenant: Tenant) -> None:
    of = store.of(tenant)
    person = await of.write(acting.add_person)

    def remove_and_fail(tx: Tx) -> None:
        tx.vault.remove_key(tx, person)
        raise LookupError

    with pytest.raises(LookupError):
        await of.write(remove_and_fail)
    assert await of.read(user.user, person)


def test_equal_values_are_found_only_within_tenant_and_purpose(wall: ManualClock) -> None:
    vault = Vault(MASTER_KEY)
    hashes = {vault.keyed_hash(tenant, purpose, "x") for tenant in "ab" for purpose in "cd"}
    assert len(hashes) == 4
    assert vault.keyed_hash("a", "c", "x") != Vault(bytes(32)).keyed_hash("a", "c", "x")


async def test_hashes_have_a_key_of_the_data_s_own_that_stays(where: Path | str) -> None:
    found = [await hashed(where, MASTER_KEY) for _ in range(2)]
    assert found[0] == found[1] != Vault(MASTER_KEY).keyed_hash("t", "p", "x")


async def test_data_from_before_that_goes_on_with_the_key_that_it_had(where: Path | str) -> None:
    await hashed(where, MASTER_KEY)
    store = Store(where, MASTER_KEY)
    await store.start()
    await store.everywhere.write(lambda tx: tx.put(SystemSql("DELETE FROM meta WHERE name = 'hash_key'")))
    await store.stop()
    assert await hashed(where, MASTER_KEY) == Vault(MASTER_KEY).keyed_hash("t", "p", "x")


async def hashed(where: Path | str, master_key: bytes) -> str:
    store = Store(where, master_key)
    await store.start()
    await store.stop()
    return store.vault.keyed_hash("t", "p", "x")


async def test_the_file_holds_nothing_plain(tmp_path: Path, wall: ManualClock) -> None:
    """The canary tests look everywhere; this one looks where the store writes."""
    file = tmp_path / "p.sqlite"
    store = Store(file, MASTER_KEY, wall=wall)
    await store.start()
    tenant = await store.everywhere.write(ensure_tenant, ClientId("client"), Environment.SANDBOX, "seed")
    of = store.of(tenant)
    await of.write(key.add_key, Secret("sandbox-planted-secret"))
    await of.write(acting.add_person, ssn="219099999")
    await of.write(acting.begin, "planted-name.ask")
    planted = (b"sandbox-planted-secret", b"219099999", b"planted-name", b"a password", b"Ada")
    written = written_under(tmp_path)
    await store.stop()
    assert [one for one in planted if one in written] == []
