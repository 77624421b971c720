"""A process may die between any two lines: no code goes out twice, no password three times, and the task still ends."""

import asyncio
import json
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from payproof.kit.failure import Failure, MfaRefused, SignInInterrupted
from payproof.model.question import Challenge, ChallengeKind, Question, Wait
from payproof.model.raw import Raw
from tests.connectors.sandbox_payroll.visiting import Engine, Killed, Task, world

RIGHT = {ChallengeKind.CODE: "12345", ChallengeKind.SELECTION: "sms", ChallengeKind.QUESTION: "Rex"}
WRONG = {**RIGHT, ChallengeKind.CODE: "00000", ChallengeKind.QUESTION: "Fido"}
STORIES = ["goodpassword", "mfa", "mfa_selection", "mfa_question", "longcheck"]
ENOUGH = 40
"""More steps than any story has."""


async def drive(engine: Engine, task: Task, password: str, answers: dict[ChallengeKind, str]) -> Failure | None:
    """Sign in as the engine does: a step that died is run again with what was committed."""
    signs = {"username": "goodlogin", "password": password}
    asked: Question | None = None
    reply: str | None = None
    for _ in range(ENOUGH):
        try:
            question = await engine.login(task, signs, asked, reply)
        except Killed:
            continue
        except Failure as failure:
            return failure
        if question is None:
            return None
        asked, reply = question, answers[question.kind] if isinstance(question, Challenge) else None
        if isinstance(question, Wait):
            engine.now += timedelta(seconds=question.seconds)
    raise AssertionError("the task never ends")


async def collected(engine: Engine, task: Task) -> list[Raw]:
    while True:
        try:
            return await engine.everything(task)
        except Killed:
            continue


def posted(log: Path) -> tuple[Counter[str], Counter[tuple[str, str]]]:
    """Passwords by task, and answers by challenge, as the portal saw them come in."""
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    return (
        Counter(line["task"] for line in lines if line["event"] == "password_posted"),
        Counter((line["challenge"], line["code"]) for line in lines if line["event"] == "code_posted"),
    )


def check_log(folder: Path) -> None:
    passwords, codes = posted(folder / "access.jsonl")
    assert max(passwords.values()) <= 2
    assert not codes or max(codes.values()) == 1
    assert len({challenge for challenge, _ in codes}) == len(codes)


@pytest.mark.parametrize("password", STORIES)
def test_one_kill_anywhere_does_no_harm(tmp_path: Path, password: str) -> None:
    async def story() -> None:
        async with world(tmp_path) as (_, engine):
            whole = None
            for lives in range(ENOUGH):
                task = Task(f"task-{lives}", lives)
                assert await drive(engine, task, password, RIGHT) is None
                raws = await collected(engine, task)
                whole = whole or raws
                assert raws == whole
                if task.lives is not None:
                    return
            raise AssertionError("the kill never came late enough")

    asyncio.run(story())
    check_log(tmp_path)


@pytest.mark.parametrize("password", ["mfa", "mfa_selection"])
def test_two_kills_end_in_a_typed_way(tmp_path: Path, password: str) -> None:
    async def story() -> None:
        async with world(tmp_path) as (_, engine):
            for first in range(24):
                for second in range(0, 24, 3):
                    task = Doomed(f"task-{first}-{second}", first, second)
                    ended = await drive(engine, task, password, RIGHT)
                    assert ended is None or isinstance(ended, SignInInterrupted)

    asyncio.run(story())
    check_log(tmp_path)


@pytest.mark.parametrize("password", ["mfa", "mfa_question"])
def test_a_wrong_answer_stays_wrong_after_a_kill(tmp_path: Path, password: str) -> None:
    async def story() -> None:
        async with world(tmp_path) as (_, engine):
            for lives in range(24):
                ended = await drive(engine, Task(f"task-{lives}", lives), password, WRONG)
                assert isinstance(ended, MfaRefused)

    asyncio.run(story())
    check_log(tmp_path)


class Doomed(Task):
    """Killed twice."""

    def __init__(self, name: str, first: int, second: int) -> None:
        super().__init__(name, first)
        self._second: int | None = second

    def live(self) -> None:
        try:
            super().live()
        except Killed:
            self.lives, self._second = self._second, None
            raise
