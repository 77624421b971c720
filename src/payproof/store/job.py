"""Owed work: the only truth about what is due, on both databases.

`fence` counts claims and never goes back; `turn` counts wishes; `tries` counts claims since the last committed outcome.
A lane lets at most one job per slot run; a job that is due but finds its lane taken is parked, and whoever frees the
lane unparks the next.
"""

import zlib
from datetime import datetime, timedelta

from msgspec import Struct

from payproof import clock
from payproof.model.id import TenantId
from payproof.model.job import JobKind, Lease, LeaseLost
from payproof.model.tenant import Environment, Tenant
from payproof.store.dialect import Sql, SystemSql
from payproof.store.transaction import Row, SystemTx, Tx

LEASE = timedelta(seconds=15)
BACKOFF_SECONDS = (0, 1, 5, 30)
"""When a job is due again after its first, second, … claim without outcome; the fifth is its last."""
LAST_TRY = 5

_ENQUEUE = Sql(
    "INSERT INTO job (kind, subject, tenant, due_at, due_on, lane, slot)"
    " VALUES (:kind, :subject, :tenant, :due_at, :due_on, :lane, :slot)"
    " ON CONFLICT (kind, subject) DO UPDATE SET turn = job.turn + 1, due_on = :due_on, due_at = :due_at,"
    " lane = COALESCE(:lane, job.lane) WHERE job.dead_at IS NULL"
)
_DUE = SystemSql(
    "SELECT subject, lane, slot FROM job WHERE kind = :kind AND due_at <= :now AND lease_until IS NULL"
    " AND dead_at IS NULL AND is_parked = 0 ORDER BY due_at LIMIT :limit {skip_locked}"
)
_HOLDER = SystemSql(
    "SELECT 1 FROM job WHERE lane = :lane AND slot = :slot AND lease_until IS NOT NULL"
)
_HOLDER_STAYS = SystemSql(
    "SELECT 1 FROM job WHERE lane = :lane AND slot = :slot AND lease_until IS NOT NULL {share_skip_locked}"
)
_PARK = SystemSql("UPDATE job SET is_parked = 1 WHERE kind = :kind AND subject = :subject")
_CLAIM = SystemSql(
    "UPDATE job SET lease_until = :until, worker = :worker, fence = fence + 1, tries = tries + 1"
    " WHERE kind = :kind AND subject = :subject AND lease_until IS NULL"
    " RETURNING kind, subject, turn, fence, tries, tenant"
)
_TENANT = SystemSql("SELECT id, client_id, environment, seed FROM tenant WHERE id = :id")
_RENEW = SystemSql(
    "UPDATE job SET lease_until = :until WHERE worker = :worker AND lease_until IS NOT NULL"
)
_NEXT_DUE = SystemSql(
    "SELECT MIN(due_at) FROM job WHERE kind = :kind AND lease_until IS NULL AND dead_at IS NULL AND is_parked = 0"
)
_FENCE = Sql(
    "UPDATE job SET tries = CASE WHEN :outcome = 1 THEN 0 ELSE tries END"
    " WHERE kind = :kind AND subject = :subject AND tenant = :tenant AND fence = :fence AND lease_until IS NOT NULL"
    " RETURNING turn, lane, slot"
)
_FINISH = Sql("DELETE FROM job WHERE kind = :kind AND subject = :subject AND tenant = :tenant AND fence = :fence")
_POSTPONE = Sql(
    "UPDATE job SET lease_until = NULL, worker = NULL, tries = 0, due_at = :due_at, due_on = :due_on"
    " WHERE kind = :kind AND subject = :subject AND tenant = :tenant AND fence = :fence"
)
_BURY = Sql(
    "UPDATE job SET lease_until = NULL, worker = NULL, dead_at = :now"
    " WHERE kind = :kind AND subject = :subject AND tenant = :tenant AND fence = :fence"
)
_UNPARK = SystemSql(
    "UPDATE job SET is_parked = 0 WHERE (kind, subject) IN (SELECT kind, subject FROM job"
    " WHERE lane = :lane AND slot = :slot AND is_parked = 1 ORDER BY due_at LIMIT 1)"
)
_EXPIRED = SystemSql(
    "SELECT kind, subject, tries, lane, slot FROM job WHERE lease_until IS NOT NULL AND lease_until < :now {skip_locked}"
)
_VOID = SystemSql(
    "UPDATE job SET lease_until = NULL, worker = NULL, due_at = :due_at"
    " WHERE kind = :kind AND subject = :subject AND lease_until IS NOT NULL AND lease_until < :now"
)
_VOID_ONE = SystemSql(
    "UPDATE job SET lease_until = NULL, worker = NULL, due_at = :due_at"
    " WHERE kind = :kind AND subject = :subject AND fence = :fence AND lease_until IS NOT NULL"
)
_STRANDED = SystemSql(
    "SELECT DISTINCT p.lane, p.slot FROM job p WHERE p.is_parked = 1 AND NOT EXISTS"
    " (SELECT 1 FROM job h WHERE h.lane = p.lane AND h.slot = p.slot AND h.lease_until IS NOT NULL)"
    " AND NOT EXISTS (SELECT 1 FROM job f WHERE f.lane = p.lane AND f.slot = p.slot AND f.is_parked = 0"
    " AND f.lease_until IS NULL AND f.dead_at IS NULL AND f.due_at <= :now)"
)
_OPEN = Sql(
    "SELECT kind, subject, due_on, lease_until FROM job WHERE tenant = :tenant AND dead_at IS NULL"
    " AND kind <> 'advance' ORDER BY due_on LIMIT 1"
)
_DEAD = Sql("SELECT kind, subject, tries, dead_at FROM job WHERE tenant = :tenant AND dead_at IS NOT NULL")


