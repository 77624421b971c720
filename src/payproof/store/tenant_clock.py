"""Test clocks: a sandbox tenant's time may tick at an offset or stand still, and never goes backward."""

from datetime import datetime

from payproof import clock
from payproof.store.dialect import Sql
from payproof.store.transaction import Tx

_SET = Sql(
    "UPDATE tenant SET clock_offset = :offset, clock_frozen_at = :frozen, clock_target = :target WHERE id = :tenant"
)
_TARGET = Sql("SELECT clock_target FROM tenant WHERE id = :tenant")
_SET_TARGET = Sql("UPDATE tenant SET clock_target = :target WHERE id = :tenant")
_RESCHEDULE_FROZEN = Sql(
    "UPDATE job SET due_at = CASE WHEN due_on <= :frozen THEN :wall ELSE NULL END"
    " WHERE tenant = :tenant AND lease_until IS NULL AND dead_at IS NULL AND kind <> 'advance'"
)
_RESCHEDULE_TICKING = Sql(
    "UPDATE job SET due_at = due_on - :offset"
    " WHERE tenant = :tenant AND lease_until IS NULL AND dead_at IS NULL AND kind <> 'advance'"
)


class ClockBackward(Exception):
    """A test clock never goes back."""


def freeze(tx: Tx, at: datetime) -> None:
    """Let the tenant's time stand at `at`. Raises ClockBackward for a moment before its present."""
    if at < tx.now:
        raise ClockBackward(f"the clock stands at {tx.now.isoformat()}")
    frozen = clock.to_micros(at)
    tx.run(_SET, offset=frozen - clock.to_micros(tx.wall), frozen=frozen, target=_target(tx))
    tx.run(_RESCHEDULE_FROZEN, frozen=frozen, wall=clock.to_micros(tx.wall))
    _forget(tx)


def tick(tx: Tx) -> None:
    """Let the tenant's time run on from where it is."""
    offset = clock.to_micros(tx.now) - clock.to_micros(tx.wall)
    tx.run(_SET, offset=offset, frozen=None, target=None)
    tx.run(_RESCHEDULE_TICKING, offset=offset)
    _forget(tx)


def set_target(tx: Tx, at: datetime | None) -> None:
    """Where the `advance` job is to bring the clock. Raises ClockBackward."""
    if at is not None and at < tx.now:
        raise ClockBackward(f"the clock stands at {tx.now.isoformat()}")
    tx.run(_SET_TARGET, target=None if at is None else clock.to_micros(at))


def target(tx: Tx) -> datetime | None:
    us = _target(tx)
    return None if us is None else clock.from_micros(us)


def _target(tx: Tx) -> int | None:
    row = tx.one(_TARGET)
    return row[0] if row else None


def _forget(tx: Tx) -> None:
    """What this transaction knew of the time is out of date."""
    for name in ("clock", "now"):
        tx.__dict__.pop(name, None)
    tx.notices.jobs = True
