"""A scripted person: connects once, answers every question as often as it is asked, and never loses patience."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tests.kill.caller import Caller, Refused
from tests.kill.script import Script

FIRST_LOOK_SECONDS, LAST_LOOK_SECONDS = 0.03, 1.0


@dataclass
class Story:
    """What one person lived through. `task_id` is there once the server has accepted the attempt."""

    script: Script
    user_id: str = ""
    session_id: str = ""
    task_id: str = ""
    link_id: str | None = None
    status: str = ""
    message: str | None = None
    answers_given: int = 0
    files_begun: asyncio.Event = field(default_factory=asyncio.Event)
    ended_at: float = 0.0

    @property
    def has_ended(self) -> bool:
        return self.ended_at > 0


class Person:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def arrive(self, script: Script, user_id: str = "") -> Story:
        """As far as an open session; a `user_id` comes back instead of being new."""
        story = Story(script)
        if not user_id:
            user_id = (await self._caller.post("/v1/users/", {"external_user_id": uuid4().hex}))["id"]
        story.user_id = user_id
        token = await self._caller.post(f"/v1/users/{user_id}/tokens/", {"product_type": script.product})
        session = await self._caller.post("/bridge/v1/sessions/", {"bridge_token": token["bridge_token"]})
        story.session_id = session["id"]
        return story

    async def connect(self, story: Story) -> None:
        """From the attempt to its ending."""
        wish = {"provider_id": story.script.provider, "answers": story.script.form}
        attempt = await self._caller.post(f"/bridge/v1/sessions/{story.session_id}/attempts/", wish)
        story.task_id = attempt["id"]
        pause = FIRST_LOOK_SECONDS
        while not self._note(story, attempt):
            if attempt["question"] is not None:
                attempt = await self._answer(story, attempt["question"])
                pause = FIRST_LOOK_SECONDS
                continue
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, LAST_LOOK_SECONDS)
            attempt = await self._look(story)
        story.ended_at = time.monotonic()

    def _note(self, story: Story, attempt: dict[str, Any]) -> bool:
        story.status, story.message, story.link_id = attempt["status"], attempt["error_message"], attempt["link_id"]
        return bool(attempt["is_final"])

    async def _look(self, story: Story) -> dict[str, Any]:
        attempt: dict[str, Any] = await self._caller.get(
            f"/bridge/v1/attempts/{story.task_id}/", headers=_bearer(story)
        )
        return attempt

    async def _answer(self, story: Story, question: dict[str, Any]) -> dict[str, Any]:
        """The attempt afterwards; a question that was answered meanwhile is no question any more."""
        try:
            if question["type"] == "form":
                await self._hand_over(story)
            else:
                said = {"answers": {"answer": story.script.answers[question["kind"]]}, "question_id": question["id"]}
                await self._caller.post(f"/bridge/v1/attempts/{story.task_id}/answers/", said, headers=_bearer(story))
            story.answers_given += 1
        except Refused as refused:
            if refused.status != 400:
                raise
        return await self._look(story)

    async def _hand_over(self, story: Story) -> None:
        story.files_begun.set()
        files = {"file": ("statement.ofx", story.script.file, "application/x-ofx")}
        await self._caller.post(f"/bridge/v1/attempts/{story.task_id}/files/", files=files, headers=_bearer(story))


def _bearer(story: Story) -> dict[str, str]:
    return {"Authorization": f"Bearer {story.session_id}"}
