"""Deleting links and people, with all that came along."""

from collections.abc import Sequence

from payproof.model.event import EventType
from payproof.model.id import TaskId, UserId
from payproof.model.job import JobKind
from payproof.model.link import Link
from payproof.model.missing import NotFound
from payproof.model.task import TaskStatus
from payproof.services.user import hold_user
from payproof.store import Tx, connection, job, removal
from payproof.store import link as links
from payproof.store import task as tasks
from payproof.store.event import add_event

GONE = "The connection was deleted."


def remove_link(tx: Tx, link_id: str) -> None:
    """The link is gone at once; what it held goes piece by piece. Raises NotFound."""
    job.drop_jobs(tx, JobKind.VERIFY, tasks.running_of_link(tx, link_id))
    found = links.link(tx, link_id)
    if found is None:
        raise NotFound("link", link_id)
    _take_away(tx, found, "link_deleted")


def remove_user(tx: Tx, user_id: str) -> None:
    """The person is gone at once, with every link, and what is left of them can no longer be read. Raises NotFound."""
    hold_user(tx, user_id)
    running = tasks.running_of_user(tx, user_id)
    job.drop_jobs(tx, JobKind.VERIFY, running)
    for link in links.links_of_users(tx, [user_id]):
        _take_away(tx, link, "user_deleted")
    _end(tx, running, "user_deleted")
    removal.hide_user(tx, UserId(user_id))
    job.enqueue(tx, JobKind.PURGE, user_id)


def _take_away(tx: Tx, link: Link, reason: str) -> None:
    """Its tasks end where they stand; the deletion is announced like everything else that happens to a link."""
    if connection.hold_link(tx, link.id) is None:
        raise NotFound("link", link.id)
    removal.blank_tasks(tx, link.id)
    _end(tx, tasks.running_of_link(tx, link.id), reason)
    facts = {
        "link_id": link.id,
        "product": link.initial_product_type,
        "data_source": link.data_source,
        "tracking_info": link.tracking_info,
    }
    add_event(tx, EventType.LINK_DELETED, user_id=link.user_id, facts=facts, link=link.id)
    removal.hide_link(tx, link)
    job.enqueue(tx, JobKind.PURGE, link.id)


def _end(tx: Tx, task_ids: Sequence[TaskId], reason: str) -> None:
    for task_id in task_ids:
        task = tasks.task_to_change(tx, task_id)
        if task is not None and not task.status.is_final:
            tasks.move_task(tx, task, TaskStatus.ERROR, message=GONE, reason=reason)
