"""Connections made in one call, for tests: everything that the widget and its person would do."""

from collections.abc import Sequence

from payproof.model.bridge_token import BridgeTokenWish
from payproof.model.connection import Connection, ConnectionWish
from payproof.model.job import JobKind
from payproof.model.provider import Provider
from payproof.model.question import Challenge, ChallengeKind, Question
from payproof.model.secret import Secret
from payproof.model.session import Attempt, Session
from payproof.model.task import Task, TaskStatus
from payproof.services import attempt as attempts
from payproof.services import session as sessions
from payproof.services.bridge_token import add_bridge_token
from payproof.services.provider import find_provider, open_to
from payproof.store import ReferenceGone, Tx, job, link
from payproof.store.connection import hold_link

KNOWN = {ChallengeKind.CODE: "12345", ChallengeKind.QUESTION: "rex"}
"""The documented answers of the sandbox; of a selection the first option is taken."""


def begin(tx: Tx, wish: ConnectionWish, providers: Sequence[Provider]) -> tuple[Session, Task]:
    """What leads to the task, and the task. Raises NotFound, WishRefused, AnswerRefused."""
    said = BridgeTokenWish(
        product_type=wish.product_type,
        allowed_products=(wish.product_type,),
        provider_id=wish.provider_id,
        tracking_info=wish.tracking_info,
        company_mapping_id=wish.company_mapping_id,
    )
    offered = open_to(providers, tx.tenant)
    token = add_bridge_token(tx, wish.user_id, said, offered)
    provider = find_provider(offered, wish.provider_id)
    assert provider is not None
    session = sessions.open_session(tx, token)
    answers = {"username": Secret(wish.username), "password": wish.password}
    return session, attempts.start_attempt(tx, session, provider, answers).task


def look(tx: Tx, session: Session, task_id: str) -> tuple[Connection, Attempt]:
    """How far it came, and the attempt with the question that is open. Raises ReferenceGone where it was taken away."""
    seen = attempts.attempt(tx, session, task_id)
    if seen is None:
        raise ReferenceGone
    asks = seen.asked is not None
    is_held_up = not seen.task.status.is_final and (_answer_to(seen) is None if asks else _waits_for_time(tx, task_id))
    return Connection(task=seen.task, is_held_up=is_held_up), seen


def is_answerable(seen: Attempt) -> bool:
    """There is a question to which the sandbox has an answer."""
    return _answer_to(seen) is not None


def answer(tx: Tx, session: Session, seen: Attempt) -> None:
    """Give the sandbox's answer to the open question. Raises AnswerRefused where it is open no more."""
    said = _answer_to(seen)
    assert said is not None and seen.asked is not None
    attempts.answer_question(tx, session, seen.task.id, seen.asked.id, {"answer": Secret(said)})


def finish(tx: Tx, session: Session, task: Task) -> Connection:
    """The tokens of a connection that is done: the public one may still be exchanged.

    None of one that failed, or whose link was deleted meanwhile.
    """
    found = link.link(tx, task.link_id) if task.link_id and task.status is TaskStatus.DONE else None
    if found is None or hold_link(tx, found.id) is None:
        return Connection(task=task)
    public_token, _ = sessions.finish_session(tx, session)
    return Connection(task=task, public_token=public_token, access_token=found.access_token)


def _answer_to(seen: Attempt) -> str | None:
    question: Question | None = seen.asked.question if seen.asked else None
    if not isinstance(question, Challenge):
        return None
    return question.options[0].value if question.options else KNOWN.get(question.kind)


def _waits_for_time(tx: Tx, task_id: str) -> bool:
    """The clock stands, and the task goes on only when it has been moved."""
    found = job.due(tx, JobKind.VERIFY, task_id)
    return found is not None and found > tx.now and not tx.clock.is_advancing and tx.clock.frozen_at_us is not None
