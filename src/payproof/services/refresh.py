"""Refreshes: tasks that visit a link's source again without the person."""

from collections.abc import Sequence
from datetime import timedelta

from payproof.model.id import TaskId, new_id
from payproof.model.job import JobKind
from payproof.model.link import Link
from payproof.model.missing import NotFound
from payproof.model.product import ProductType
from payproof.model.provider import Provider
from payproof.model.refresh import RefreshLimitExceeded, RefreshWish
from payproof.model.task import Task, TaskStatus
from payproof.services.attempt import DEADLINE
from payproof.services.bridge_token import WishRefused
from payproof.services.link import UnknownToken, link_of_token
from payproof.services.provider import find_provider
from payproof.store import Tx, job
from payproof.store import task as stored
from payproof.store.connection import hold_link, lane_of

MOST = 3
WINDOW = timedelta(hours=24)
"""So many refreshes of one link in so much of the tenant's time."""
_FILES = "This connection was made from files: there is nothing to sign in to. Let the person hand over newer ones."


def start_refresh(tx: Tx, wish: RefreshWish, providers: Sequence[Provider]) -> Task:
    """A new task, or the one that refreshes the link just now.

    Raises UnknownToken, WishRefused, RefreshLimitExceeded.
    """
    link = link_of_token(tx, wish.access_token)
    if hold_link(tx, link.id) is None:
        raise UnknownToken("access_token", wish.access_token)
    provider = find_provider(providers, link.provider_id)
    if provider is not None and provider.kind == "file":
        raise WishRefused({"access_token": _FILES})
    product = wish.product_type or link.initial_product_type
    recent = stored.refreshes(tx, link.id, since=tx.now - WINDOW)
    for one in recent:
        if not one.status.is_final and one.product_type is product:
            return one
    if len(recent) >= MOST:
        raise RefreshLimitExceeded
    task = stored.add_task(tx, _new_task(tx, link, product))
    job.enqueue(tx, JobKind.VERIFY, task.id, lane=lane_of(link.id))
    return task


def refresh(tx: Tx, task_id: str) -> Task:
    """Raises NotFound, also for a task that is no refresh."""
    found = stored.task(tx, task_id)
    if found is None or not found.is_refresh:
        raise NotFound("task", task_id)
    return found


def _new_task(tx: Tx, link: Link, product: ProductType) -> Task:
    return Task(
        id=TaskId(new_id()),
        user_id=link.user_id,
        link_id=link.id,
        session_id=None,
        provider_id=link.provider_id,
        product_type=product,
        data_source=link.data_source,
        status=TaskStatus.NEW,
        version=1,
        tracking_info=link.tracking_info,
        is_refresh=True,
        created_at=tx.now,
        updated_at=tx.now,
        deadline_at=tx.now + DEADLINE,
    )
