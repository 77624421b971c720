"""A run of kills: people come, the server is killed in a chosen phase, people go on; in the end all is judged."""

import asyncio
import random
import time
from collections import Counter

from tests.kill import judgement, snapshot
from tests.kill.caller import Caller
from tests.kill.person import Person, Story
from tests.kill.phase import Phase, hits, moment, scripts
from tests.kill.record import Kill, Record
from tests.kill.script import PLAIN
from tests.kill.stage import Stage

GRACE_SECONDS = 0.5
LEASE_SECONDS = 14.5
MOST_MISSES = 3
"""For each kill wanted, at most so many may be needed until every phase has its share."""


class Run:
    def __init__(self, stage: Stage, seed: int) -> None:
        self.stage = stage
        self.caller = Caller(stage.url)
        self.people = Person(self.caller)
        self.chance = random.Random(seed)
        self.stories: list[Story] = []
        self.record = Record()
        self.encores = 0
        self._under_way: list[asyncio.Task[None]] = []

    async def go(self, *, kills: int, in_each: int) -> str:
        """What happened, to be printed. Raises AssertionError for whatever a kill made wrong."""
        began = time.monotonic()
        try:
            await asyncio.to_thread(self.stage.start_server)
            await self._register_witness()
            await self._warm_up()
            self.encores = max(kills // 10, 1)
            while len(self.record.kills) < kills or min(self.record.histogram().values()) < in_each:
                assert len(self.record.kills) < kills * MOST_MISSES, self.record.told()
                await self._round(self.chance.choice(self.record.rarest()))
            spent = time.monotonic() - began
            await asyncio.wait_for(asyncio.gather(*self._under_way), 180)
            judged = await judgement.judge(self)
        finally:
            await self.caller.close()
        times = f"{spent:.0f} s of kills, {time.monotonic() - began:.0f} s in all"
        return f"{self.record.told()}\n{len(self.stories)} tasks; {judged}\n{times}"

    async def _register_witness(self) -> None:
        wish = {"name": "witness", "webhook_url": self.stage.witness_url, "env_type": "sandbox"}
        await self.caller.post("/v1/webhooks/", wish)

    async def _warm_up(self) -> None:
        """Everybody once, undisturbed: the facts to compare with, and papers that the portal prints once."""
        stories = [await self.people.arrive(script) for script in PLAIN]
        await asyncio.gather(*(self.people.connect(story) for story in stories))
        self.stories += stories

    async def _spare(self) -> None:
        """Wait for those who were struck too often where they stand."""
        until = time.monotonic() + 60
        for story in self.stories:
            while not story.has_ended and story.task_id in self.record.struck():
                assert time.monotonic() < until, story
                await asyncio.sleep(0.05)

    async def _round(self, phase: Phase) -> None:
        await self._spare()
        stories = [await self.people.arrive(script, self._known_user()) for script in scripts(phase, self.chance)]
        self.stories += stories
        self.stage.portal_log.look()
        self._under_way += [asyncio.create_task(self.people.connect(story)) for story in stories]
        await moment(phase, self.stage, stories, self.chance)
        self._strike(phase, stories)
        await self._start_again()

    def _strike(self, wanted: Phase, stories: list[Story]) -> None:
        pid = self.stage.server.pid
        self.stage.kill_server()
        left = snapshot.take(self.stage.database)
        self.record.kills.append(self._kill(wanted, stories, left, pid))

    async def _start_again(self) -> None:
        """Some starts end when a password goes out for its second time: a third must not follow."""
        while self.encores:
            self.stage.server.start()
            ready = asyncio.create_task(asyncio.to_thread(self.stage.await_server))
            task = await self._second_posting(ready)
            if task is None:
                return await ready
            self.encores -= 1
            self._strike(Phase.LOGIN, [story for story in self.stories if story.task_id == task])
            await asyncio.gather(ready, return_exceptions=True)
        await asyncio.to_thread(self.stage.start_server)

    async def _second_posting(self, ready: asyncio.Task[None]) -> str | None:
        """The task whose password the portal sees again, if one does before or soon after we are ready."""
        once = {task for task, times in self.record.kills[-1].posted.items() if times == 1}
        waits = GRACE_SECONDS if once & self._due_again() else 0
        while not ready.done() or (waits := waits - 0.002) > 0:
            for line in self.stage.portal_log.look():
                if line["event"] == "password_posted" and line["task"] in once:
                    return str(line["task"])
            await asyncio.sleep(0.002)
        return None

    def _due_again(self) -> set[str]:
        """Tasks cut off in their sign-in whose lease has ended: at once on SQLite, in time on PostgreSQL."""
        lease = LEASE_SECONDS if self.stage.database_url else 0
        open_tasks = {story.task_id for story in self.stories if not story.has_ended}
        cut_off = {task for kill in self.record.kills if time.monotonic() - kill.at >= lease for task in kill.stranded}
        return open_tasks & cut_off

    def _kill(self, phase: Phase, stories: list[Story], left: snapshot.Snapshot, pid: int) -> Kill:
        self.stage.portal_log.look()
        lines = self.stage.portal_log.all
        met = hits(stories, left)
        rare = sorted(met, key=lambda one: self.record.histogram()[one])
        return Kill(
            wanted=phase,
            hit=phase if phase in met else next(iter(rare), None),
            held={one: told.status for one, told in left.tasks.items() if told.is_held_by(pid)},
            posted=Counter(line["task"] for line in lines if line["event"] == "password_posted"),
        )

    def _known_user(self) -> str:
        """Now and then somebody connects again who has connected before."""
        known = [story.user_id for story in self.stories if story.has_ended and not story.script.file]
        return self.chance.choice(known) if known and self.chance.random() < 0.2 else ""
