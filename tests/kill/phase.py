"""The phases of a task: when to kill so as to hit one, and which one a kill did hit."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Sequence
from enum import StrEnum

from tests.kill.lines import Line
from tests.kill.person import Story
from tests.kill.script import ASKING, ENDING, PLAIN, Script, bank_file
from tests.kill.snapshot import Snapshot, Standing
from tests.kill.stage import Stage

SECONDS = 4.0
"""So long a moment is waited for; then the kill comes anyway, and counts for what it hit."""


class Phase(StrEnum):
    ACCEPT = "accept to first step"
    LOGIN = "login"
    MFA = "MFA pause"
    COLLECT = "collect"
    DELIVER = "last move to delivery"
    IMPORT = "file import"


_IN_STATUS = {
    "new": Phase.ACCEPT,
    "login": Phase.LOGIN,
    "mfa": Phase.MFA,
    "parse": Phase.COLLECT,
    "full_parse": Phase.COLLECT,
}


def scripts(phase: Phase, chance: random.Random) -> list[Script]:
    """What the people of one round do."""
    match phase:
        case Phase.ACCEPT:
            return [chance.choice([*PLAIN, *ASKING, *ENDING]) for _ in range(6)]
        case Phase.LOGIN:
            return [chance.choice([*PLAIN, *ENDING]) for _ in range(3)]
        case Phase.MFA:
            return [chance.choice(ASKING) for _ in range(3)]
        case Phase.COLLECT:
            return [chance.choice(PLAIN) for _ in range(3)]
        case Phase.DELIVER:
            return [chance.choice(ENDING), chance.choice(PLAIN)]
        case Phase.IMPORT:
            accounts = [chance.randrange(10**9, 10**10) for _ in range(3)]
            return [bank_file(accounts[0]), bank_file(accounts[1]), bank_file(accounts[2], torn=True)]


async def moment(phase: Phase, stage: Stage, stories: Sequence[Story], chance: random.Random) -> None:
    """Return when the phase is under way for one of the stories, give or take a few milliseconds."""
    match phase:
        case Phase.ACCEPT:
            await _until_any(stories, lambda story: bool(story.task_id))
            await asyncio.sleep(chance.uniform(0, 0.003))
        case Phase.LOGIN:
            await stage.portal_log.until(lambda line: line["event"] == "password_posted", seconds=SECONDS)
            await asyncio.sleep(chance.uniform(0, 0.004))
        case Phase.MFA if chance.random() < 0.5:
            await stage.portal_log.until(lambda line: line["event"] == "code_posted", seconds=SECONDS)
        case Phase.MFA:
            await _until_any(stories, lambda story: story.status == "mfa")
            await asyncio.sleep(chance.uniform(0, 0.05))
        case Phase.COLLECT:
            await stage.portal_log.until(_Inside().is_second_page, seconds=SECONDS)
            await asyncio.sleep(chance.uniform(0, 0.03))
        case Phase.DELIVER:
            await _until_any(stories, lambda story: story.has_ended)
        case Phase.IMPORT:
            await _until_any(stories, lambda story: story.files_begun.is_set())
            await asyncio.sleep(chance.uniform(0, 0.6))


def hits(stories: Sequence[Story], left: Snapshot) -> set[Phase]:
    """The phases in which the kill met one of these people's tasks."""
    found = set()
    for story in stories:
        standing = left.tasks.get(story.task_id)
        if standing is not None:
            found |= {phase} if (phase := _phase(story, standing, left)) else set()
    return found


def _phase(story: Story, standing: Standing, left: Snapshot) -> Phase | None:
    if standing.status not in _IN_STATUS:
        return Phase.DELIVER if (story.task_id, standing.status) in left.owed else None
    if story.script.file:
        return Phase.IMPORT if story.files_begun.is_set() else None
    return _IN_STATUS[standing.status]


class _Inside:
    """The first page behind the door still belongs to the sign-in; what comes after it is collected."""

    def __init__(self) -> None:
        self._pages: Counter[str] = Counter()

    def is_second_page(self, line: Line) -> bool:
        is_page = line["event"] == "request" and line["method"] == "GET" and line["status"] == 200
        self._pages[line["task"]] += is_page and not line["path"].endswith("sign-in")
        return self._pages[line["task"]] > 1


async def _until_any(stories: Sequence[Story], is_so: Callable[[Story], bool]) -> None:
    for _ in range(int(SECONDS / 0.002)):
        if any(is_so(story) for story in stories):
            return
        await asyncio.sleep(0.002)