class Dead(Struct, frozen=True):
    """A job that was given up; it stays visible."""

    kind: str
    subject: str
    tries: int
    dead_at: datetime


class Held(Struct):
    """What a step holds of its job: advanced by each committed outcome."""

    lease: Lease
    turn: int


class Standing(Struct, frozen=True):
    """Proof that the lease stood when this transaction began."""

    turn: int
    """The job's turn now: higher than the one held if the work was asked for meanwhile."""
    lane: str | None
    slot: int


def enqueue(
    tx: Tx, kind: JobKind, subject: str, *, at: datetime | None = None, lane: str | None = None, slots: int = 1
) -> None:
    """Owe this work, or ask again for it: due at that tenant time (now, unless said).

    A wish counts one turn, so a step that is running meanwhile cannot swallow it.
    """
    due_on = at or tx.now
    due_at = tx.wall if at is None else tx.clock.wall_of(due_on, tx.wall)
    tx.run(
        _ENQUEUE,
        kind=kind,
        subject=subject,
        due_at=None if due_at is None else clock.to_micros(due_at),
        due_on=clock.to_micros(due_on),
        lane=lane,
        slot=zlib.crc32(subject.encode()) % slots if lane else 0,
    )
    tx.notices.jobs = True


def claim(tx: SystemTx, kind: JobKind, worker: str, limit: int) -> list[Lease]:
    """Lease up to `limit` due jobs of a kind; those whose lane is taken are parked."""
    now = clock.to_micros(tx.wall)
    leases: list[Lease] = []
    taken: set[tuple[str, int]] = set()
    for subject, lane, slot in tx.all(_DUE, kind=kind, now=now, limit=limit):
        if lane is not None and not _lane_is_free(tx, lane, slot, taken):
            if (lane, slot) in taken or tx.one(_HOLDER_STAYS, lane=lane, slot=slot):
                tx.run(_PARK, kind=kind, subject=subject)
            continue
        row = tx.one(_CLAIM, kind=kind, subject=subject, worker=worker, until=now + _us(LEASE))
        if row is not None:
            leases.append(_lease(tx, row))
            if lane is not None:
                taken.add((lane, slot))
    return leases


def renew(tx: SystemTx, worker: str) -> int:
    """Prolong all leases of a worker; those already voided stay void."""
    return tx.run(_RENEW, worker=worker, until=clock.to_micros(tx.wall + LEASE))


def next_due(tx: SystemTx, kind: JobKind) -> datetime | None:
    row = tx.one(_NEXT_DUE, kind=kind)
    return clock.from_micros(row[0]) if row and row[0] is not None else None


def check_fence(tx: Tx, held: Held, *, outcome: bool) -> Standing:
    """First statement of every step's transaction: raises LeaseLost unless the lease still stands.

    `outcome` says that this commit is progress, so the count of tries starts anew.
    """
    lease = held.lease
    row = tx.one(_FENCE, kind=lease.kind, subject=lease.subject, fence=lease.fence, outcome=int(outcome))
    if row is None:
        raise LeaseLost(f"{lease.kind} {lease.subject}")
    return Standing(*row)


def finish(tx: Tx, held: Held, standing: Standing) -> None:
    """The work is done; if it was asked for again meanwhile, it is due again instead."""
    lease = held.lease
    if standing.turn != held.turn:
        postpone(tx, held, standing, tx.now)
        return
    tx.run(_FINISH, kind=lease.kind, subject=lease.subject, fence=lease.fence)
    _free(tx, standing.lane, standing.slot)


