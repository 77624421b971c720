"""Owed work: the only truth about what is due, on both databases. How it is handed out is in `lease`.

`turn` counts wishes: finishing or postponing applies only to the turn that was leased, so no wish is ever swallowed.
"""

import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from payproof import clock
from payproof.clock import TenantClock
from payproof.model.job import JobKind, Lease, LeaseLost
from payproof.store import lane as lanes
from payproof.store.dialect import Sql
from payproof.store.transaction import Tx

_ENQUEUE = Sql(
    "INSERT INTO job (kind, subject, tenant, due_at, due_on, born, fence, lane, slot)"
    " VALUES (:kind, :subject, :tenant, :due_at, :due_on, :born, :fence, :lane, :slot)"
    " ON CONFLICT (kind, subject) DO UPDATE SET turn = job.turn + 1, due_on = {least}(job.due_on, excluded.due_on),"
    " due_at = COALESCE({least}(job.due_at, excluded.due_at), job.due_at, excluded.due_at),"
    " tries = CASE WHEN job.dead_at IS NULL THEN job.tries ELSE 0 END, dead_at = NULL"
)
_FENCE = Sql(
    "SELECT j.turn, j.lane, j.slot, t.clock_offset, t.clock_frozen_at, t.clock_target"
    " FROM job j JOIN tenant t ON t.id = j.tenant WHERE j.kind = :kind AND j.subject = :subject"
    " AND j.tenant = :tenant AND j.fence = :fence"
    " AND j.lease_until IS NOT NULL {lock_job}"
)
_PROGRESS = Sql(
    "UPDATE job SET tries = 0 WHERE kind = :kind AND subject = :subject AND tenant = :tenant AND fence = :fence"
)
_FINISH = Sql("DELETE FROM job WHERE kind = :kind AND subject = :subject AND tenant = :tenant AND fence = :fence")
_POSTPONE = Sql(
    "UPDATE job SET lease_until = NULL, worker = NULL, tries = 0, due_at = :due_at, due_on = :due_on,"
    " lane = COALESCE(:lane, lane)"
    " WHERE kind = :kind AND subject = :subject AND tenant = :tenant AND fence = :fence"
)
_CHANGE_LANE = Sql(
    "UPDATE job SET lane = :lane, is_parked = 0"
    " WHERE kind = :kind AND subject IN {json :subjects} AND tenant = :tenant AND lease_until IS NULL"
)
_DROP = Sql("DELETE FROM job WHERE kind = :kind AND subject IN {json :subjects} AND tenant = :tenant")
_BURY = Sql(
    "UPDATE job SET lease_until = NULL, worker = NULL, dead_at = :now"
    " WHERE kind = :kind AND subject = :subject AND tenant = :tenant AND fence = :fence"
)
_OPEN = Sql(
    "SELECT due_on, lease_until, kind, subject FROM job"
    " WHERE tenant = :tenant AND dead_at IS NULL AND kind NOT IN ('advance', 'expire') ORDER BY due_on, born LIMIT 1"
)
_OPEN_KINDS = Sql("SELECT DISTINCT kind FROM job WHERE tenant = :tenant AND dead_at IS NULL")
_OUT = Sql(
    "SELECT 1 FROM job WHERE tenant = :tenant AND due_on <= :soon AND dead_at IS NULL"
    " AND kind NOT IN ('advance', 'expire') AND (lease_until IS NOT NULL OR due_at IS NOT NULL) LIMIT 1"
)
_HAND_OUT = Sql(
    "UPDATE job SET due_at = :wall WHERE kind = :kind AND subject = :subject AND tenant = :tenant"
    " AND lease_until IS NULL AND dead_at IS NULL"
)
_SOON = timedelta(minutes=1)
"""As far as the clocks of two machines may be apart: what runs may be due a little after now."""
_DUE_ON = Sql("SELECT due_on FROM job WHERE kind = :kind AND subject = :subject AND tenant = :tenant")
_DEAD = Sql("SELECT kind, subject, tries, dead_at FROM job WHERE tenant = :tenant AND dead_at IS NOT NULL")


class Dead(Struct, frozen=True):
    """A job that was given up; it stays visible until the work is asked for again."""

    kind: str
    subject: str
    tries: int
    dead_at: datetime


class Open(Struct, frozen=True):
    """A job that is owed, as whoever moves the clock sees it."""

    due_on: datetime
    """In the tenant's time."""
    is_leased: bool
    kind: str
    subject: str


class Held(Struct):
    """What a step holds of its job: advanced by each committed outcome."""

    lease: Lease
    turn: int
    has_progress: bool = False
    """An outcome was committed under this lease, so the count of tries stands at none."""


class Standing(Struct, frozen=True):
    """Proof that the lease stood when this transaction began, and stands until it ends."""

    turn: int
    """The job's turn now: higher than the one held if the work was asked for meanwhile."""
    lane: str | None
    slot: int


def enqueue(
    tx: Tx, kind: JobKind, subject: str, *, at: datetime | None = None, lane: str | None = None, slots: int = 1
) -> None:
    """Owe this work, or ask again for it: due at that tenant time (now, unless said), or before if it was.

    A wish counts one turn, so a step that is running meanwhile cannot swallow it. The fence of a new row starts at
    the time, so that a row that is finished and made again repeats none.
    """
    due_on = at or tx.now
    due_at = _wall_of(tx, kind, due_on)
    tx.system.births += 1
    tx.put(
        _ENQUEUE,
        kind=kind,
        subject=subject,
        due_at=None if due_at is None else clock.to_micros(due_at),
        due_on=clock.to_micros(due_on),
        born=clock.to_micros(tx.wall) + tx.system.births,
        fence=clock.to_micros(tx.wall),
        lane=lane,
        slot=zlib.crc32(subject.encode()) % slots if lane else 0,
    )
    tx.notices.jobs.add(kind)


