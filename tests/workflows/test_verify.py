"""Stories of a task that the scripted source and an impatient world can tell."""

from datetime import timedelta

import pytest

from payproof.engine.step import run_steps
from payproof.kit.failure import Unavailable
from payproof.model.event import EventType
from payproof.model.id import TaskId, UserId
from payproof.model.job import JobKind
from payproof.model.secret import Secret
from payproof.model.task import Task, TaskStatus
from payproof.model.tenant import Tenant
from payproof.services import attempt as attempts
from payproof.store import Store, Tx, employment, event, job, lease, link
from payproof.store import session as sessions
from payproof.store import task as tasks
from payproof.store.dialect import SystemSql
from payproof.testing.clock import ManualClock
from payproof.testing.scripted import Scripted
from payproof.workflows.verify import DOCUMENTED
from tests import acting
from tests.stepping import Actor
from tests.workflows.moody import Moody
from tests.workflows.working import verify, work_off

VERIFY = {JobKind.VERIFY: verify(scripted=Scripted())}


async def task_of(store: Store, tenant: Tenant, task_id: str) -> Task:
    found = await store.of(tenant).read(tasks.task, task_id)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("script", "says", "status", "reason"),
    [
        ("x", "", TaskStatus.DONE, None),
        ("refuse", "", TaskStatus.LOGIN_ERROR, "login_refused"),
        ("ask", "yes", TaskStatus.DONE, None),
        ("ask", "no", TaskStatus.MFA_ERROR, "mfa_refused"),
        ("ask.ask.ask", "yes yes yes", TaskStatus.DONE, None),
        ("ask.refuse", "yes", TaskStatus.LOGIN_ERROR, "login_refused"),
    ],
)
async def test_endings(
    store: Store, tenant: Tenant, script: str, says: str, status: TaskStatus, reason: str | None
) -> None:
    session, begun = await store.of(tenant).write(acting.begin, script)
    await work_off(store, VERIFY)
    for text in says.split():
        assert await store.of(tenant).write(acting.answer, session, begun.task.id, text)
        await work_off(store, VERIFY)
    ended = await task_of(store, tenant, begun.task.id)
    assert (ended.status, ended.error_reason) == (status, reason)
    assert await store.of(tenant).read(job.next_open) is None


async def test_a_source_that_needs_time_is_seen_again_when_it_said(
    store: Store, tenant: Tenant, wall: ManualClock
) -> None:
    _, begun = await store.of(tenant).write(acting.begin, "wait")
    await work_off(store, VERIFY)
    assert (await task_of(store, tenant, begun.task.id)).status is TaskStatus.LOGIN
    wall.move(seconds=4.9)
    assert await work_off(store, VERIFY) == 0
    wall.move(seconds=0.1)
    await work_off(store, VERIFY)
    assert (await task_of(store, tenant, begun.task.id)).status is TaskStatus.DONE


async def test_stages_last_as_long_as_the_pace_wants(store: Store, tenant: Tenant, wall: ManualClock) -> None:
    """On the tenant's clock; the person's own time, in `mfa`, is not prolonged."""
    paced = {JobKind.VERIFY: verify(pace=DOCUMENTED, scripted=Scripted())}
    session, begun = await store.of(tenant).write(acting.begin, "ask")

    async def status() -> TaskStatus:
        await work_off(store, paced)
        return (await task_of(store, tenant, begun.task.id)).status

    async def lasts(seconds: float) -> TaskStatus:
        before = await status()
        wall.move(seconds=seconds - 1)
        assert await status() is before
        wall.move(seconds=1)
        return await status()

    assert await status() is TaskStatus.LOGIN
    assert await lasts(10) is TaskStatus.MFA
    assert await store.of(tenant).write(acting.answer, session, begun.task.id, "yes")
    assert await status() is TaskStatus.PARSE
    assert await lasts(45) is TaskStatus.FULL_PARSE
    assert await lasts(180) is TaskStatus.DONE


@pytest.mark.parametrize(
    ("script", "status", "reason"),
    [("ask", TaskStatus.MFA_ERROR, "unanswered"), ("x", TaskStatus.ERROR, "timed_out")],
)
async def test_twenty_minutes_are_the_limit(
    store: Store, tenant: Tenant, wall: ManualClock, script: str, status: TaskStatus, reason: str
) -> None:
    _, begun = await store.of(tenant).write(acting.begin, script)
    if script == "ask":
        await work_off(store, VERIFY)
    wall.move(to=begun.task.deadline_at - timedelta(seconds=1))
    if script == "ask":
        assert await work_off(store, VERIFY) == 0
    wall.move(seconds=1)
    await work_off(store, VERIFY)
    ended = await task_of(store, tenant, begun.task.id)
    assert (ended.status, ended.error_reason) == (status, reason)


