"""The one door through which a task's status changes, tried with every pair of statuses."""

import msgspec
import pytest

from payproof.model.id import TaskId, new_id
from payproof.model.task import MOVES, Task, TaskStatus, UnlawfulMove
from payproof.model.tenant import Tenant
from payproof.store import Store, Tx
from payproof.store.task import add_task, move_task, task
from tests.acting import begin


@pytest.mark.parametrize("start", TaskStatus)
async def test_what_is_not_among_the_moves_is_refused_and_changes_nothing(
    store: Store, tenant: Tenant, start: TaskStatus
) -> None:
    began = await store.of(tenant).write(_begun, start)
    for to in TaskStatus:
        if to in MOVES[start]:
            continue
        with pytest.raises(UnlawfulMove):
            await store.of(tenant).write(move_task, began, to)
        assert await store.of(tenant).read(task, began.id) == began


@pytest.mark.parametrize("start", [start for start in TaskStatus if MOVES[start]])
async def test_what_is_among_the_moves_is_made(store: Store, tenant: Tenant, start: TaskStatus) -> None:
    for to in MOVES[start]:
        began = await store.of(tenant).write(_begun, start)
        moved = await store.of(tenant).write(move_task, began, to)
        assert (moved.status, moved.version) == (to, began.version + 1)
        assert await store.of(tenant).read(task, began.id) == moved


def _begun(tx: Tx, status: TaskStatus) -> Task:
    """A task that stands at a status, however it came there."""
    _, attempt = begin(tx, "done")
    return add_task(tx, msgspec.structs.replace(attempt.task, id=TaskId(new_id()), status=status))
