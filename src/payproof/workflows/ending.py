"""How a task ends: the status its failure names, the person's words, nothing of the person's left behind."""

from payproof.kit.failure import Failure, MfaRefused, SourceFailed
from payproof.model.task import MOVES, Task, TaskStatus
from payproof.store import Tx, question
from payproof.store import task as stored

TIMED_OUT = SourceFailed("The connection took too long. Please try again.", reason="timed_out")
UNANSWERED = MfaRefused("The question was not answered in time.", reason="unanswered")
GAVE_UP = SourceFailed(reason="gave_up")


def end_task(tx: Tx, task: Task, failure: Failure) -> Task:
    """Move to the failure's status, or to `error` where that would be unlawful from here."""
    to = failure.status if failure.status in MOVES[task.status] else TaskStatus.ERROR
    ended = stored.move_task(tx, task, to, message=failure.message, reason=failure.reason)
    question.close_questions(tx, task)
    question.forget_answers(tx, task)
    stored.set_memory(tx, task, {})
    return ended


def overdue(task: Task) -> Failure:
    """What a task that has used up its time ends with."""
    return UNANSWERED if task.status is TaskStatus.MFA else TIMED_OUT
