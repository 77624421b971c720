"""One seeded run: a store, two workers that crash and sleep, people who answer, webhooks that fail, and time."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from payproof.engine.advance import Advance
from payproof.engine.step import run_steps
from payproof.engine.work import Workflow
from payproof.model.job import JobKind, Lease
from payproof.model.refresh import RefreshWish
from payproof.model.task import TaskStatus
from payproof.model.tenant import Tenant
from payproof.model.webhook import Reply
from payproof.services import attempt as attempts
from payproof.services import refresh as refreshes
from payproof.services.removal import remove_link
from payproof.store import Store, SystemTx, Tx, Window, job, lease, link, tenant_clock
from payproof.store import task as tasks
from payproof.store.dialect import Sql
from payproof.testing.clock import ManualClock
from payproof.testing.scripted import Scripted
from payproof.workflows.deliver import Deliver
from payproof.workflows.purge import Purge
from payproof.workflows.verify import Verify
from tests import acting
from tests.simulation.plan import Plan, Story
from tests.stepping import Actor

ACTIONS = {
    "begin": 3,
    "answer": 8,
    "answer_again": 2,
    "ask_again": 8,
    "claim": 12,
    "step": 40,
    "die_after_commit": 3,
    "crash": 2,
    "pause": 2,
    "wake": 3,
    "renew": 4,
    "pass_time": 6,
    "sweep": 4,
    "endpoint": 2,
    "refresh": 3,
    "delete": 1,
}
TASKS = 5
REFRESHES = 3
URLS = ("https://a.example/hook", "https://b.example/hook")


@dataclass
class Worker:
    name: str
    actors: dict[Actor, Lease] = field(default_factory=dict)
    is_paused: bool = False


class City:
    def __init__(self, store: Store, wall: ManualClock, tenant: Tenant, seed: int) -> None:
        self.rng = Random(seed)
        self.tenant = tenant
        self.stories: list[Story] = []
        self.posts: dict[str, list[bytes]] = defaultdict(list)
        """Bodies by the address and the webhook id in the payload."""
        self.log: list[str] = []
        self._store = store
        self._of = store.of(tenant)
        self._wall = wall
        self._workers = [Worker("A"), Worker("B")]
        self._is_failing = dict.fromkeys(URLS, False)
        self._births = 0
        self._actor: Actor | None = None
        connector = Verify({"scripted": Scripted()}, lambda *_: None, "")  # type: ignore[arg-type]
        self._workflows: Mapping[JobKind, Workflow] = {
            JobKind.VERIFY: connector,
            JobKind.DELIVER: Deliver(self._post),
            JobKind.ADVANCE: Advance(),
            JobKind.PURGE: Purge(),
        }

    async def live(self, actions: int) -> None:
        """Chance for a while; then no more accidents, and everything owed is done."""
        for url in URLS[: self.rng.randint(1, 2)]:
            await self._of.write(acting.add_webhook, url)
        if self.rng.random() < 0.3:
            await self._of.write(lambda tx: tenant_clock.freeze(tx, tx.now))
        for _ in range(actions):
            [name] = self.rng.choices(list(ACTIONS), list(ACTIONS.values()))
            self.log.append(name)
            await getattr(self, f"_{name}")()
        await self._calm()

    async def end(self) -> None:
        for worker in self._workers:
            for actor in worker.actors:
                await actor.kill()

    async def _begin(self) -> None:
        if sum(not story.is_refresh for story in self.stories) < TASKS:
            plan = Plan.draw(self.rng)
            shared = self.rng.choice(self.stories).session if self.stories and self.rng.random() < 0.3 else None
            session, begun = await self._of.write(acting.begin, f"{self._births}.{plan.script}", shared)
            self._births += 1
            self.stories.append(Story(plan, session, begun.task.id))

    async def _refresh(self) -> None:
        """The source is visited again, as if nobody could be asked."""
        connected = [story for story in self.stories if not story.is_refresh]
        if connected and sum(story.is_refresh for story in self.stories) < REFRESHES:
            story = self.rng.choice(connected)
            begun = await self._of.write(_refresh, story.task_id)
            if begun and begun not in {one.task_id for one in self.stories}:
                self.stories.append(Story(Plan(story.plan.script), story.session, begun, is_refresh=True))

    async def _delete(self) -> None:
        """A link, with all the tasks on it."""
        if self.stories:
            gone = await self._of.write(_delete, self.rng.choice(self.stories).task_id)
            dead = {one.subject for one in await self._of.read(job.dead_jobs)}
            for story in self.stories:
                if story.task_id in gone:
                    story.is_deleted, story.claims = True, 0
                    story.is_given_up = story.task_id in dead

    async def _answer(self) -> None:
        if self.stories:
            await self._say(self.rng.choice(self.stories))

    async def _say(self, story: Story) -> bool:
        if story.said >= len(story.plan.says):
            return False
        text = story.plan.says[story.said]
        if not await self._of.write(acting.answer, story.session, story.task_id, text):
            return False
        story.said += 1
        return True

    async def _answer_again(self) -> None:
        """A double click: what was just answered is answered once more."""
        if self.stories:
            story = self.rng.choice(self.stories)
            if await self._say(story):
                assert not await self._of.write(acting.answer, story.session, story.task_id, "no")

    async def _ask_again(self) -> None:
        """Somebody thinks that there is something to do."""
        silent = [story for story in self.stories if story.said < len(story.plan.says)]
        if silent:
            await self._of.write(job.enqueue, JobKind.VERIFY, self.rng.choice(silent).task_id)

    async def _claim(self) -> None:
        worker = self.rng.choice(self._workers)
        if not worker.is_paused:
            await self._claim_for(worker, self.rng.choice(list(JobKind)), self.rng.randint(1, 4))

    async def _claim_for(self, worker: Worker, kind: JobKind, limit: int) -> int:
        found = await self._store.everywhere.write(lease.claim, kind, worker.name, limit)
        for one in found:
            self._note_claim(one)
            actor = Actor(self._store, worker.name)
            actor.start(run_steps(actor.store, self._workflows[kind], one))
            worker.actors[actor] = one
        return len(found)

    async def _step(self) -> None:
        worker = self.rng.choice(self._workers)
        if worker.actors and not worker.is_paused:
            await self._go_on(worker, self.rng.choice(list(worker.actors)))

    async def _go_on(self, worker: Worker, actor: Actor) -> None:
        before = actor.commits
        await actor.step()
        if actor.commits > before:
            self._note_outcome(worker.actors[actor])
        if actor.is_over:
            del worker.actors[actor]

    async def _die_after_commit(self) -> None:
        """The worker is gone with its next commit, and never learns of it."""
        worker = self.rng.choice(self._workers)
        if not worker.actors or worker.is_paused:
            return
        actor = self.rng.choice(list(worker.actors))
        actor.dies_after_commit = True
        before = actor.commits
        while not actor.is_over and actor.commits == before:
            await self._go_on(worker, actor)
        await self._crash_worker(worker)

    async def _crash(self) -> None:
        await self._crash_worker(self.rng.choice(self._workers))

    async def _crash_worker(self, worker: Worker) -> None:
        for actor in list(worker.actors):
            await actor.kill()
        worker.actors.clear()
        worker.is_paused = False

    async def _pause(self) -> None:
        self.rng.choice(self._workers).is_paused = True

    async def _wake(self) -> None:
        self.rng.choice(self._workers).is_paused = False

    async def _renew(self) -> None:
        worker = self.rng.choice(self._workers)
        if not worker.is_paused:
            await self._store.everywhere.write(lease.renew, worker.name, list(worker.actors.values()))

    async def _pass_time(self) -> None:
        seconds = self.rng.choice((0.5, 2.0, 6.0, 20.0, 45.0))
        self._wall.move(seconds=seconds)
        if (await self._of.read(lambda tx: tx.clock)).frozen_at_us is not None:
            await self._of.write(_advance_by, timedelta(seconds=seconds))

    async def _sweep(self) -> None:
        if await self._store.everywhere.read(lease.needs_sweep):
            await self._store.everywhere.write(lease.sweep)

    async def _endpoint(self) -> None:
        url = self.rng.choice(URLS)
        self._is_failing[url] = not self._is_failing[url]

    async def _post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        self.posts[url].append(body)
        if self._is_failing[url]:
            return Reply(None, error="timed out") if self.rng.random() < 0.5 else Reply(503, {"retry-after": "7"})
        return Reply(200)

    async def _calm(self) -> None:
        """People answer, endpoints work, one worker stays, time goes on: until nothing is owed."""
        self.log.append("calm")
        self._is_failing = dict.fromkeys(URLS, False)
        for worker in self._workers:
            worker.is_paused = False
        for _ in range(2000):
            for worker in self._workers:
                for actor in list(worker.actors):
                    await self._go_on(worker, actor)
            for story in self.stories:
                await self._say(story)
            found = [await self._claim_for(self._workers[0], kind, 8) for kind in JobKind]
            if any(found) or any(worker.actors for worker in self._workers):
                continue
            if await self._of.read(_is_all_done):
                return
            await self._wait()
        raise AssertionError(f"it never came to rest: {await self._of.read(lambda tx: tx.all(_LEFT))}")

    async def _wait(self) -> None:
        """Until the next thing is due, by the wall or by the tenant's own clock."""
        await self._sweep()
        due = await self._store.everywhere.read(_next_wall)
        if due is None or due - self._wall() > timedelta(minutes=1):
            await self._of.read(self._assert_nobody_is_forgotten)
        self._wall.move(to=due)
        self._wall.move(seconds=0.5)
        later = await self._of.read(job.next_open)
        if due is None and later is not None and not later.is_leased:
            await self._of.write(lambda tx: tenant_clock.advance(tx, max(later.due_on, tx.now)))

    def _assert_nobody_is_forgotten(self, tx: Tx) -> None:
        """Before a long wait: whoever has answered is not what we wait for, a source that needs seconds aside."""
        soon = tx.now_us + 60_000_000
        for story in self.stories:
            if story.is_refresh:
                continue
            seen = attempts.attempt(tx, story.session, story.task_id)
            assert seen is not None
            if seen.task.status is TaskStatus.MFA and seen.asked is None:
                assert tx.one(_DUE_ON, id=story.task_id, soon=soon), f"{story} was answered"

    def _note_claim(self, one: Lease) -> None:
        for story in self.stories:
            if story.task_id == one.subject:
                story.claims += 1
                assert story.claims == one.tries
                story.is_given_up = story.claims > lease.LAST_TRY

    def _note_outcome(self, one: Lease) -> None:
        for story in self.stories:
            if story.task_id == one.subject:
                story.claims = 0


