"""What the person does in a session: start an attempt, answer its questions, hand over files."""

from datetime import timedelta

import msgspec

from payproof.model.id import LinkId, TaskId, new_id, new_token
from payproof.model.job import JobKind
from payproof.model.link import Link
from payproof.model.provider import Provider
from payproof.model.question import Field, FieldKind, Form, Question, field_names
from payproof.model.raw import Raw
from payproof.model.secret import Secret
from payproof.model.session import AnswerRefused, Asked, Attempt, Session
from payproof.model.task import Task, TaskStatus
from payproof.services.session import token_of
from payproof.services.user import hold_user
from payproof.store import ReferenceGone, Tx, job, link, question, raw
from payproof.store import session as sessions
from payproof.store import task as stored
from payproof.store.connection import lane_of

DEADLINE = timedelta(minutes=20)
"""How long a task may take, in the tenant's time."""


def start_attempt(tx: Tx, session: Session, provider: Provider, answers: dict[str, Secret]) -> Attempt:
    """A new task; it begins at once, or when its files arrive. Raises AnswerRefused, TokenExpired, NotFound."""
    wants_files = any(field.kind is FieldKind.FILE for field in provider.form.fields)
    if not wants_files:
        _refuse_incomplete(provider.form, answers)
    hold_user(tx, session.user_id)
    session = _as_it_stands(tx, session)
    task = stored.add_task(tx, _new_task(tx, session, provider, wants_files=wants_files))
    asked = question.ask(tx, task, provider.form)
    if wants_files:
        job.enqueue(tx, JobKind.VERIFY, task.id, at=task.deadline_at, lane=f"user {task.user_id}")
        return Attempt(task=task, asked=asked)
    question.answer(tx, task, asked.id, answers)
    assert task.link_id is not None
    job.enqueue(tx, JobKind.VERIFY, task.id, lane=lane_of(task.link_id))
    return Attempt(task=task)


def answer_question(
    tx: Tx, session: Session, task_id: str, question_id: str | None, answers: dict[str, Secret]
) -> Attempt | None:
    """Answer the open question; None for an attempt that is not the session's. Raises AnswerRefused."""
    task = _task_to_change(tx, session, task_id)
    if task is None:
        return None
    asked = _open_question(tx, task)
    if asked is None or (question_id is not None and asked.id != question_id):
        raise AnswerRefused({"question_id": "This question is not open."})
    _refuse_incomplete(asked.question, answers)
    if not question.answer(tx, task, asked.id, answers):
        raise AnswerRefused({"question_id": "This question is answered already."})
    stored.touch_task(tx, task)
    return attempt(tx, session, task_id)


def hand_over_files(tx: Tx, session: Session, task_id: str, files: list[Raw]) -> Attempt | None:
    """The files that the provider's form asks for, all at once. Raises AnswerRefused."""
    task = _task_to_change(tx, session, task_id)
    if task is None:
        return None
    asked = _open_question(tx, task)
    field = _file_field(asked.question) if asked else None
    if asked is None or field is None:
        raise AnswerRefused({"file": "This attempt does not wait for files."})
    if not files:
        raise AnswerRefused({field.name: "At least one file is required."})
    if len(files) > field.max_files:
        raise AnswerRefused({field.name: f"At most {field.max_files} files at once."})
    raw.add_raws(tx, task, files)
    question.answer(tx, task, asked.id, {field.name: Secret(str(len(files)))})
    stored.touch_task(tx, task)
    return attempt(tx, session, task_id)


def attempt(tx: Tx, session: Session, task_id: str) -> Attempt | None:
    """The attempt as the person sees it; None for one that is not the session's."""
    task = stored.task(tx, task_id)
    if task is None or task.session_id != session.id:
        return None
    return Attempt(task=task, asked=_open_question(tx, task))


def attempts(tx: Tx, session: Session) -> list[Attempt]:
    """All attempts of the session, oldest first."""
    return [Attempt(task=one, asked=_open_question(tx, one)) for one in stored.session_tasks(tx, session.id)]


def _as_it_stands(tx: Tx, session: Session) -> Session:
    """Another attempt of it may have found that its link is an older one's double since somebody looked."""
    found = sessions.session(tx, session.id)
    if found is None:
        raise ReferenceGone
    return found


def _new_task(tx: Tx, session: Session, provider: Provider, *, wants_files: bool) -> Task:
    token = token_of(tx, session)
    task = Task(
        id=TaskId(new_id()),
        user_id=session.user_id,
        link_id=None,
        session_id=session.id,
        provider_id=provider.id,
        product_type=token.wish.product_type,
        data_source=provider.data_source,
        status=TaskStatus.NEW,
        version=1,
        tracking_info=token.wish.tracking_info,
        bridge_token=session.bridge_token,
        created_at=tx.now,
        updated_at=tx.now,
        deadline_at=tx.now + DEADLINE,
    )
    if wants_files:
        return task
    company_mapping_id = token.wish.company_mapping_id
    return msgspec.structs.replace(task, link_id=session.link_id or _add_link(tx, session, task, company_mapping_id))


def _add_link(tx: Tx, session: Session, task: Task, company_mapping_id: str | None) -> LinkId:
    """The link that this session's attempts share."""
    begun = Link.of_task(
        task, link_id=LinkId(new_id()), access_token=new_token(), company_mapping_id=company_mapping_id
    )
    made = link.add_link(tx, begun)
    sessions.set_session_link(tx, session.id, made.id)
    return made.id


def _task_to_change(tx: Tx, session: Session, task_id: str) -> Task | None:
    """The session's task, locked, and its work asked for: first, for a step too locks its job before its task."""
    task = stored.task(tx, task_id)
    if task is None or task.session_id != session.id:
        return None
    job.enqueue(tx, JobKind.VERIFY, task.id)
    return stored.task_to_change(tx, task_id)


def _open_question(tx: Tx, task: Task) -> Asked | None:
    return None if task.status.is_final else question.unanswered(tx, task)


def _file_field(asked: Question) -> Field | None:
    fields = asked.fields if isinstance(asked, Form) else ()
    return next((field for field in fields if field.kind is FieldKind.FILE), None)


def _refuse_incomplete(asked: Question, answers: dict[str, Secret]) -> None:
    """Every required field said, nothing else said. Raises AnswerRefused naming all that is wrong."""
    wrong = {name: "This field is not asked for." for name in answers if name not in field_names(asked)}
    required = [f.name for f in asked.fields if f.required] if isinstance(asked, Form) else field_names(asked)
    wrong |= {name: "This field is required." for name in required if not answers.get(name)}
    if wrong:
        raise AnswerRefused(wrong)
