"""What a connector asks the person: values, never waits, so that they resume on another machine."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct, field

from payproof.model.secret import Secret


class FieldKind(StrEnum):
    TEXT = "text"
    PASSWORD = "password"
    FILE = "file"
    SELECT = "select"


class Option(Struct, frozen=True):
    value: str
    label: str
    example: str | None = None
    """What choosing this would mean, shown on the person's own data where there is any."""


class Field(Struct, frozen=True, kw_only=True):
    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    required: bool = True
    hint: str | None = None
    options: tuple[Option, ...] = ()
    max_files: int = 1
    max_bytes: int = 0


class Form(Struct, frozen=True, kw_only=True, tag="form"):
    """Several fields at once: the first sign-in form, a file to hand over, a column to name."""

    fields: tuple[Field, ...]
    title: str | None = None
    sample: tuple[tuple[str, ...], ...] = ()
    """Rows of the person's own data that the fields speak of, header first; empty where there is none."""


class ChallengeKind(StrEnum):
    CODE = "code"
    QUESTION = "question"
    SELECTION = "selection"
    PUSH = "push"


class Challenge(Struct, frozen=True, kw_only=True, tag="challenge"):
    """One thing the source wants to know before it lets the person in. Answered under the name `answer`."""

    kind: ChallengeKind
    label: str
    hint: str | None = None
    options: tuple[Option, ...] = ()
    expires_at: datetime | None = None
    attempts_left: int | None = None


class Redirect(Struct, frozen=True, kw_only=True, tag="redirect"):
    """The person continues at the source's own page and comes back."""

    url: str


class Wait(Struct, frozen=True, kw_only=True, tag="wait"):
    """Nothing to answer: the source needs time, the task is looked at again after `seconds`."""

    seconds: float
    message: str | None = None


Question = Form | Challenge | Redirect | Wait


class Answers(Struct, frozen=True, kw_only=True):
    """All that the person has said so far. Values are `Secret` until a connector sends them."""

    form: dict[str, Secret] = field(default_factory=dict)
    """The provider's first form (username, password, …)."""
    reply: dict[str, Secret] | None = None
    """The answer to the question asked last (`answer` for a Challenge, field names for a Form); None if unanswered."""
    asked: Question | None = None
    """The question asked last, None before the first."""


def field_names(question: Question) -> tuple[str, ...]:
    """The names under which a question may be answered."""
    match question:
        case Form(fields=fields):
            return tuple(f.name for f in fields)
        case Challenge():
            return ("answer",)
        case _:
            return ()


Json = dict[str, Any]
