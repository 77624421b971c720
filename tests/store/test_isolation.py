"""Nobody sees or changes what another tenant owns: over every verb of the store that takes a tenant's transaction."""

import inspect
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import payproof.store as room
from payproof.engine.step import run_steps
from payproof.model.id import ClientId
from payproof.model.job import JobKind
from payproof.model.tenant import Environment, Tenant
from payproof.model.webhook import DeliveryStatus
from payproof.model.webhook_request import HistoryWish
from payproof.store import Store, Tx, Window, delivery, lease, webhook_request
from payproof.store import session as sessions
from payproof.store.dialect import Sql, spell_schema
from payproof.store.key import ensure_tenant
from payproof.store.migration import migrations, statements
from payproof.store.question import Talk
from payproof.store.sealing import KeyGone
from payproof.testing.scripted import Scripted
from payproof.workflows.verify import Verify
from tests import acting

Verb = Callable[..., Any]
TABLES = {
    *("access_key", "app_user", "data_key", "bridge_token", "session", "link", "public_token", "task", "question"),
    *("raw", "remembered", "employment", "pay_statement", "account", "posting", "file_token", "event", "webhook"),
    *("delivery", "webhook_request", "job"),
}
OWN_INSTEAD = {"key.signing_secret"}
"""Given somebody else's key they answer with the asker's own."""
ROWS = {table: Sql(f"SELECT * FROM {table} WHERE tenant = :tenant ORDER BY 1, 2") for table in sorted(TABLES)}


def verbs() -> Iterator[tuple[str, Verb]]:
    """Every public function of the room whose first parameter is a tenant's transaction."""
    for module in iter_modules(room.__path__):
        for name, verb in inspect.getmembers(import_module(f"payproof.store.{module.name}"), inspect.isfunction):
            parameters = list(inspect.signature(verb).parameters.values())
            is_own = verb.__module__ == f"payproof.store.{module.name}" and not name.startswith("_")
            if is_own and parameters and parameters[0].annotation in (Tx, "Tx"):
                yield f"{module.name}.{name}", verb


def rows(tx: Tx) -> dict[str, list[Any]]:
    """All that a tenant owns."""
    return {table: tx.all(sql) for table, sql in ROWS.items()}


class Owner:
    """A tenant with one of everything, by the names that the verbs' parameters have."""

    def __init__(self, tx: Tx, session_id: str, task: Any) -> None:
        held = rows(tx)
        session = sessions.session(tx, session_id)
        self.things: dict[str, Any] = {
            "task": task,
            "task_id": task.id,
            "user_id": task.user_id,
            "user_ids": [task.user_id],
            "link_id": task.link_id,
            "link_hash": held["link"][0][8],
            "session": session,
            "session_id": session_id,
            "bridge_token": task.bridge_token,
            "token": task.bridge_token,
            "webhook_id": held["webhook"][0][0],
            "delivery_id": held["delivery"][0][0],
            "key_id": held["access_key"][0][0],
            "question_id": held["question"][0][0],
            "connector_id": "scripted",
            "window": Window(),
            "raw_keys": ["basic", "full"],
            "keys": ["a"],
            "access_token": "0" * 32,
            "place": ("task", task.id, "memory"),
        }


async def populate(store: Store, client: str) -> tuple[Tenant, dict[str, Any]]:
    from payproof.model.secret import Secret
    from payproof.store import key, remembered, task

    tenant = await store.everywhere.write(ensure_tenant, ClientId(client), Environment.SANDBOX, "seed")
    of = store.of(tenant)
    await of.write(key.add_key, Secret(f"sandbox-{client}"))
    await of.write(acting.add_webhook)
    session, begun = await of.write(acting.begin, "x")
    await of.write(remembered.remember, begun.task.user_id, "scripted", {"known": True})
    for one in await store.everywhere.write(lease.claim, JobKind.VERIFY, "worker", 8):
        await run_steps(store, Verify({"scripted": Scripted()}, lambda *_: None, ""), one)  # type: ignore[arg-type]
    await of.write(_try_a_delivery)
    done = await of.read(task.task, begun.task.id)
    return tenant, await of.read(lambda tx: Owner(tx, session.id, done).things)


def _try_a_delivery(tx: Tx) -> None:
    webhook_request.note_try(tx, delivery.deliveries(tx)[0], DeliveryStatus.PENDING, status_code=503)


def arguments(verb: Verb, things: dict[str, Any]) -> dict[str, Any] | None:
    """What to call a verb with; None where it needs what is no name of a thing that somebody owns."""
    given: dict[str, Any] = {}
    for parameter in list(inspect.signature(verb).parameters.values())[1:]:
        if parameter.name in things:
            given[parameter.name] = things[parameter.name]
        elif parameter.default is parameter.empty:
            return None
    return given


async def test_no_verb_gives_another_tenants_things(store: Store) -> None:
    """Asked by the owner most give something; asked by a stranger, with the owner's ids, none does."""
    owner, things = await populate(store, "owner")
    stranger, _ = await populate(store, "stranger")
    before = await store.of(owner).read(rows)
    asked, found = [], []
    for name, verb in verbs():
        given = arguments(verb, things)
        if given is None or not given.keys() - {"window", "connector_id"} or ".add_" in name:
            continue
        if name in OWN_INSTEAD:
            continue
        asked.append(name)
        own, foreign = [await outcome(store, who, verb, given) for who in (owner, stranger)]
        if own:
            found.append(name)
        assert not foreign, f"{name} gave a stranger {foreign!r}"
    assert await store.of(owner).read(rows) == before
    assert len(asked) > 25
    assert len(found) > 12, found


async def outcome(store: Store, who: Tenant, verb: Verb, given: dict[str, Any]) -> Any:
    """What a verb returned, if it is anything; whatever it did is undone."""
    result: list[Any] = []

    def unit(tx: Tx) -> None:
        result.append(verb(tx, **given))
        if who.client_id == "owner":
            raise InterruptedError

    try:
        await store.of(who).write(unit)
    except (InterruptedError, KeyGone):
        pass
    except Exception as refused:
        return None if type(refused).__module__.startswith(("payproof", "sqlite3", "psycopg")) else refused
    [value] = result or [None]
    return None if value in ((0, []), Talk(), 0.0) else value


async def test_lists_hold_only_ones_own(store: Store) -> None:
    owner, _ = await populate(store, "owner")
    stranger = await store.everywhere.write(ensure_tenant, ClientId("stranger"), Environment.SANDBOX, "seed")
    for name, verb in verbs():
        given = arguments(verb, {"window": Window(), "wish": HistoryWish(since=datetime(2000, 1, 1, tzinfo=UTC))})
        if given is None or name.split(".")[0] in ("provider", "tenant_clock"):
            continue
        assert not await outcome(store, stranger, verb, given), name
    assert await store.of(owner).read(rows)


def test_every_table_but_the_shared_ones_has_a_tenant() -> None:
    """Of the tables that there are in the end: migrations rename some."""
    with closing(sqlite3.connect(":memory:")) as empty:
        for migration in migrations():
            for statement in statements(spell_schema(migration.text, postgres=False)):
                empty.execute(statement)
        columns = empty.execute(
            "SELECT t.name, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'"
        ).fetchall()
    assert {table for table, column in columns if column == "tenant"} == TABLES
