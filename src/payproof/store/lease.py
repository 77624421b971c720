"""Who does what: jobs are leased to a worker, renewed beside the step, and voided when the worker fell silent.

`fence` counts claims and never goes back; `tries` counts claims since the last committed outcome.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from operator import attrgetter

import msgspec

from payproof import clock
from payproof.model.id import TenantId
from payproof.model.job import JobKind, Lease
from payproof.model.tenant import Environment, Tenant
from payproof.store import lane
from payproof.store.dialect import SystemSql
from payproof.store.transaction import Row, SystemTx

LEASE = timedelta(seconds=15)
BACKOFF_SECONDS = (0, 1, 5, 30)
"""When a job is due again after its first, second, … claim without outcome; the fifth is its last."""
LAST_TRY = 5
_FOR_EVER = 2**62

_DUE = SystemSql(
    "SELECT j.subject, j.lane, j.slot, j.turn, j.fence, j.tries, t.id, t.client_id, t.environment, t.seed"
    " FROM job j JOIN tenant t ON t.id = j.tenant WHERE j.kind = :kind AND j.due_at <= :now"
    " AND j.lease_until IS NULL AND j.dead_at IS NULL AND j.is_parked = 0"
    " ORDER BY j.due_at, j.due_on LIMIT :limit {lock_free_job}"
)
_CLAIM = SystemSql(
    "UPDATE job SET lease_until = :until, worker = :worker, fence = fence + 1, tries = tries + 1"
    " WHERE kind = :kind AND subject IN {json :subjects}"
)
_NEXT_DUE = SystemSql(
    "SELECT MIN(due_at) FROM job WHERE kind = :kind AND lease_until IS NULL AND dead_at IS NULL AND is_parked = 0"
)
_RENEW = SystemSql(
    "UPDATE job SET lease_until = :until"
    " WHERE kind = :kind AND subject IN {json :subjects} AND worker = :worker AND lease_until IS NOT NULL"
)
_ANY_EXPIRED = SystemSql("SELECT 1 FROM job WHERE lease_until < :now LIMIT 1")
_EXPIRED = SystemSql("SELECT kind, subject, tries, lane, slot FROM job WHERE lease_until < :now {skip_locked}")
_OF_WORKER = SystemSql(
    "SELECT kind, subject, tries, lane, slot FROM job WHERE lease_until IS NOT NULL AND worker = :worker {lock}"
)
_ONE = SystemSql(
    "SELECT kind, subject, tries, lane, slot FROM job"
    " WHERE kind = :kind AND subject = :subject AND fence = :fence AND lease_until IS NOT NULL {lock}"
)
_VOID = SystemSql(
    "UPDATE job SET lease_until = NULL, worker = NULL, due_at = :due_at WHERE kind = :kind AND subject = :subject"
)


def claim(tx: SystemTx, kind: JobKind, worker: str, limit: int) -> list[Lease]:
    """Lease up to `limit` due jobs of a kind; those whose lane is taken are parked."""
    now = clock.to_micros(tx.wall)
    due = tx.all(_DUE, kind=kind, now=now, limit=limit)
    if not due:
        return []
    chosen = _choose(tx, kind, due)
    if chosen:
        subjects = msgspec.json.encode([row[0] for row in chosen]).decode()
        tx.put(_CLAIM, kind=kind, subjects=subjects, worker=worker, until=now + LEASE // _MICROSECOND)
    return [_lease(tx, kind, row) for row in chosen]


def next_due(tx: SystemTx, kind: JobKind) -> datetime | None:
    """When the next job of a kind may be claimed."""
    row = tx.one(_NEXT_DUE, kind=kind)
    return clock.from_micros(row[0]) if row and row[0] is not None else None


def renew(tx: SystemTx, worker: str, running: Iterable[Lease]) -> None:
    """Prolong the leases under which a worker is running steps; those already voided stay void."""
    until = clock.to_micros(tx.wall + LEASE)
    subjects: dict[JobKind, list[str]] = {}
    for lease in sorted(running, key=attrgetter("kind", "subject")):
        subjects.setdefault(lease.kind, []).append(lease.subject)
    for kind, names in subjects.items():
        tx.put(_RENEW, kind=kind, subjects=msgspec.json.encode(names).decode(), worker=worker, until=until)


def void(tx: SystemTx, lease: Lease) -> None:
    """A step failed without outcome: due again after the pause that its number of tries deserves."""
    _void(tx, tx.all(_ONE, kind=lease.kind, subject=lease.subject, fence=lease.fence))


def void_worker(tx: SystemTx, worker: str) -> None:
    """A worker stops: whatever it has not brought to an outcome is anybody's again."""
    _void(tx, tx.all(_OF_WORKER, worker=worker))


def void_all(tx: SystemTx) -> None:
    """At the start of a database's only process: its dead predecessor's leases mean nothing."""
    _void(tx, tx.all(_EXPIRED, now=_FOR_EVER))


def sweep(tx: SystemTx) -> None:
    """Void expired leases, and let go on what is parked behind nobody."""
    _void(tx, tx.all(_EXPIRED, now=clock.to_micros(tx.wall)))
    for name, slot in lane.stranded(tx):
        lane.give_back(tx, name, slot)


def needs_sweep(tx: SystemTx) -> bool:
    """Whether `sweep` would find anything: asked first, so that an idle worker does not write."""
    return tx.one(_ANY_EXPIRED, now=clock.to_micros(tx.wall)) is not None or bool(lane.stranded(tx))


_MICROSECOND = timedelta(microseconds=1)


def _choose(tx: SystemTx, kind: JobKind, due: list[Row]) -> list[Row]:
    """The first of each free lane, and all without a lane; the rest is parked as far as somebody will unpark it."""
    wanted = {(row[1], row[2]) for row in due if row[1] is not None}
    ours = lane.lockable(tx, wanted)
    held = lane.held(tx, ours)
    free = ours - held
    chosen: list[Row] = []
    taken: set[lane.Lane] = set()
    blocked: list[Row] = []
    for row in due:
        place = (row[1], row[2])
        if row[1] is None or place in free:
            chosen.append(row)
            free.discard(place)
            taken.add(place)
        elif place in held or place in taken:
            blocked.append(row)
    if blocked:
        sure = taken | lane.staying(tx, held)
        lane.park(tx, kind, [row[0] for row in blocked if (row[1], row[2]) in sure])
    return chosen


def _void(tx: SystemTx, leased: list[Row]) -> None:
    now = clock.to_micros(tx.wall)
    for kind, subject, tries, name, slot in leased:
        pause = BACKOFF_SECONDS[min(max(tries, 1), len(BACKOFF_SECONDS)) - 1]
        tx.put(_VOID, kind=kind, subject=subject, due_at=now + pause * 1_000_000)
        lane.give_back(tx, name, slot)
        tx.notices.jobs.add(kind)


def _lease(tx: SystemTx, kind: JobKind, row: Row) -> Lease:
    return Lease(
        kind=kind,
        subject=row[0],
        turn=row[3],
        fence=row[4] + 1,
        tries=row[5] + 1,
        tenant=Tenant(TenantId(row[6]), row[7], Environment(row[8]), row[9]),
        until=tx.wall + LEASE,
    )