async def test_a_provider_that_is_not_installed_any_more_is_not_supported(store: Store, tenant: Tenant) -> None:
    _, begun = await store.of(tenant).write(acting.begin, "x")
    await work_off(store, {JobKind.VERIFY: verify()})
    assert (await task_of(store, tenant, begun.task.id)).status is TaskStatus.NOT_SUPPORTED


@pytest.mark.parametrize("commits", range(1, 5))
async def test_a_crash_after_each_commit_leads_to_the_same_end(
    store: Store, tenant: Tenant, wall: ManualClock, commits: int
) -> None:
    _, begun = await store.of(tenant).write(acting.begin, "x")
    [held] = await store.everywhere.write(lease.claim, JobKind.VERIFY, "mortal", 1)
    actor = Actor(store, "mortal")
    actor.start(run_steps(actor.store, VERIFY[JobKind.VERIFY], held))
    while actor.commits < commits:
        actor.dies_after_commit = actor.commits == commits - 1
        await actor.step()
    wall.move(seconds=16)
    await store.everywhere.write(lease.sweep)
    await work_off(store, VERIFY)
    done = await task_of(store, tenant, begun.task.id)
    assert (done.status, done.version) == (TaskStatus.DONE, 5)
    [kept] = await store.of(tenant).read(employment.employments, done.link_id or "")
    assert len(kept.statements) == 1
    told = [one.facts["status"] for one in await store.of(tenant).read(event.events) if "status" in one.facts]
    assert told == ["new", "login", "parse", "full_parse", "done"]


async def test_the_same_credentials_come_together_in_the_persons_older_link(store: Store, tenant: Tenant) -> None:
    """And the session's other attempt, begun under the link that is gone, goes on in the one that stays."""
    of = store.of(tenant)
    person = await of.write(acting.add_person)
    _, first = await of.write(lambda tx: acting.begin(tx, "mine", acting.open_session(tx, person)))
    await work_off(store, VERIFY)
    session, again = await of.write(lambda tx: acting.begin(tx, "mine", acting.open_session(tx, person)))
    _, beside = await of.write(acting.begin, "refuse", session)
    assert again.task.link_id == beside.task.link_id
    await work_off(store, VERIFY)

    held = (await task_of(store, tenant, first.task.id)).link_id
    for attempt, status in ((again, TaskStatus.DONE), (beside, TaskStatus.LOGIN_ERROR)):
        ended = await task_of(store, tenant, attempt.task.id)
        assert (ended.status, ended.link_id) == (status, held)
    assert await of.read(link.link, again.task.link_id or "") is None
    connected = [one for one in await of.read(event.events) if one.type is EventType.LINK_CONNECTED]
    assert len(connected) == 1


async def test_who_tries_again_while_the_link_is_found_to_be_a_double_goes_on_in_the_one_that_stays(
    store: Store, tenant: Tenant
) -> None:
    """The person's second attempt comes from a look at the session before its link was gone."""
    of = store.of(tenant)
    person = await of.write(acting.add_person)
    _, first = await of.write(lambda tx: acting.begin(tx, "mine", acting.open_session(tx, person)))
    await work_off(store, VERIFY)
    session, _ = await of.write(lambda tx: acting.begin(tx, "mine", acting.open_session(tx, person)))
    seen = await of.read(sessions.session, session.id)
    assert seen is not None
    await work_off(store, VERIFY)
    said = {"username": Secret("mine"), "password": Secret("a password")}
    again = await of.write(attempts.start_attempt, seen, acting.provider(), said)
    await work_off(store, VERIFY)
    ended = await task_of(store, tenant, again.task.id)
    assert (ended.status, ended.link_id) == (TaskStatus.DONE, (await task_of(store, tenant, first.task.id)).link_id)


async def _begin(store: Store, tenant: Tenant, person: UserId, name: str) -> TaskId:
    """A task of a session of its own."""
    _, begun = await store.of(tenant).write(lambda tx: acting.begin(tx, name, acting.open_session(tx, person)))
    return begun.task.id