def _refresh(tx: Tx, task_id: str) -> str | None:
    """A refresh of what this task has connected, if it has."""
    task = tasks.task(tx, task_id)
    held = link.link(tx, task.link_id) if task and task.link_id and task.status is TaskStatus.DONE else None
    if held is None:
        return None
    return refreshes.start_refresh(tx, RefreshWish(access_token=held.access_token), [acting.provider()]).id


def _delete(tx: Tx, task_id: str) -> set[str]:
    """The tasks of the link that was deleted."""
    task = tasks.task(tx, task_id)
    if task is None or task.link_id is None or link.link(tx, task.link_id) is None:
        return set()
    remove_link(tx, task.link_id)
    return {one.id for one in tasks.tasks(tx, window=Window(), link_id=task.link_id)[1]}


_DUE_ON = Sql("SELECT 1 FROM job WHERE subject = :id AND tenant = :tenant AND due_on <= :soon")
_LEFT = Sql(
    "SELECT kind, subject, due_at, due_on, lease_until FROM job WHERE tenant = :tenant AND dead_at IS NULL"
    " AND kind <> 'expire'"
)


def _advance_by(tx: Tx, span: timedelta) -> None:
    tenant_clock.advance(tx, tx.now + span)


def _is_all_done(tx: Tx) -> bool:
    return not tx.all(_LEFT)


def _next_wall(tx: SystemTx) -> datetime | None:
    """When anything is due by the wall."""
    moments = [lease.next_due(tx, kind) for kind in JobKind if kind is not JobKind.EXPIRE]
    return min((moment for moment in moments if moment is not None), default=None)
