"""An answer that arrives while a step decides to wait is never lost, in whatever order their transactions commit."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from payproof.engine.step import run_steps
from payproof.model.job import JobKind
from payproof.model.session import Session
from payproof.model.task import TaskStatus
from payproof.model.tenant import Tenant
from payproof.services import attempt as attempts
from payproof.store import Store, event, job, lease
from payproof.store import task as tasks
from payproof.testing.clock import ManualClock
from payproof.testing.scripted import Scripted
from payproof.workflows.verify import Verify
from tests import acting
from tests.stepping import Actor

VERIFY = Verify({"scripted": Scripted()}, lambda *_: None, "")  # type: ignore[arg-type]
STEP, ANSWER = "step", "answer"


def interleavings(first: int, second: int) -> Iterator[tuple[str, ...]]:
    """Every order of so many transactions of a step and so many of an answer."""
    for places in combinations(range(first + second), first):
        yield tuple(STEP if place in places else ANSWER for place in range(first + second))


async def work_off(store: Store, worker: str = "other") -> None:
    """Do all that is due now."""
    while found := await store.everywhere.write(lease.claim, JobKind.VERIFY, worker, 8):
        for one in found:
            await run_steps(store, VERIFY, one)


async def claim_and_run(store: Store, worker: str) -> None:
    for one in await store.everywhere.write(lease.claim, JobKind.VERIFY, worker, 8):
        await run_steps(store, VERIFY, one)


async def look_and_answer(store: Store, tenant: Tenant, session: Session, task_id: str) -> bool:
    """As the widget does: it sees the question in one transaction and answers in another."""
    of = store.of(tenant)
    await of.read(attempts.attempt, session, task_id)
    return await of.write(acting.answer, session, task_id, "yes")


async def asked(store: Store, tenant: Tenant) -> tuple[Session, str]:
    """A task that waits in `mfa`, woken by something although nothing was said yet."""
    of = store.of(tenant)
    session, begun = await of.write(acting.begin, "ask")
    await work_off(store)
    await of.write(job.enqueue, JobKind.VERIFY, begun.task.id)
    return session, begun.task.id


async def go(actors: dict[str, Actor], order: Sequence[str]) -> None:
    for name in order:
        if not actors[name].is_over:
            await actors[name].step()


async def assert_done(store: Store, tenant: Tenant, task_id: str, order: Sequence[str]) -> None:
    await work_off(store)
    task = await store.of(tenant).read(tasks.task, task_id)
    assert task is not None
    assert task.status is TaskStatus.DONE, order
    assert await store.of(tenant).read(job.next_open) is None, order


async def test_an_answer_against_a_step_that_decides_to_wait(store: Store, tenant: Tenant) -> None:
    for order in interleavings(4, 3):
        session, task_id = await asked(store, tenant)
        step, answer = Actor(store, STEP), Actor(store, ANSWER)
        step.start(claim_and_run(step.store, "sleepy"))
        answer.start(look_and_answer(answer.store, tenant, session, task_id))
        await go({STEP: step, ANSWER: answer}, order)
        await step.run()
        await answer.run()
        assert answer.result() is True, order
        await assert_done(store, tenant, task_id, order)


async def test_two_answers_and_a_step(store: Store, tenant: Tenant) -> None:
    """One of two quick answers counts, and only that one."""
    for order in interleavings(4, 4):
        session, task_id = await asked(store, tenant)
        step, answer, again = Actor(store, STEP), Actor(store, ANSWER), Actor(store, "again")
        step.start(claim_and_run(step.store, "sleepy"))
        answer.start(look_and_answer(answer.store, tenant, session, task_id))
        again.start(look_and_answer(again.store, tenant, session, task_id))
        await again.step()
        await again.step()
        await go({STEP: step, ANSWER: answer}, order)
        for actor in (step, answer, again):
            await actor.run()
        assert [answer.result(), again.result()] == [True, False], order
        await assert_done(store, tenant, task_id, order)


async def test_an_answer_against_a_worker_that_sleeps_through_its_lease(
    store: Store, tenant: Tenant, wall: ManualClock
) -> None:
    """The sleeper writes nothing, whoever does the work meanwhile, and the answer counts."""
    for order in interleavings(3, 3):
        session, task_id = await asked(store, tenant)
        [held] = await store.everywhere.write(lease.claim, JobKind.VERIFY, "sleepy", 8)
        step, answer = Actor(store, STEP), Actor(store, ANSWER)
        step.start(run_steps(step.store, VERIFY, held))
        answer.start(look_and_answer(answer.store, tenant, session, task_id))
        for name in order:
            wall.move(seconds=20)
            await store.everywhere.write(lease.sweep)
            await go({STEP: step, ANSWER: answer}, [name])
        await answer.run()
        assert answer.result() is True, order
        await assert_done(store, tenant, task_id, order)
        events = await store.of(tenant).read(event.events)
        await step.run()
        assert await store.of(tenant).read(event.events) == events, order
