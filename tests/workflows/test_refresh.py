"""Stories of a link that is visited again without the person."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from payproof.engine.step import run_steps
from payproof.kit import failure
from payproof.kit.failure import Failure
from payproof.model.account import Account
from payproof.model.event import EventType
from payproof.model.job import JobKind
from payproof.model.link import Link
from payproof.model.product import ProductType
from payproof.model.refresh import RefreshLimitExceeded, RefreshWish
from payproof.model.task import Task, TaskStatus
from payproof.model.tenant import Tenant
from payproof.services import refresh as service
from payproof.services.bridge_token import WishRefused
from payproof.services.link import UnknownToken
from payproof.store import Store, Tx, connection, employment, event, lease, link
from payproof.store import task as tasks
from payproof.testing.clock import ManualClock
from payproof.testing.scripted import MANIFEST
from tests import acting
from tests.stepping import Actor
from tests.workflows.moody import Moody
from tests.workflows.working import verify, work_off

LOST = {
    failure.LoginRefused: TaskStatus.LOGIN_ERROR,
    failure.MfaRefused: TaskStatus.MFA_ERROR,
    failure.AccountLocked: TaskStatus.ACCOUNT_LOCKED,
    failure.ConfigRefused: TaskStatus.CONFIG_ERROR,
    failure.UnableToReset: TaskStatus.UNABLE_TO_RESET,
}
KEPT = {
    failure.Unavailable: TaskStatus.UNAVAILABLE,
    failure.SourceFailed: TaskStatus.ERROR,
    failure.NoData: TaskStatus.NO_DATA,
    failure.NotSupported: TaskStatus.NOT_SUPPORTED,
}


class Town:
    """One person's link with a moody source."""

    def __init__(self, store: Store, tenant: Tenant) -> None:
        self.of = store.of(tenant)
        self.source = Moody()
        self.verify = verify(scripted=self.source)
        self.store = store
        self.link_id = ""

    async def work(self) -> None:
        await work_off(self.store, {JobKind.VERIFY: self.verify})

    async def connect(self, script: str = "ada", **wish: Any) -> Task:
        session = await self.of.write(lambda tx: acting.open_session(tx, wish.pop("user", None), **wish))
        _, begun = await self.of.write(acting.begin, script, session)
        await self.work()
        found = await self.task(begun.task.id)
        self.link_id = self.link_id or found.link_id or ""
        return found

    async def ask(self, product: ProductType | None = None) -> Task:
        return await self.of.write(_refresh, self.link_id, product)

    async def refresh(self, product: ProductType | None = None) -> Task:
        asked = await self.ask(product)
        await self.work()
        return await self.task(asked.id)

    async def task(self, task_id: str) -> Task:
        found = await self.of.read(tasks.task, task_id)
        assert found is not None
        return found

    async def link(self) -> Link:
        found = await self.of.read(link.link, self.link_id)
        assert found is not None
        return found

    async def told(self, since: Task) -> list[tuple[str, Any]]:
        """Events of a task and of what it did, in order, with what matters of each."""
        found = await self.of.read(event.events)
        first = next(at for at, one in enumerate(found) if one.facts.get("task_id") == since.id)
        return [(one.type, one.facts.get("status") or one.facts.get("objects_count")) for one in found[first:]]

    async def has_credentials(self) -> bool:
        return await self.of.read(lambda tx: connection.credentials(tx, (self.link_id)) is not None)  # type: ignore[arg-type]


def _refresh(tx: Tx, link_id: str, product: ProductType | None) -> Task:
    found = link.link(tx, link_id)
    assert found is not None
    wish = RefreshWish(access_token=found.access_token, product_type=product)
    return service.start_refresh(tx, wish, [acting.provider(MANIFEST)])


@pytest.fixture
async def town(store: Store, tenant: Tenant) -> Town:
    made = Town(store, tenant)
    await made.connect()
    return made


