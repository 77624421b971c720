"""Test clocks: a sandbox tenant's time may tick at an offset or stand still, and never goes backward.

While a clock is advancing, the tenant's jobs are held back (`due_at` is null) and handed out one at a time, in the
order in which they are due: so the same wishes have the same consequences, in the same order, whoever works.
"""

from datetime import datetime

from payproof import clock
from payproof.clock import TenantClock
from payproof.model.job import JobKind
from payproof.store import job
from payproof.store.dialect import Sql
from payproof.store.transaction import Tx

_SET = Sql(
    "UPDATE tenant SET clock_offset = :offset, clock_frozen_at = :frozen, clock_target = :target WHERE id = :tenant"
)
_OPEN = "tenant = :tenant AND lease_until IS NULL AND dead_at IS NULL AND kind <> 'advance'"
_RESCHEDULE_FROZEN = Sql(
    f"UPDATE job SET is_parked = 0, due_at = CASE WHEN due_on <= :frozen THEN :wall ELSE NULL END WHERE {_OPEN}"
)
_RESCHEDULE_TICKING = Sql(f"UPDATE job SET is_parked = 0, due_at = due_on - :offset WHERE {_OPEN}")
_HOLD_BACK = Sql(f"UPDATE job SET is_parked = 0, due_at = NULL WHERE {_OPEN}")
_SEEN = Sql(
    "SELECT 1 WHERE EXISTS (SELECT 1 FROM app_user WHERE tenant = :tenant)"
    " OR EXISTS (SELECT 1 FROM event WHERE tenant = :tenant) OR EXISTS (SELECT 1 FROM job WHERE tenant = :tenant)"
)


class ClockBackward(Exception):
    """A test clock never goes back."""


def freeze(tx: Tx, at: datetime) -> None:
    """Let the tenant's time stand at `at`, and go nowhere any more.

    Raises ClockBackward for a moment before its present, unless the tenant has seen nothing yet.
    """
    if at < tx.own_clock().at(tx.wall) and tx.one(_SEEN):
        raise ClockBackward(f"the clock stands at {tx.now.isoformat()}")
    frozen = clock.to_micros(at)
    _set(tx, frozen, None)
    tx.put(_RESCHEDULE_FROZEN, frozen=frozen, wall=clock.to_micros(tx.wall))


def tick(tx: Tx, at: datetime | None = None) -> None:
    """Let the tenant's time run on from where it is, or from `at`; it is brought nowhere any more.

    Raises ClockBackward as `freeze` does.
    """
    freeze(tx, at or tx.own_clock().at(tx.wall))
    offset = tx.clock.offset_us
    tx.put(_SET, offset=offset, frozen=None, target=None)
    tx.put(_RESCHEDULE_TICKING, offset=offset)
    tx.forget_clock()


def advance(tx: Tx, to: datetime) -> None:
    """Wish that the tenant's time goes to `to`, by way of all that falls due until then. Freezes a ticking clock.

    It is there at once where the tenant is owed nothing. Asked again on the way, it changes where the way ends.
    Raises ClockBackward for a moment before the present.
    """
    if _is_at_rest(tx) and to >= tx.own_clock().at(tx.wall) and _is_at_rest(tx):  # once more when the clock is ours
        freeze(tx, to)
        return
    job.enqueue(tx, JobKind.ADVANCE, tx.tenant.id)  # the job before the clock, in the same order as its steps
    now = tx.own_clock().at(tx.wall)
    if to < now:
        raise ClockBackward(f"the clock stands at {now.isoformat()}")
    _set(tx, clock.to_micros(now), clock.to_micros(to))
    tx.put(_HOLD_BACK)


def _is_at_rest(tx: Tx) -> bool:
    """The clock goes nowhere, and nothing will be due or is being done."""
    return not tx.clock.is_advancing and job.next_open(tx) is None


def go_to(tx: Tx, at: datetime) -> None:
    """A part of the way of an advancing clock: nothing is due in between."""
    found = tx.own_clock()
    if found.target_us is not None and at > found.at(tx.wall):
        _set(tx, clock.to_micros(at), found.target_us)


def _set(tx: Tx, frozen: int, target: int | None) -> None:
    """Whoever waits for the clock, by the tenant's id, hears of it, and who does what the tenant is owed."""
    tx.put(_SET, offset=frozen - clock.to_micros(tx.wall), frozen=frozen, target=target)
    tx.forget_clock()
    tx.clock = TenantClock(frozen - clock.to_micros(tx.wall), frozen, target)
    tx.notices.jobs.update(job.open_kinds(tx))
    tx.notices.tasks.append(tx.tenant.id)
