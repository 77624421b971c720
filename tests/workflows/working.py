"""All that is due, done at once, by one worker."""

from collections.abc import Mapping
from datetime import timedelta

from payproof.engine.step import run_steps
from payproof.engine.work import Workflow
from payproof.kit.connector import Connector
from payproof.model.job import JobKind
from payproof.model.task import TaskStatus
from payproof.store import Store, lease
from payproof.workflows.verify import Verify


def verify(*, pace: Mapping[TaskStatus, timedelta] | None = None, **connectors: Connector) -> Verify:
    return Verify(connectors, lambda *_: None, "", pace or {})  # type: ignore[arg-type]


async def work_off(store: Store, workflows: Mapping[JobKind, Workflow]) -> int:
    """How many leases it took."""
    count = 0
    while leased := [one for kind in workflows for one in await store.everywhere.write(lease.claim, kind, "worker", 1)]:
        for one in leased:
            await run_steps(store, workflows[one.kind], one)
            count += 1
    return count