async def test_two_who_sign_in_before_either_is_done_come_together_too(
    store: Store, tenant: Tenant, wall: ManualClock
) -> None:
    """And other credentials at the same provider stay apart."""
    of = store.of(tenant)
    person = await of.write(acting.add_person)
    begun = [await _begin(store, tenant, person, name) for name in ("mine", "Mine ", "another")]
    slow = {JobKind.VERIFY: verify(pace={TaskStatus.PARSE: timedelta(seconds=1)}, scripted=Scripted())}
    await work_off(store, slow)
    assert {(await task_of(store, tenant, one)).status for one in begun} == {TaskStatus.PARSE}
    wall.move(seconds=1)
    await work_off(store, VERIFY)
    ended = [await task_of(store, tenant, one) for one in begun]
    assert {one.status for one in ended} == {TaskStatus.DONE}
    assert ended[0].link_id == ended[1].link_id != ended[2].link_id
    connected = [one.facts["link_id"] for one in await of.read(event.events) if one.type is EventType.LINK_CONNECTED]
    assert len(connected) == 2
    assert set(connected) == {one.link_id for one in ended}


async def test_what_breaks_off_does_not_take_along_who_came_together_with_it(
    store: Store, tenant: Tenant, wall: ManualClock
) -> None:
    of = store.of(tenant)
    person = await of.write(acting.add_person)
    first, second = [await _begin(store, tenant, person, "mine") for _ in range(2)]
    source = Moody()
    slow = {JobKind.VERIFY: verify(pace={TaskStatus.PARSE: timedelta(seconds=1)}, scripted=source)}
    await work_off(store, slow)
    wall.move(seconds=1)
    source.breaks = Unavailable()
    [leased] = await store.everywhere.write(lease.claim, JobKind.VERIFY, "worker", 1)
    await run_steps(store, verify(scripted=source), leased)
    source.breaks = None
    await work_off(store, {JobKind.VERIFY: verify(scripted=source)})
    one, other = [await task_of(store, tenant, each) for each in (first, second)]
    assert {one.status, other.status} == {TaskStatus.UNAVAILABLE, TaskStatus.DONE}
    assert one.link_id == other.link_id


async def test_whoever_waits_beside_it_comes_into_the_lane_of_the_link_that_stays(store: Store, tenant: Tenant) -> None:
    of = store.of(tenant)
    person = await of.write(acting.add_person)
    _, first = await of.write(lambda tx: acting.begin(tx, "mine", acting.open_session(tx, person)))
    await work_off(store, VERIFY)
    session, _ = await of.write(lambda tx: acting.begin(tx, "mine", acting.open_session(tx, person)))
    await of.write(acting.begin, "ask", session)
    held = (await task_of(store, tenant, first.task.id)).link_id
    [running] = await store.everywhere.write(lease.claim, JobKind.VERIFY, "worker", 8)
    await run_steps(store, VERIFY[JobKind.VERIFY], running)  # to where it is known to be the older link's
    lanes = await store.everywhere.read(
        lambda tx: tx.all(SystemSql("SELECT DISTINCT lane FROM job WHERE kind = 'verify'"))
    )
    assert lanes == [(f"link {held}",)]
    assert len(await store.everywhere.write(lease.claim, JobKind.VERIFY, "worker", 8)) == 1


async def test_other_credentials_in_one_session_are_another_link(store: Store, tenant: Tenant) -> None:
    of = store.of(tenant)
    session, first = await of.write(acting.begin, "mine")
    _, waiting = await of.write(acting.begin, "ask", session)
    await work_off(store, VERIFY)
    await of.write(acting.answer, session, waiting.task.id, "yes")
    await work_off(store, VERIFY)
    one, other = [await task_of(store, tenant, attempt.task.id) for attempt in (first, waiting)]
    assert (one.status, other.status) == (TaskStatus.DONE, TaskStatus.DONE)
    assert one.link_id != other.link_id
    connected = [each.facts["link_id"] for each in await of.read(event.events) if each.type is EventType.LINK_CONNECTED]
    assert connected == [one.link_id, other.link_id]


async def test_a_person_sees_no_question_that_is_over(store: Store, tenant: Tenant) -> None:
    of = store.of(tenant)
    session, begun = await of.write(acting.begin, "ask")
    await work_off(store, VERIFY)
    await of.write(acting.answer, session, begun.task.id, "no")
    await work_off(store, VERIFY)

    def open_question(tx: Tx) -> object:
        seen = attempts.attempt(tx, session, begun.task.id)
        return seen and seen.asked

    assert await of.read(open_question) is None
    assert not await of.write(acting.answer, session, begun.task.id, "yes")
