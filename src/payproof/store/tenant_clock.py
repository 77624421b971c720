"""Test clocks: a sandbox tenant's time may tick at an offset or stand still, and never goes backward."""

from datetime import datetime

from payproof import clock
from payproof.model.job import JobKind
from payproof.store.dialect import Sql
from payproof.store.transaction import Tx

_SET = Sql("UPDATE tenant SET clock_offset = :offset, clock_frozen_at = :frozen WHERE id = :tenant")
_TARGET = Sql("SELECT clock_target FROM tenant WHERE id = :tenant")
_SET_TARGET = Sql("UPDATE tenant SET clock_target = :target WHERE id = :tenant")
_RESCHEDULE_FROZEN = Sql(
    "UPDATE job SET is_parked = 0, due_at = CASE WHEN due_on <= :frozen THEN :wall ELSE NULL END"
    " WHERE tenant = :tenant AND lease_until IS NULL AND dead_at IS NULL AND kind <> 'advance'"
)
_RESCHEDULE_TICKING = Sql(
    "UPDATE job SET is_parked = 0, due_at = due_on - :offset"
    " WHERE tenant = :tenant AND lease_until IS NULL AND dead_at IS NULL AND kind <> 'advance'"
)


class ClockBackward(Exception):
    """A test clock never goes back."""


def freeze(tx: Tx, at: datetime) -> None:
    """Let the tenant's time stand at `at`. Raises ClockBackward for a moment before its present."""
    tx.own_clock()
    _refuse_backward(tx, at)
    frozen = clock.to_micros(at)
    tx.put(_SET, offset=frozen - clock.to_micros(tx.wall), frozen=frozen)
    tx.put(_RESCHEDULE_FROZEN, frozen=frozen, wall=clock.to_micros(tx.wall))
    _was_set(tx)


def tick(tx: Tx) -> None:
    """Let the tenant's time run on from where it is; it is brought nowhere any more."""
    tx.own_clock()
    offset = clock.to_micros(tx.now) - clock.to_micros(tx.wall)
    tx.put(_SET, offset=offset, frozen=None)
    set_target(tx, None)
    tx.put(_RESCHEDULE_TICKING, offset=offset)
    _was_set(tx)


def set_target(tx: Tx, at: datetime | None) -> None:
    """Where the `advance` job is to bring the clock. Raises ClockBackward."""
    if at is not None:
        _refuse_backward(tx, at)
    tx.put(_SET_TARGET, target=None if at is None else clock.to_micros(at))


def target(tx: Tx) -> datetime | None:
    row = tx.one(_TARGET)
    return clock.from_micros(row[0]) if row and row[0] is not None else None


def _refuse_backward(tx: Tx, at: datetime) -> None:
    if at < tx.now:
        raise ClockBackward(f"the clock stands at {tx.now.isoformat()}")


def _was_set(tx: Tx) -> None:
    tx.forget_clock()
    tx.notices.jobs.update(JobKind)
