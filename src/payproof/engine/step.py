"""All steps under one lease: until it is given back, lost, or a step fails."""

import structlog

from payproof.engine.work import Work, Workflow
from payproof.model.job import Lease, LeaseLost
from payproof.model.task import StaleTask
from payproof.store import Store
from payproof.store import lease as leases

STALE_LIMIT = 20
"""How often a step is begun anew because somebody changed its task meanwhile."""

log = structlog.get_logger("payproof.engine")


async def run_steps(store: Store, workflow: Workflow, lease: Lease) -> None:
    """Never raises but when cancelled: what went wrong is logged, and the lease voided."""
    work = Work(store, lease)
    try:
        if lease.tries > leases.LAST_TRY:
            await workflow.give_up(work)
        while not work.is_over:
            await _step(workflow, work)
    except LeaseLost:
        log.warning("lease_lost", kind=lease.kind, subject=lease.subject)
    except Exception:
        log.exception("step_failed", kind=lease.kind, subject=lease.subject, tries=lease.tries)
        await _failed(store, workflow, work, lease)


async def _step(workflow: Workflow, work: Work) -> None:
    for _ in range(STALE_LIMIT):
        try:
            return await workflow.step(work)
        except StaleTask:
            work.given = None  # somebody changed the task meanwhile: read it again
    raise StaleTask(work.subject)


async def _failed(store: Store, workflow: Workflow, work: Work, lease: Lease) -> None:
    """The last try without outcome ends the job; after an earlier one it is due again after a pause."""
    try:
        if lease.tries >= leases.LAST_TRY and not work.has_progress:
            await workflow.give_up(work)
        else:
            await store.everywhere.write(leases.void, lease)
    except LeaseLost:
        log.warning("lease_lost", kind=lease.kind, subject=lease.subject)
    except Exception:
        log.exception("void_failed", kind=lease.kind, subject=lease.subject)
