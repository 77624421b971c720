"""How a task ends: the status its failure names, the person's words, nothing of the person's left behind."""

from payproof.kit.failure import Failure, LoginRefused, MfaRefused, SourceFailed
from payproof.model.event import EventType
from payproof.model.task import MOVES, Task, TaskStatus
from payproof.store import Tx, connection, question
from payproof.store import task as stored

TIMED_OUT = SourceFailed("The connection took too long. Please try again.", reason="timed_out")
UNANSWERED = MfaRefused("The question was not answered in time.", reason="unanswered")
GAVE_UP = SourceFailed(reason="gave_up")
LINK_GONE = SourceFailed("The connection was deleted.", reason="link_deleted")
NOBODY_THERE = MfaRefused("The provider asks for a verification. Please connect again.", reason="nobody_there")
WORN_OUT = LoginRefused("The connection has expired. Please connect again.", reason="connection_expired")
NO_CREDENTIALS = LoginRefused("The connection is lost. Please connect again.", reason="no_credentials")

LOST = frozenset(
    {
        TaskStatus.LOGIN_ERROR,
        TaskStatus.MFA_ERROR,
        TaskStatus.ACCOUNT_LOCKED,
        TaskStatus.CONFIG_ERROR,
        TaskStatus.UNABLE_TO_RESET,
    }
)
"""Endings of a refresh that only the person can mend: the link is disconnected."""


def end_task(tx: Tx, task: Task, failure: Failure) -> Task:
    """Move to the failure's status, or to `error` where that would be unlawful from here."""
    to = failure.status if failure.status in MOVES[task.status] else TaskStatus.ERROR
    ended = stored.move_task(tx, task, to, message=failure.message, reason=failure.reason)
    question.close_questions(tx, task)
    question.forget_answers(tx, task)
    stored.set_memory(tx, task, {})
    if ended.is_refresh and ended.status in LOST:
        _lose_connection(tx, ended)
    return ended


def _lose_connection(tx: Tx, task: Task) -> None:
    """Said once. What the source refused is forgotten, so that asking again cannot lock the person's account."""
    assert task.link_id is not None
    standing = connection.hold_link(tx, task.link_id)
    if standing is None:
        return
    if task.status is TaskStatus.LOGIN_ERROR:
        connection.forget_credentials(tx, task.link_id)
    if standing.is_connected:
        connection.disconnect_link(tx, task.link_id)
        connection.announce_link(tx, EventType.LINK_DISCONNECTED, task, task.link_id)


def overdue(task: Task) -> Failure:
    """What a task that has used up its time ends with."""
    return UNANSWERED if task.status is TaskStatus.MFA else TIMED_OUT
