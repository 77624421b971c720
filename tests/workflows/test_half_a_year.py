"""Half a year of a tenant with a test clock goes the same way each time, with all that can happen on it."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from payproof.engine.advance import Advance
from payproof.engine.work import Workflow
from payproof.kit.failure import LoginRefused
from payproof.model.id import ClientId, LinkId, UserId, new_id
from payproof.model.job import JobKind
from payproof.model.tenant import Environment
from payproof.model.webhook import Reply
from payproof.model.webhook_request import HistoryWish
from payproof.services.removal import remove_link, remove_user
from payproof.store import Store, Tx, event, key, lease, tenant_clock, webhook_request
from payproof.store.key import ensure_tenant
from payproof.testing.clock import ManualClock
from payproof.workflows.deliver import Deliver
from payproof.workflows.purge import Purge
from tests import acting
from tests.simulation.truth import renamed
from tests.workflows.test_deliver import SECRET
from tests.workflows.test_refresh import Town
from tests.workflows.working import work_off

START = datetime.fromisoformat("2026-02-01T08:00:00Z")


class Creeping(ManualClock):
    """No two transactions are at the same moment of the wall."""

    def __call__(self) -> datetime:
        self.move(seconds=0.001)
        return super().__call__()


@pytest.fixture
def wall() -> ManualClock:
    return Creeping(START - timedelta(days=400))


class Failing:
    """A receiver that is away each third time, and sometimes asks for ten minutes."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, bytes]] = []

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        self.heard.append((url, body))
        number = len(self.heard)
        return Reply(200) if number % 3 else Reply(503, {} if number % 2 else {"retry-after": "600"})


class Story:
    def __init__(self, store: Store, town: Town, wall: ManualClock) -> None:
        self.town, self.store, self.wall = town, store, wall
        self.receiver = Failing()
        self.workflows: dict[JobKind, Workflow] = {
            JobKind.VERIFY: town.verify,
            JobKind.DELIVER: Deliver(self.receiver.post),
            JobKind.PURGE: Purge(),
            JobKind.ADVANCE: Advance(),
        }

    async def work(self) -> None:
        """Until nothing is due, now or within seconds of the wall."""
        while True:
            await work_off(self.store, self.workflows)
            due = [at for kind in self.workflows if (at := await self.store.everywhere.read(lease.next_due, kind))]
            if not due:
                return
            self.wall.move(to=min(due))

    async def advance(self, **span: float) -> None:
        await self.town.of.write(lambda tx: tenant_clock.advance(tx, tx.now + timedelta(**span)))
        await self.work()

    async def begin(self, script: str, person: UserId, link_id: str | None = None) -> None:
        def sign_in(tx: Tx) -> None:
            acting.begin(tx, script, acting.open_session(tx, person, LinkId(link_id) if link_id else None))

        await self.town.of.write(sign_in)


async def tell(store: Store, wall: ManualClock) -> tuple[list[Any], ...]:
    """The story of a new tenant: what happened, what was heard of it, and when each try was; ids renamed."""
    tenant = await store.everywhere.write(ensure_tenant, ClientId(new_id()), Environment.SANDBOX, "seed")
    town = Town(store, tenant)
    story = Story(store, town, wall)
    await town.of.write(_settle)
    ada = await town.of.write(acting.add_person)
    leaving = await town.of.write(acting.add_person)
    for number, script in enumerate(("ada", "bea", "ask", "wait.ask", "refuse")):
        await story.begin(f"{script}.{number}", leaving if number % 2 else ada)
    await story.advance(minutes=1)
    town.link_id = await town.of.read(_first_link)
    town.source.jobs = {"job": 2}
    await town.ask()
    await story.advance(hours=2)
    town.source.refuses = LoginRefused()
    await town.ask()
    await story.advance(days=30)
    town.source.refuses = None
    for _ in range(3):
        await story.begin("ask", ada, town.link_id)
        await story.begin("ask", leaving)
    await story.advance(minutes=1)
    await town.of.write(remove_link, town.link_id)
    await town.of.write(remove_user, leaving)
    await story.advance(days=151, hours=-2, minutes=-2)
    assert await town.of.read(lambda tx: tx.now) == START + timedelta(days=181)
    happened = renamed(await town.of.read(event.events))
    tries = await town.of.read(webhook_request.requests, HistoryWish(since=START, size=1000))
    return happened, _bodies(story.receiver.heard), [(one.created_at, one.attempt, one.status_code) for one in tries]


def _settle(tx: Tx) -> None:
    tenant_clock.freeze(tx, START)
    key.add_key(tx, SECRET)
    for number in range(2):
        acting.add_webhook(tx, f"https://client.example/{number}")


def _first_link(tx: Tx) -> str:
    return next(str(one.facts["link_id"]) for one in event.events(tx) if one.facts.get("link_id"))


def _bodies(heard: list[tuple[str, bytes]]) -> list[Any]:
    names: dict[str, str] = {}

    def rename(value: Any) -> Any:
        return names.setdefault(value, f"id {len(names)}") if isinstance(value, str) and len(value) == 32 else value

    return [(url, {name: rename(value) for name, value in json.loads(body).items()}) for url, body in heard]


async def test_refreshes_retries_and_deletions_come_twice_the_same_way(store: Store, wall: ManualClock) -> None:
    first = await tell(store, wall)
    wall.move(seconds=98765)
    second = await tell(store, wall)
    for one, other in zip(first, second, strict=True):
        assert one == other
    kinds = {str(kind) for kind, *_ in first[0]}
    assert {"link-connected", "link-disconnected", "link-deleted", "statements-created"} <= kinds
    assert sum(status == 503 for _, _, status in first[2]) > 20
