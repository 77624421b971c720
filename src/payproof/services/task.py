"""Looking at tasks; they are moved by workflows only."""

from payproof.model.missing import NotFound
from payproof.model.task import Task
from payproof.store import Tx
from payproof.store import task as store


def task(tx: Tx, task_id: str) -> Task:
    """Raises NotFound."""
    found = store.task(tx, task_id)
    if found is None:
        raise NotFound("task", task_id)
    return found