def check_fence(tx: Tx, held: Held) -> Standing:
    """First statement of every step's transaction: raises LeaseLost unless the lease still stands."""
    lease = held.lease
    row = tx.one(_FENCE, kind=lease.kind, subject=lease.subject, fence=lease.fence)
    if row is None:
        raise LeaseLost(f"{lease.kind} {lease.subject}")
    tx.clock = TenantClock(*row[3:])
    return Standing(*row[:3])


def go_on(tx: Tx, held: Held) -> None:
    """An outcome under a lease that is kept: the count of tries starts anew."""
    lease = held.lease
    if not held.has_progress:
        tx.put(_PROGRESS, kind=lease.kind, subject=lease.subject, fence=lease.fence)


def finish(tx: Tx, held: Held, standing: Standing) -> None:
    """The work is done; if it was asked for again meanwhile, it is due again instead."""
    lease = held.lease
    if standing.turn != held.turn:
        postpone(tx, held, standing, tx.now)
        return
    tx.put(_FINISH, kind=lease.kind, subject=lease.subject, fence=lease.fence)
    _give_back(tx, lease, standing)


def postpone(
    tx: Tx, held: Held, standing: Standing, at: datetime, *, wall: datetime | None = None, lane: str | None = None
) -> None:
    """Give the lease back until tenant time `at` (or `wall`), or now if the work was asked for meanwhile.

    It goes on in the `lane`, if another one is named.
    """
    lease = held.lease
    asked_again = standing.turn != held.turn
    due_on = tx.now if asked_again else at
    due_at = wall if wall and not asked_again else _wall_of(tx, lease.kind, due_on)
    tx.put(
        _POSTPONE,
        kind=lease.kind,
        subject=lease.subject,
        fence=lease.fence,
        due_at=None if due_at is None else clock.to_micros(due_at),
        due_on=clock.to_micros(due_on),
        lane=lane,
    )
    _give_back(tx, lease, standing)
    if asked_again or lane is not None:
        tx.notices.jobs.add(lease.kind)


def change_lane(tx: Tx, kind: JobKind, subjects: Sequence[str], lane: str) -> None:
    """Those of the jobs on which nobody is at work go on in another lane."""
    if subjects:
        tx.put(_CHANGE_LANE, kind=kind, subjects=msgspec.json.encode(subjects).decode(), lane=lane)
        tx.notices.jobs.add(kind)


def drop_jobs(tx: Tx, kind: JobKind, subjects: Sequence[str]) -> None:
    """They are owed no more; a step that is running finds its lease lost and writes nothing."""
    if subjects:
        tx.put(_DROP, kind=kind, subjects=msgspec.json.encode(subjects).decode())


def bury(tx: Tx, held: Held, standing: Standing) -> None:
    """Give the job up for good; it stays visible as dead."""
    lease = held.lease
    tx.put(_BURY, kind=lease.kind, subject=lease.subject, fence=lease.fence, now=clock.to_micros(tx.wall))
    _give_back(tx, lease, standing)


def open_kinds(tx: Tx) -> set[JobKind]:
    """What kinds of work the tenant is owed."""
    return {JobKind(row[0]) for row in tx.all(_OPEN_KINDS)}


def next_open(tx: Tx) -> Open | None:
    """The tenant's earliest open job, aside from the clock's own and from upkeep, for which no clock need stop."""
    row = tx.one(_OPEN)
    return Open(clock.from_micros(row[0]), row[1] is not None, row[2], row[3]) if row else None


def due(tx: Tx, kind: JobKind, subject: str) -> datetime | None:
    """When this work is due, in the tenant's time; None where it is not owed."""
    row = tx.one(_DUE_ON, kind=kind, subject=subject)
    return clock.from_micros(row[0]) if row else None


def is_out(tx: Tx) -> bool:
    """Whether any job of an advancing tenant is being done, or was handed out for that."""
    return tx.one(_OUT, soon=clock.to_micros(tx.now + _SOON)) is not None


def hand_out(tx: Tx, held_back: Open) -> None:
    """Let a job of an advancing tenant be done, though it was held back."""
    tx.put(_HAND_OUT, kind=held_back.kind, subject=held_back.subject, wall=clock.to_micros(tx.wall))
    tx.notices.jobs.add(held_back.kind)


def dead_jobs(tx: Tx) -> list[Dead]:
    return [Dead(row[0], row[1], row[2], clock.from_micros(row[3])) for row in tx.all(_DEAD)]


def _give_back(tx: Tx, lease: Lease, standing: Standing) -> None:
    """The next of its lane comes forward; where the clock is advancing, it goes on."""
    lanes.give_back(tx, standing.lane, standing.slot)
    if tx.clock.is_advancing and lease.kind is not JobKind.ADVANCE:
        enqueue(tx, JobKind.ADVANCE, tx.tenant.id)


def _wall_of(tx: Tx, kind: JobKind, at: datetime) -> datetime | None:
    """When the wall will see that tenant time: by a clock that cannot be set before we commit."""
    if kind is JobKind.ADVANCE or (at <= tx.now and not tx.clock.is_advancing):
        return tx.wall
    return tx.hold_clock().wall_of(at, tx.wall)
