"""Answers given on the command line find their questions."""

import pytest

from payproof.cli.reply import Blank, Replies, reply_to
from payproof.contract.session import ChallengeQuestion, FieldBody, FormQuestion, OptionBody, QuestionBody, WaitQuestion
from payproof.model.question import ChallengeKind, FieldKind

_OPTIONS = [OptionBody("sms", "Text message", None), OptionBody("1", "A call", None)]


def challenge(*options: OptionBody) -> ChallengeQuestion:
    return ChallengeQuestion(
        id="q",
        kind=ChallengeKind.CODE,
        label="Code",
        hint=None,
        options=list(options),
        expires_at=None,
        attempts_left=1,
    )


def form(*required: str, optional: tuple[str, ...] = ()) -> FormQuestion:
    fields = [
        FieldBody(
            name=name, label=name, kind=FieldKind.TEXT, required=name in required, hint=None, options=[], max_files=0,
            max_bytes=0,
        )
        for name in (*required, *optional)
    ]  # fmt: skip
    return FormQuestion(id="q", title=None, fields=fields, sample=())


@pytest.mark.parametrize(
    ("question", "given", "answers"),
    [
        (challenge(), ["12345"], {"answer": "12345"}),
        (challenge(), ["a=b"], {"answer": "a=b"}),
        (challenge(), [], None),
        (challenge(*_OPTIONS), ["text MESSAGE"], {"answer": "sms"}),
        (challenge(*_OPTIONS), ["1"], {"answer": "1"}),
        (challenge(*_OPTIONS), ["2"], {"answer": "1"}),
        (form("day", "sum"), ["sum=x", "day=y"], {"day": "y", "sum": "x"}),
        (form("day", "sum"), ["first", "sum=x"], {"day": "first", "sum": "x"}),
        (form("day", "sum"), ["day=y"], None),
        (form("day", optional=("note",)), ["day=y"], {"day": "y"}),
        (form("day", optional=("note",)), ["note=n", "day=a=b"], {"day": "a=b", "note": "n"}),
        (WaitQuestion("q", 1.0, None), ["12345"], None),
    ],
)
def test_answers(question: QuestionBody, given: list[str], answers: dict[str, str] | None) -> None:
    assert reply_to(question, Replies(given), None) == answers


def test_each_answer_is_used_once() -> None:
    replies = Replies(["sms", "12345"])
    assert reply_to(challenge(), replies, None) == {"answer": "sms"}
    assert reply_to(challenge(), replies, None) == {"answer": "12345"}
    assert reply_to(challenge(), replies, None) is None


def test_a_person_is_asked_only_for_what_was_not_given() -> None:
    asked: list[str] = []

    def ask(blank: Blank) -> str:
        asked.append(blank.name)
        return "said"

    assert reply_to(form("day", "sum"), Replies(["sum=x"]), ask) == {"day": "said", "sum": "x"}
    assert asked == ["day"]
