"""Advancing a test clock: go to the next due moment, drain what is due, repeat until the target is reached."""

from datetime import datetime, timedelta

from payproof import clock
from payproof.engine.work import Work
from payproof.model.job import JobKind
from payproof.store import Tx, job, tenant_clock

LOOK_AGAIN = timedelta(milliseconds=20)


def advance(tx: Tx, to: datetime) -> None:
    """Wish that the tenant's time goes to `to`; raises ClockBackward. Freezes a ticking clock."""
    tenant_clock.freeze(tx, tx.now)
    tenant_clock.set_target(tx, to)
    job.enqueue(tx, JobKind.ADVANCE, tx.tenant.id)


class Advance:
    """The job behind `advance`; its subject is the tenant."""

    async def step(self, work: Work) -> None:
        target, now, next_open = await work.read(_look)
        if target is None:
            await work.finish(_nothing)
        elif next_open is not None and (next_open[0] <= now or next_open[1]):
            await work.look_again(clock.now() + LOOK_AGAIN)
        elif next_open is not None and next_open[0] <= target:
            await work.commit(tenant_clock.freeze, next_open[0])
        else:
            await work.finish(_arrive, target)

    async def give_up(self, work: Work) -> None:
        await work.bury(_nothing)


def _look(tx: Tx) -> tuple[datetime | None, datetime, tuple[datetime, bool] | None]:
    return tenant_clock.target(tx), tx.now, job.next_open(tx)


def _arrive(tx: Tx, target: datetime) -> None:
    if target > tx.now:
        tenant_clock.freeze(tx, target)
    tenant_clock.set_target(tx, None)


def _nothing(tx: Tx) -> None:
    return None
