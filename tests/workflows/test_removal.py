"""Stories of links and people that are deleted, whatever is under way."""

import asyncio
import re
import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from payproof.engine.step import run_steps
from payproof.model.account import Account, Transaction, TransactionType
from payproof.model.bridge_token import BridgeTokenWish, TokenExpired
from payproof.model.connection import Connection
from payproof.model.event import EventType
from payproof.model.id import LinkId, UserId
from payproof.model.job import JobKind
from payproof.model.missing import NotFound
from payproof.model.product import ProductType
from payproof.model.secret import Secret
from payproof.model.task import TaskStatus
from payproof.model.tenant import Tenant
from payproof.services import session as sessions
from payproof.services.attempt import start_attempt
from payproof.services.bridge_token import add_bridge_token
from payproof.services.connection import finish
from payproof.services.removal import remove_link, remove_user
from payproof.services.session import NothingConnected
from payproof.store import Store, SystemTx, Tx, event, file, job, lease, link, public_token, remembered, user
from payproof.store.bridge_token import bridge_token
from payproof.store.dialect import SystemSql
from payproof.store.migration import migrations
from payproof.store.provider import write_provider
from payproof.store.removal import MANY
from payproof.store.sealing import KeyGone
from payproof.store.session import session
from payproof.store.task import task
from payproof.testing.clock import ManualClock
from payproof.workflows.deliver import Deliver
from payproof.workflows.purge import Purge
from tests import acting
from tests.stepping import Actor
from tests.workflows.test_deliver import Endpoint
from tests.workflows.test_refresh import Town
from tests.workflows.working import work_off

STAYING = {"task", "event", "delivery"}
"""Tables whose rows still name a link or a person that is gone: they say what happened, not what was found."""
SIGN_IN = {"username": Secret("ada"), "password": Secret("a password")}
TEXT = "".join(one.text for one in migrations())


def owners(table_column: str) -> list[str]:
    """The tables that have such a column."""
    renamed = dict(re.findall(r"ALTER TABLE (\w+) RENAME TO (\w+);", TEXT))
    tables = re.findall(r"CREATE TABLE (\w+) \((.*?)\)[^();]*;", TEXT, re.DOTALL)
    return sorted({renamed.get(name, name) for name, body in tables if re.search(rf"^\s*{table_column} ", body, re.M)})


async def rows(store: Store, column: str, value: str) -> dict[str, int]:
    """How many rows name it, by table, those aside that stay."""

    def count(tx: SystemTx) -> dict[str, int]:
        found: dict[str, int] = {}
        for table in owners(column):
            [(number,)] = tx.all(SystemSql(f"SELECT COUNT(*) FROM {table} WHERE {column} = :value"), value=value)
            found |= {table: number} if number and table not in STAYING else {}
        return found

    return await store.everywhere.read(count)


def test_the_tables_that_name_a_link_are_known() -> None:
    assert {"posting", "account", "employment", "pay_statement", "file_token", "public_token"} <= set(owners("link_id"))


async def purge(store: Store) -> None:
    await work_off(store, {JobKind.PURGE: Purge()})


@pytest.fixture
async def town(store: Store, tenant: Tenant) -> Town:
    made = Town(store, tenant)
    made.source.accounts = (Account(key="1", transactions=tuple(posting(number) for number in range(3))),)
    await made.connect()
    return made


def posting(number: int) -> Transaction:
    return Transaction(
        key=str(number), amount=Decimal(1), type=TransactionType.DEBIT, posted_on=date(2026, 1, 1), description="x"
    )


async def test_a_link_goes_with_all_that_came_along(town: Town) -> None:
    of = town.of
    token = await of.write(public_token.add_public_token, LinkId(town.link_id))
    files = await of.write(file.add_file_tokens, LinkId(town.link_id), ["full"])
    assert await of.read(file.file, files["full"]) is not None
    await of.write(remove_link, town.link_id)
    assert await of.read(link.link, town.link_id) is None
    assert await of.read(file.file, files["full"]) is None
    with pytest.raises(TokenExpired):
        await of.write(public_token.exchange_public_token, token)
    with pytest.raises(NotFound):
        await of.write(remove_link, town.link_id)
    await purge(town.store)
    assert set(await rows(town.store, "link_id", town.link_id)) == {"public_token"}
    assert await town.store.everywhere.read(lambda tx: tx.all(SystemSql("SELECT id FROM raw"))) == []
    assert await town.store.everywhere.read(lambda tx: tx.all(SystemSql("SELECT id FROM question"))) == []
    assert await of.read(job.next_open) is None