def postpone(tx: Tx, held: Held, standing: Standing, at: datetime, *, wall: datetime | None = None) -> None:
    """Give the lease back until tenant time `at` (or `wall`), or now if the work was asked for meanwhile."""
    lease = held.lease
    asked_again = standing.turn != held.turn
    due_at = tx.wall if asked_again else wall or tx.clock.wall_of(at, tx.wall)
    tx.run(
        _POSTPONE,
        kind=lease.kind,
        subject=lease.subject,
        fence=lease.fence,
        due_at=None if due_at is None else clock.to_micros(due_at),
        due_on=tx.now_us if asked_again else clock.to_micros(at),
    )
    _free(tx, standing.lane, standing.slot)
    tx.notices.jobs = True


def bury(tx: Tx, held: Held, standing: Standing) -> None:
    """Give the job up for good; it stays visible as dead."""
    lease = held.lease
    tx.run(_BURY, kind=lease.kind, subject=lease.subject, fence=lease.fence, now=clock.to_micros(tx.wall))
    _free(tx, standing.lane, standing.slot)


def void(tx: SystemTx, lease: Lease) -> None:
    """A step failed without outcome: due again after the pause that its number of tries deserves."""
    due = clock.to_micros(tx.wall + timedelta(seconds=_pause(lease.tries)))
    row_lane = tx.one(_LANE_OF, kind=lease.kind, subject=lease.subject)
    if tx.run(_VOID_ONE, kind=lease.kind, subject=lease.subject, fence=lease.fence, due_at=due) and row_lane:
        _free(tx, row_lane[0], row_lane[1])
    tx.notices.jobs = True


def sweep(tx: SystemTx, *, all_leases: bool = False) -> int:
    """Void expired leases (or all of them, at the start of a database's only process) and unpark the stranded."""
    now = clock.to_micros(tx.wall)
    limit = now + _us(LEASE) * 1000 if all_leases else now
    expired = tx.all(_EXPIRED, now=limit)
    for kind, subject, tries, lane, slot in expired:
        due = now + int(_pause(tries) * 1_000_000)
        tx.run(_VOID, kind=kind, subject=subject, due_at=due, now=limit)
        _free(tx, lane, slot)
    stranded = tx.all(_STRANDED, now=now)
    for lane, slot in stranded:
        _free(tx, lane, slot)
    tx.notices.jobs = tx.notices.jobs or bool(expired or stranded)
    return len(expired)


def needs_sweep(tx: SystemTx) -> bool:
    """Whether `sweep` would find anything: asked first, so that an idle worker does not write."""
    now = clock.to_micros(tx.wall)
    return bool(tx.all(_ANY_EXPIRED, now=now) or tx.all(_STRANDED, now=now))


def next_open(tx: Tx) -> tuple[datetime, bool] | None:
    """The tenant's earliest open job, the clock's own aside: (due in tenant time, leased now)."""
    row = tx.one(_OPEN)
    return (clock.from_micros(row[2]), row[3] is not None) if row else None


def dead_jobs(tx: Tx) -> list[Dead]:
    return [Dead(row[0], row[1], row[2], clock.from_micros(row[3])) for row in tx.all(_DEAD)]


_ANY_EXPIRED = SystemSql("SELECT 1 FROM job WHERE lease_until IS NOT NULL AND lease_until < :now LIMIT 1")
_LANE_OF = SystemSql("SELECT lane, slot FROM job WHERE kind = :kind AND subject = :subject")


def _lane_is_free(tx: SystemTx, lane: str, slot: int, taken: set[tuple[str, int]]) -> bool:
    return (lane, slot) not in taken and tx.one(_HOLDER, lane=lane, slot=slot) is None


def _free(tx: Tx | SystemTx, lane: str | None, slot: int) -> None:
    """Let the next parked job of the lane come forward."""
    if lane is None:
        return
    if tx.cursor.run(_UNPARK, {"lane": lane, "slot": slot}):
        tx.notices.jobs = True


def _pause(tries: int) -> float:
    return BACKOFF_SECONDS[min(max(tries, 1), len(BACKOFF_SECONDS)) - 1]


def _us(span: timedelta) -> int:
    return int(span.total_seconds() * 1_000_000)


def _lease(tx: SystemTx, row: Row) -> Lease:
    owner = tx.one(_TENANT, id=row[5])
    assert owner is not None
    return Lease(
        kind=JobKind(row[0]),
        subject=row[1],
        turn=row[2],
        fence=row[3],
        tries=row[4],
        tenant=Tenant(TenantId(owner[0]), owner[1], Environment(owner[2]), owner[3]),
        until=tx.wall + LEASE,
    )
