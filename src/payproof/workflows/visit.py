"""What a connector holds during one step: guarded HTTP, the person's answers, a sealed memory that survives us."""

from datetime import datetime
from typing import Any

import msgspec
import structlog
from msgspec import Struct

from payproof.engine.work import Work
from payproof.kit.failure import SignInInterrupted
from payproof.kit.visit import Browser
from payproof.model.id import TaskId
from payproof.model.product import ProductType
from payproof.model.question import Answers
from payproof.model.raw import UPLOAD_PREFIX, Raw
from payproof.model.task import Task
from payproof.store import Tx, connection, question, raw, remembered
from payproof.store import task as stored

INTENTIONS = "intentions"
"""The key of `memory` under which the calls that were about to be made are counted."""

NOTHING = msgspec.json.encode({})
log = structlog.get_logger("payproof.visit")


class Scene(Struct, frozen=True, kw_only=True):
    """All that a step needs to know, read in one transaction."""

    task: Task
    now: datetime
    answers: Answers
    is_answered: bool
    """The question asked last has its answer."""
    memory: dict[str, Any]
    remembered: dict[str, Any]
    signed_in_at: datetime | None = None
    """In a refresh: when the person typed what is sent now; None where nothing is kept."""
    basics: tuple[Raw, ...] | None = None
    """What the source gave at the first look; None where it has to be read."""
    has_moved: bool = False
    """The task has come to another link, and goes on in that link's lane."""

    def after(self, tx: Tx, task: Task, basics: tuple[Raw, ...] | None = None) -> "Scene":
        """The scene when this transaction has committed: the task has moved, and nothing is asked."""
        has_moved = self.task.link_id is not None and task.link_id != self.task.link_id
        answers = Answers(form=self.answers.form)
        return msgspec.structs.replace(self, task=task, now=tx.now, answers=answers, basics=basics, has_moved=has_moved)


def look(tx: Tx, task_id: str, connector_of: dict[str, str]) -> Scene | None:
    """The scene of a task; `connector_of` names the connector of each provider."""
    task = stored.task(tx, task_id)
    if task is None:
        return None
    talk = question.talk(tx, task)
    kept = connection.credentials(tx, task.link_id) if task.is_refresh and task.link_id else None
    connector_id = connector_of.get(task.provider_id)
    return Scene(
        task=task,
        now=tx.now,
        answers=Answers(form=kept.form) if kept else talk.answers,
        is_answered=talk.is_answered,
        signed_in_at=kept.signed_in_at if kept else None,
        memory=stored.memory(tx, task),
        remembered=remembered.remembered(tx, task.user_id, connector_id) if connector_id else {},
    )


def uploads(tx: Tx, task: Task) -> tuple[Raw, ...]:
    """The files the person handed over, in order."""
    return tuple(raw.raws(tx, task, prefix=UPLOAD_PREFIX))


class LiveVisit:
    """The `kit.visit.Visit` of a running step."""

    def __init__(self, work: Work, scene: Scene, http: Browser, world_url: str, uploads: tuple[Raw, ...]) -> None:
        self._work = work
        self._task = scene.task
        self._kept = msgspec.json.encode(scene.memory)
        self.task_id: TaskId = scene.task.id
        self.product_type: ProductType = scene.task.product_type
        self.now = scene.now
        self.world_url = world_url
        self.http = http
        self.uploads = uploads
        self.memory = scene.memory
        self.remembered = scene.remembered
        self.to_remember: dict[str, Any] = {}

    async def intend(self, call: str, *, limit: int = 1) -> int:
        times = self.intended(call) + 1
        if times > limit:
            raise SignInInterrupted(detail=f"{call.partition(':')[0]} was sent {limit} times without a known outcome")
        self.memory.setdefault(INTENTIONS, {})[call] = times
        await self._work.note(stored.set_memory, self._task, self.memory)
        self._kept = msgspec.json.encode(self.memory)
        return times

    def intended(self, call: str) -> int:
        times: int = self.memory.get(INTENTIONS, {}).get(call, 0)
        return times

    def remember(self, key: str, value: Any) -> None:
        self.to_remember[key] = value

    def log(self, event: str, **facts: str | float | bool | None) -> None:
        log.info(event, task=self.task_id, **facts)

    def keep(self, tx: Tx, connector_id: str) -> None:
        """Store what this step leaves behind; part of the step's outcome."""
        if msgspec.json.encode(self.memory) != self._kept:
            stored.set_memory(tx, self._task, self.memory)
        self._remember(tx, connector_id)

    def leave(self, tx: Tx, connector_id: str) -> None:
        """The last step: nothing of the visit is needed any more but what is to be remembered."""
        if self._kept != NOTHING:
            stored.set_memory(tx, self._task, {})
        self._remember(tx, connector_id)

    def _remember(self, tx: Tx, connector_id: str) -> None:
        if self.to_remember:
            remembered.remember(tx, self._task.user_id, connector_id, self.to_remember)
            self.remembered.update(self.to_remember)