async def test_it_is_announced_with_what_was_under_way(town: Town) -> None:
    held = await town.link()
    session_, begun = await town.of.write(
        lambda tx: acting.begin(tx, "ask", acting.open_session(tx, held.user_id, LinkId(town.link_id)))
    )
    await town.work()
    await town.of.write(remove_link, town.link_id)
    ended = await town.task(begun.task.id)
    assert (ended.status, ended.error_reason) == (TaskStatus.ERROR, "link_deleted")
    [told, deleted] = (await town.of.read(event.events))[-2:]
    assert told.facts["status"] == "error"
    assert (deleted.type, deleted.user_id, deleted.facts) == (
        EventType.LINK_DELETED,
        held.user_id,
        {"link_id": town.link_id, "product": "income", "data_source": "payroll", "tracking_info": None},
    )
    assert not await town.of.write(acting.answer, session_, begun.task.id, "yes")
    await town.work()
    await purge(town.store)
    assert await town.of.read(job.next_open) is None


async def test_the_widget_goes_on_without_the_link(town: Town) -> None:
    """In the session that made it, the next attempt makes a new one; one that was to update it is over."""
    held = await town.link()
    made = await town.of.write(lambda tx: acting.open_session(tx, held.user_id))
    await town.of.write(acting.begin, "ada", made)
    await town.work()
    update = await town.of.write(lambda tx: acting.open_session(tx, held.user_id, LinkId(town.link_id)))
    await town.of.write(remove_link, town.link_id)
    with pytest.raises(NothingConnected):
        await town.of.write(sessions.finish_session, made)
    with pytest.raises(TokenExpired):
        await town.of.write(acting.begin, "ada", update)
    _, again = await town.of.write(acting.begin, "ada", made)
    await town.work()
    done = await town.task(again.task.id)
    assert done.status is TaskStatus.DONE
    assert done.link_id != town.link_id


@pytest.mark.parametrize("gates", range(1, 12))
async def test_a_step_that_is_running_writes_nothing_more(store: Store, tenant: Tenant, gates: int) -> None:
    town = Town(store, tenant)
    _, begun = await town.of.write(acting.begin, "ada")
    link_id = begun.task.link_id or ""
    [held] = await store.everywhere.write(lease.claim, JobKind.VERIFY, "worker", 1)
    actor = Actor(store, "worker")
    actor.start(run_steps(actor.store, town.verify, held))
    for _ in range(gates):
        if not actor.is_over:
            await actor.step()
    await town.of.write(remove_link, link_id)
    await actor.run()
    await town.work()
    await purge(store)
    ended = await town.task(begun.task.id)
    assert ended.status in (TaskStatus.ERROR, TaskStatus.DONE)
    assert await rows(store, "link_id", link_id) == {}
    assert await store.everywhere.read(lambda tx: tx.all(SystemSql("SELECT id FROM raw"))) == []
    kinds = [one.type for one in await town.of.read(event.events)]
    assert kinds[-1] is EventType.LINK_DELETED


async def test_a_long_account_goes_in_pieces_whatever_dies_between(
    store: Store, tenant: Tenant, wall: ManualClock
) -> None:
    town = Town(store, tenant)
    town.source.accounts = (Account(key="1", transactions=tuple(posting(one) for one in range(2 * MANY + 1))),)
    await town.connect()
    await town.of.write(remove_link, town.link_id)
    [held] = await store.everywhere.write(lease.claim, JobKind.PURGE, "mortal", 1)
    actor = Actor(store, "mortal")
    actor.dies_after_commit = True
    actor.start(run_steps(actor.store, Purge(), held))
    await actor.run()
    assert (await rows(store, "link_id", town.link_id))["posting"] == MANY + 1
    wall.move(seconds=16)
    await store.everywhere.write(lease.sweep)
    await purge(store)
    assert await rows(store, "link_id", town.link_id) == {}


async def test_what_the_connector_remembers_goes_with_the_last_link(town: Town) -> None:
    held = await town.link()
    await town.store.everywhere.write(write_provider, acting.provider())
    await town.of.write(remembered.remember, held.user_id, "scripted", {"way": 1})
    await town.connect("bob", user=held.user_id)
    both = await town.of.read(link.links_of_users, [held.user_id])
    assert len(both) == 2
    await town.of.write(remove_link, both[0].id)
    assert await town.of.read(remembered.remembered, held.user_id, "scripted") == {"way": 1}
    await town.of.write(remove_link, both[1].id)
    assert await town.of.read(remembered.remembered, held.user_id, "scripted") == {}


async def test_a_person_goes_with_every_link_and_the_key(town: Town) -> None:
    held = await town.link()
    await town.connect("bob", user=held.user_id)
    waiting, begun = await town.of.write(lambda tx: acting.begin(tx, "ask", acting.open_session(tx, held.user_id)))
    await town.work()
    both = await town.of.read(link.links_of_users, [held.user_id])
    await town.of.write(remove_user, held.user_id)

    assert await town.of.read(user.user, held.user_id) is None
    with pytest.raises(NotFound):
        await town.of.write(remove_user, held.user_id)
    ended = await town.task(begun.task.id)
    assert (ended.status, ended.error_reason, ended.bridge_token) == (TaskStatus.ERROR, "user_deleted", None)
    told = [one for one in await town.of.read(event.events) if one.type is EventType.LINK_DELETED]
    assert {one.facts["link_id"] for one in told} == {one.id for one in both}
    assert len(told) == len(both) == 3
    assert await town.of.read(session, waiting.id) is None
    assert await town.of.read(bridge_token, waiting.bridge_token) is None
    with pytest.raises(KeyGone):
        await town.of.read(_open_something, held.user_id)

    await town.work()
    await purge(town.store)
    assert set(await rows(town.store, "user_id", held.user_id)) == {"link"}
    assert await town.store.everywhere.read(lambda tx: tx.all(SystemSql("SELECT id FROM raw"))) == []
    left = await town.store.everywhere.read(
        lambda tx: tx.all(SystemSql("SELECT credentials, link_hash, tracking_info, LENGTH(access_token) FROM link"))
    )
    assert set(left) == {(None, None, None, 0)}


