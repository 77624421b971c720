"""Advancing a test clock: go to the next due moment, drain what is due, repeat until the target is reached."""

from datetime import datetime, timedelta

from msgspec import Struct

from payproof.engine.work import Work
from payproof.model.job import JobKind
from payproof.store import Tx, job, tenant_clock

LOOK_AGAIN = timedelta(milliseconds=20)


def advance(tx: Tx, to: datetime) -> None:
    """Wish that the tenant's time goes to `to`; raises ClockBackward. Freezes a ticking clock."""
    job.enqueue(tx, JobKind.ADVANCE, tx.tenant.id)  # the job before the clock, in the same order as its steps
    tx.own_clock()
    tenant_clock.freeze(tx, tx.now)
    tenant_clock.set_target(tx, to)


class Progress(Struct, frozen=True):
    """How far an advance has come."""

    target: datetime | None
    now: datetime
    wall: datetime
    next_due: datetime | None
    """In the tenant's time; None when nothing is owed."""
    is_running: bool
    """What is due is being done."""

    @property
    def is_drained(self) -> bool:
        return self.next_due is None or (self.next_due > self.now and not self.is_running)


class Advance:
    """The job behind `advance`; its subject is the tenant."""

    async def step(self, work: Work) -> None:
        seen = await work.read(_look)
        if seen.target is None:
            await work.finish(_nothing)
        elif not seen.is_drained:
            await work.look_again(seen.wall + LOOK_AGAIN)
        elif seen.next_due is not None and seen.next_due <= seen.target:
            await work.commit(_go_to, seen.next_due)
        else:
            await work.finish(_arrive, seen.target)

    async def give_up(self, work: Work) -> None:
        await work.bury(_nothing)


def _look(tx: Tx) -> Progress:
    due, is_running = job.next_open(tx) or (None, False)
    return Progress(tenant_clock.target(tx), tx.now, tx.wall, due, is_running)


def _go_to(tx: Tx, at: datetime) -> None:
    """Unless the clock was set meanwhile."""
    tx.own_clock()
    if tenant_clock.target(tx) is not None and at > tx.now:
        tenant_clock.freeze(tx, at)


def _arrive(tx: Tx, target: datetime) -> None:
    """Unless it is to go further by now: then this job was asked for again."""
    _go_to(tx, target)
    if tenant_clock.target(tx) == target:
        tenant_clock.set_target(tx, None)


def _nothing(tx: Tx) -> None:
    return None