async def test_the_source_is_visited_with_what_the_person_typed(town: Town) -> None:
    done = await town.refresh()
    assert (done.status, done.is_refresh, done.session_id) == (TaskStatus.DONE, True, None)
    assert (done.link_id, done.product_type) == (town.link_id, ProductType.INCOME)
    assert town.source.heard == [{"username": "ada", "password": "a password"}] * 2
    assert (await town.link()).status is TaskStatus.DONE


async def test_it_says_what_is_new(town: Town) -> None:
    town.source.jobs = {"job": 3, "second job": 2}
    assert await town.told(await town.refresh()) == [
        ("task-status-updated", "new"),
        ("task-status-updated", "login"),
        ("task-status-updated", "parse"),
        ("employment-created", None),
        ("profile-created", None),
        ("task-status-updated", "full_parse"),
        ("employment-updated", None),
        ("profile-updated", None),
        ("statements-updated", 3),
        ("statements-created", 2),
        ("bank-accounts-created", 1),
        ("task-status-updated", "done"),
    ]
    nothing_new = await town.told(await town.refresh())
    assert [kind for kind, _ in nothing_new if kind != "task-status-updated"] == [
        "employment-updated",
        "profile-updated",
    ] * 2


async def test_another_account_at_the_bank_is_counted(store: Store, tenant: Tenant) -> None:
    town = Town(store, tenant)
    town.source.jobs = {}
    town.source.accounts = (Account(key="1"),)
    assert ("bank-accounts-created", 1) in await town.told(await town.connect())
    town.source.accounts += (Account(key="2"),)
    assert ("bank-accounts-updated", 2) in await town.told(await town.refresh())
    assert "bank-accounts-updated" not in [kind for kind, _ in await town.told(await town.refresh())]


@pytest.mark.parametrize("refused", [*LOST, *KEPT], ids=lambda one: one.__name__)
async def test_every_bad_ending(town: Town, refused: type[Failure]) -> None:
    town.source.refuses = refused()
    ended = await town.refresh()
    assert ended.status is (LOST | KEPT)[refused]
    kinds = [kind for kind, _ in await town.told(ended)]
    expected = [EventType.TASK_STATUS_UPDATED] * 3 + [EventType.LINK_DISCONNECTED] * (refused in LOST)
    assert kinds == expected
    assert await town.has_credentials() is (refused is not failure.LoginRefused)
    again = await town.refresh()
    assert EventType.LINK_DISCONNECTED not in [kind for kind, _ in await town.told(again)]


async def test_a_refused_password_is_never_sent_again(town: Town) -> None:
    town.source.refuses = failure.LoginRefused()
    await town.refresh()
    visits = len(town.source.heard)
    again = await town.refresh()
    assert (again.status, again.error_reason) == (TaskStatus.LOGIN_ERROR, "no_credentials")
    assert len(town.source.heard) == visits


async def test_nobody_is_there_to_be_asked(store: Store, tenant: Tenant) -> None:
    town = Town(store, tenant)
    session, begun = await town.of.write(acting.begin, "ask")
    await town.work()
    await town.of.write(acting.answer, session, begun.task.id, "yes")
    await town.work()
    town.link_id = (await town.task(begun.task.id)).link_id or ""
    ended = await town.refresh()
    assert (ended.status, ended.error_reason) == (TaskStatus.MFA_ERROR, "nobody_there")


async def test_a_refresh_that_succeeds_after_all_connects_the_link_again(town: Town) -> None:
    town.source.refuses = failure.AccountLocked()
    await town.refresh()
    town.source.refuses = None
    kinds = [kind for kind, _ in await town.told(await town.refresh())]
    assert kinds[-1] == EventType.LINK_CONNECTED
    assert EventType.LINK_CONNECTED not in [kind for kind, _ in await town.told(await town.refresh())]


async def test_what_was_known_outlasts_a_refresh_that_breaks_off(town: Town) -> None:
    before = await town.of.read(employment.employments, town.link_id)
    town.source.breaks = failure.Unavailable()
    assert (await town.refresh()).status is TaskStatus.UNAVAILABLE
    [kept] = await town.of.read(employment.employments, town.link_id)
    assert kept.employment == before[0].employment
    assert kept.statements == before[0].statements
    town.source.breaks = None
    await town.refresh(ProductType.EMPLOYMENT)
    [kept] = await town.of.read(employment.employments, town.link_id)
    assert kept.employment.allocations == before[0].employment.allocations


