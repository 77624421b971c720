"""Advancing a test clock: what is due next is handed out, one job at a time, until the target is reached.

The next hand-out follows when the job is given back: whoever gives back a job of an advancing tenant asks for this one.
"""

from datetime import datetime, timedelta

from msgspec import Struct

from payproof import clock
from payproof.engine.work import Work, nothing
from payproof.model.task import StaleTask
from payproof.store import Tx, job, tenant_clock

LOOK_AGAIN = timedelta(seconds=1)
"""For a job that is never given back, because its worker is gone, and for one that was running when we began."""


class Progress(Struct, frozen=True):
    """How far an advance has come."""

    target: datetime | None
    wall: datetime
    is_out: bool
    """What is due is being done."""
    next_due: datetime | None
    """In the tenant's time; None when nothing is owed."""

    @property
    def is_arriving(self) -> bool:
        return self.target is not None and (self.next_due is None or self.next_due > self.target)


class Advance:
    """The job behind `tenant_clock.advance`; its subject is the tenant."""

    async def step(self, work: Work) -> None:
        seen = await work.read(_look)
        if seen.target is None:
            await work.finish(nothing)
        elif seen.is_out:
            await work.look_again(seen.wall + LOOK_AGAIN, nothing)
        elif seen.is_arriving:
            await work.finish(_arrive, seen.target)
        else:
            await work.look_again(seen.wall + LOOK_AGAIN, _hand_out)

    async def give_up(self, work: Work) -> None:
        await work.bury(nothing)


def _look(tx: Tx) -> Progress:
    held_back = job.next_open(tx)
    target = tx.clock.target_us
    return Progress(
        None if target is None else clock.from_micros(target),
        tx.wall,
        job.is_out(tx),
        held_back.due_on if held_back else None,
    )


def _hand_out(tx: Tx) -> None:
    """Go to the next due moment and let what is due then be done; unless the clock was set meanwhile."""
    if not tx.own_clock().is_advancing:
        return
    held_back = job.next_open(tx)
    if held_back is not None:
        tenant_clock.go_to(tx, held_back.due_on)
        job.hand_out(tx, held_back)


def _arrive(tx: Tx, target: datetime) -> None:
    """Raises StaleTask where something is due on the way by now, or the clock was set meanwhile."""
    held_back = job.next_open(tx)
    is_on_the_way = held_back is not None and held_back.due_on <= target
    if is_on_the_way or tx.own_clock().target_us != clock.to_micros(target):
        raise StaleTask(tx.tenant.id)
    tenant_clock.freeze(tx, target)