def _open_something(tx: Tx, user_id: str) -> bytes:
    return tx.open(UserId(user_id), ("any", "place", "at all"), b"0" * 64)


async def test_what_is_owed_to_webhooks_is_still_told(town: Town) -> None:
    held = await town.link()
    await town.of.write(acting.add_webhook)
    await town.of.write(remove_user, held.user_id)
    await purge(town.store)
    endpoint = Endpoint()
    await work_off(town.store, {JobKind.DELIVER: Deliver(endpoint.post)})
    [(_, body)] = endpoint.heard
    assert b'"event_type":"link-deleted"' in body


async def test_a_deleted_key_is_in_no_page_of_the_file(store: Store, tenant: Tenant, where: Any) -> None:
    if store.is_postgres:
        pytest.skip("PostgreSQL overwrites dead rows when it vacuums")
    town = Town(store, tenant)
    await town.connect()
    held = await town.link()
    [(wrapped,)] = await store.everywhere.read(lambda tx: tx.all(SystemSql("SELECT wrapped FROM data_key")))
    await town.of.write(remove_user, held.user_id)
    await purge(store)
    await store.stop()
    assert wrapped not in where.read_bytes()


async def test_a_connection_whose_link_was_deleted_meanwhile_has_no_tokens(town: Town) -> None:
    session_, begun = await town.of.write(acting.begin, "ada")
    await town.work()
    done = await town.task(begun.task.id)
    await town.of.write(remove_link, done.link_id or "")
    assert await town.of.write(finish, session_, done) == Connection(task=done)


class Overtaken:
    """Two units of work at once: the first stays open until the second is at it, or waits for the first."""

    def __init__(self, store: Store, tenant: Tenant) -> None:
        self._store = store
        self._of = store.of(tenant)
        self._is_written, self._may_commit = threading.Event(), threading.Event()

    async def run(self, first: Callable[[Tx], Any], second: Callable[[Tx], Any]) -> tuple[Any, Any]:
        """What they return or raise."""
        one = asyncio.create_task(self._of.write(self._held_open, first))
        await asyncio.to_thread(self._is_written.wait, 20)
        two = asyncio.create_task(self._of.write(second))
        while self._store.is_postgres and not two.done() and not await self._store.everywhere.read(_is_waiting):
            pass
        self._may_commit.set()
        ended = await asyncio.gather(one, two, return_exceptions=True)
        return ended[0], ended[1]

    def _held_open(self, tx: Tx, first: Callable[[Tx], Any]) -> Any:
        found = first(tx)
        self._is_written.set()
        assert self._may_commit.wait(20)
        return found


def _is_waiting(tx: SystemTx) -> bool:
    return tx.one(SystemSql("SELECT 1 FROM pg_locks WHERE NOT granted")) is not None


@pytest.mark.parametrize("what", ["token", "session", "attempt"])
async def test_nothing_is_begun_for_a_person_who_is_being_deleted(store: Store, tenant: Tenant, what: str) -> None:
    of = store.of(tenant)
    held = await of.write(acting.open_session)
    token = await of.read(bridge_token, held.bridge_token)
    assert token is not None
    begun: dict[str, Callable[[Tx], Any]] = {
        "token": lambda tx: add_bridge_token(tx, held.user_id, BridgeTokenWish(product_type=ProductType.INCOME), []),
        "session": lambda tx: sessions.open_session(tx, token),
        "attempt": lambda tx: start_attempt(tx, held, acting.provider(), SIGN_IN),
    }
    removed, refused = await Overtaken(store, tenant).run(lambda tx: remove_user(tx, held.user_id), begun[what])
    assert removed is None
    assert isinstance(refused, NotFound)
    assert set(await rows(store, "user_id", held.user_id)) <= {"link"}


async def test_what_was_begun_just_before_a_person_is_deleted_ends_with_them(store: Store, tenant: Tenant) -> None:
    of = store.of(tenant)
    held = await of.write(acting.open_session)
    begun, _ = await Overtaken(store, tenant).run(
        lambda tx: start_attempt(tx, held, acting.provider(), SIGN_IN), lambda tx: remove_user(tx, held.user_id)
    )
    ended = await of.read(task, begun.task.id)
    assert ended is not None
    assert (ended.status, ended.error_reason) == (TaskStatus.ERROR, "user_deleted")