async def test_three_in_a_day(town: Town, wall: ManualClock) -> None:
    for _ in range(3):
        await town.refresh()
        wall.move(seconds=3600)
    with pytest.raises(RefreshLimitExceeded):
        await town.ask()
    wall.move(seconds=21 * 3600 - 1)
    with pytest.raises(RefreshLimitExceeded):
        await town.ask()
    wall.move(seconds=1)
    assert (await town.refresh()).status is TaskStatus.DONE


async def test_asking_while_it_is_under_way_asks_for_the_same(town: Town) -> None:
    first, second = await town.ask(), await town.ask()
    assert first.id == second.id
    other = await town.ask(ProductType.EMPLOYMENT)
    assert other.id != first.id
    await town.work()
    assert {(await town.task(one.id)).status for one in (first, other)} == {TaskStatus.DONE}


async def test_it_waits_for_what_is_done_to_the_link_already(town: Town) -> None:
    await town.ask()
    await town.ask(ProductType.EMPLOYMENT)
    claimed = await town.store.everywhere.write(lease.claim, JobKind.VERIFY, "worker", 8)
    assert len(claimed) == 1


async def test_a_connection_wears_out(town: Town, wall: ManualClock) -> None:
    wall.move(seconds=timedelta(days=MANIFEST.valid_days).total_seconds())
    assert (await town.refresh()).status is TaskStatus.DONE
    wall.move(seconds=1)
    visits = len(town.source.heard)
    ended = await town.refresh()
    assert (ended.status, ended.error_reason) == (TaskStatus.LOGIN_ERROR, "connection_expired")
    assert (await town.told(ended))[-1][0] == EventType.LINK_DISCONNECTED
    assert len(town.source.heard) == visits


async def test_files_and_what_is_no_link_cannot_be_refreshed(town: Town) -> None:
    def refresh_file(tx: Tx) -> Task:
        held = link.link(tx, town.link_id)
        assert held is not None
        return service.start_refresh(tx, RefreshWish(access_token=held.access_token), [acting.file_provider()])

    with pytest.raises(WishRefused):
        await town.of.write(refresh_file)
    with pytest.raises(UnknownToken):
        await town.of.write(service.start_refresh, RefreshWish(access_token="0" * 32), ())


@pytest.mark.parametrize("commits", range(1, 5))
async def test_a_crash_after_each_commit_leads_to_the_same_end(town: Town, wall: ManualClock, commits: int) -> None:
    town.source.jobs = {"job": 2}
    asked = await town.ask()
    await _crash(town, wall, commits)
    await town.work()
    assert (await town.task(asked.id)).status is TaskStatus.DONE
    kinds = [kind for kind, _ in await town.told(asked) if kind != "task-status-updated"]
    assert kinds == ["employment-updated", "profile-updated", "statements-updated"]


@pytest.mark.parametrize("commits", range(1, 3))
async def test_a_crash_on_the_way_to_a_bad_end_tells_of_it_once(town: Town, wall: ManualClock, commits: int) -> None:
    town.source.refuses = failure.AccountLocked()
    asked = await town.ask()
    await _crash(town, wall, commits)
    await town.work()
    kinds = [kind for kind, _ in await town.told(asked)]
    assert kinds.count(EventType.LINK_DISCONNECTED) == 1


async def _crash(town: Town, wall: Callable[[], Any], commits: int) -> None:
    [held] = await town.store.everywhere.write(lease.claim, JobKind.VERIFY, "mortal", 1)
    actor = Actor(town.store, "mortal")
    actor.start(run_steps(actor.store, town.verify, held))
    while actor.commits < commits:
        actor.dies_after_commit = actor.commits == commits - 1
        await actor.step()
    assert isinstance(wall, ManualClock)
    wall.move(seconds=16)
    await town.store.everywhere.write(lease.sweep)
