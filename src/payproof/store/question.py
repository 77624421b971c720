"""Questions and answers of a task, both sealed. Question 0 is the provider's form, answered when the attempt begins."""

import msgspec
from msgspec import Struct

from payproof import clock
from payproof.model.id import QuestionId, new_id
from payproof.model.question import Answers, Question
from payproof.model.secret import Secret
from payproof.model.session import Asked
from payproof.model.task import Task
from payproof.store.dialect import Sql
from payproof.store.transaction import Row, Tx

_COLUMNS = "id, body, answer, asked_at, number"
_LAST = Sql(
    f"SELECT {_COLUMNS} FROM question WHERE task_id = :task_id AND tenant = :tenant AND closed_at IS NULL"
    " ORDER BY number DESC LIMIT 1"
)
_TALK = Sql(
    f"SELECT {_COLUMNS} FROM question WHERE task_id = :task_id AND tenant = :tenant"
    " AND (number = 0 OR closed_at IS NULL) ORDER BY number"
)
_NUMBER = Sql("SELECT COALESCE(MAX(number) + 1, 0) FROM question WHERE task_id = :task_id AND tenant = :tenant")
_ADD = Sql(
    "INSERT INTO question (id, tenant, task_id, number, body, asked_at)"
    " VALUES (:id, :tenant, :task_id, :number, :body, :now)"
)
_ANSWER = Sql(
    "UPDATE question SET answer = :answer, answered_at = :now"
    " WHERE id = :id AND tenant = :tenant AND answered_at IS NULL AND closed_at IS NULL"
)
_CLOSE = Sql(
    "UPDATE question SET closed_at = :now, answer = NULL"
    " WHERE task_id = :task_id AND tenant = :tenant AND number > 0 AND closed_at IS NULL"
)
_FORGET = Sql("UPDATE question SET answer = NULL WHERE task_id = :task_id AND tenant = :tenant")


class Talk(Struct, frozen=True):
    answers: Answers = Answers()
    is_answered: bool = True
    """The question asked last has its answer."""


def ask(tx: Tx, task: Task, question: Question) -> Asked:
    """Put a question to the person; the one before it is closed and its answer forgotten."""
    close_questions(tx, task)
    row = tx.one(_NUMBER, task_id=task.id)
    question_id = QuestionId(new_id())
    tx.put(
        _ADD,
        id=question_id,
        task_id=task.id,
        number=row[0] if row else 0,
        body=tx.seal(task.user_id, ("question", question_id, "body"), msgspec.json.encode(question)),
        now=tx.now_us,
    )
    return Asked(id=question_id, task_id=task.id, question=question, asked_at=tx.now)


def close_questions(tx: Tx, task: Task) -> None:
    """No question but the form stays open, no answer but the form's is kept."""
    tx.put(_CLOSE, task_id=task.id, now=tx.now_us)


def answer(tx: Tx, task: Task, question_id: QuestionId, answers: dict[str, Secret]) -> bool:
    """Store an answer, sealed; False when the question is answered or closed already."""
    spoken = msgspec.json.encode({name: value.reveal() for name, value in answers.items()})
    sealed = tx.seal(task.user_id, ("question", question_id, "answer"), spoken)
    return tx.run(_ANSWER, id=question_id, answer=sealed, now=tx.now_us) == 1


def forget_answers(tx: Tx, task: Task) -> None:
    """The task has ended: what the person typed is not needed here any more."""
    tx.put(_FORGET, task_id=task.id)


def talk(tx: Tx, task: Task) -> Talk:
    """Everything that was said with the person so far, as far as it still counts."""
    rows = [_asked(tx, task, row) for row in tx.all(_TALK, task_id=task.id)]
    if not rows:
        return Talk()
    form, (last, reply) = rows[0][1], rows[-1]
    is_form = len(rows) == 1
    said = Answers(form=form or {}, asked=None if is_form else last.question, reply=None if is_form else reply)
    return Talk(answers=said, is_answered=reply is not None)


def unanswered(tx: Tx, task: Task) -> Asked | None:
    """The question asked last (the form included), where it has no answer yet."""
    row = tx.one(_LAST, task_id=task.id)
    return _asked(tx, task, row)[0] if row and row[2] is None else None


def _asked(tx: Tx, task: Task, row: Row) -> tuple[Asked, dict[str, Secret] | None]:
    body = tx.open(task.user_id, ("question", row[0], "body"), row[1])
    answers: dict[str, Secret] | None = None
    if row[2] is not None:
        opened = tx.open(task.user_id, ("question", row[0], "answer"), row[2])
        spoken = msgspec.json.decode(opened, type=dict[str, str])
        answers = {name: Secret(value) for name, value in spoken.items()}
    question = msgspec.json.decode(body, type=Question)
    return (
        Asked(
            id=row[0],
            task_id=task.id,
            question=question,
            asked_at=clock.from_micros(row[3]),
            is_answered=answers is not None,
        ),
        answers,
    )
