"""One opening of the widget: the attempts made in it share a link."""

from datetime import datetime

from msgspec import Struct

from payproof.model.id import LinkId, QuestionId, SessionId, TaskId, UserId
from payproof.model.question import Question
from payproof.model.task import Task


class Session(Struct, frozen=True, kw_only=True):
    id: SessionId
    """Whoever knows it may act in the session: it is the session's bearer secret."""
    user_id: UserId
    bridge_token: str
    link_id: LinkId | None = None
    created_at: datetime
    finished_at: datetime | None = None


class Asked(Struct, frozen=True, kw_only=True):
    """A question as it was put to the person."""

    id: QuestionId
    task_id: TaskId
    question: Question
    asked_at: datetime
    is_answered: bool = False


class Attempt(Struct, frozen=True, kw_only=True):
    """A task as the person in front of the widget sees it."""

    task: Task
    asked: Asked | None = None
    """The question that waits for an answer."""


class AnswerRefused(Exception):
    """An answer to a question that is not open (any more), or that names other fields than the question has."""

    def __init__(self, fields: dict[str, str]) -> None:
        self.fields = fields
        """What is wrong, by field name."""
        super().__init__("; ".join(f"{name}: {why}" for name, why in fields.items()))
