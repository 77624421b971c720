"""Lanes: at most one job of a (lane, slot) runs; others that are due are parked until the lane is given back.

Parked jobs cost the claim nothing. The partial unique index `job_lane` holds the rule whatever this file does.
"""

import msgspec

from payproof.store.dialect import SystemSql
from payproof.store.transaction import SystemTx, Tx

Lane = tuple[str, int]

_LOCKABLE = SystemSql("{each_lockable :names}")
_HELD = SystemSql("SELECT lane, slot FROM job WHERE lease_until IS NOT NULL AND lane IN {json :lanes}")
_STAYING = SystemSql(
    "SELECT lane, slot FROM job WHERE lease_until IS NOT NULL AND lane IN {json :lanes} {share_skip_locked}"
)
_PARK = SystemSql("UPDATE job SET is_parked = 1 WHERE kind = :kind AND subject IN {json :subjects}")
_UNPARK = SystemSql(
    "UPDATE job SET is_parked = 0 WHERE (kind, subject) IN (SELECT kind, subject FROM job"
    " WHERE lane = :lane AND slot = :slot AND is_parked = 1 AND due_at IS NOT NULL ORDER BY due_at LIMIT 1)"
    " RETURNING kind"
)
_STRANDED = SystemSql(
    "SELECT p.lane, p.slot FROM (SELECT DISTINCT lane, slot FROM job WHERE is_parked = 1) p WHERE NOT EXISTS"
    " (SELECT 1 FROM job h WHERE h.lane = p.lane AND h.slot = p.slot AND h.lease_until IS NOT NULL)"
)


def lockable(tx: SystemTx, lanes: set[Lane]) -> set[Lane]:
    """Those of the lanes that no other claim is deciding about at this moment; they are ours until we commit."""
    if not lanes:
        return set()
    by_name = {f"{lane} {slot}": (lane, slot) for lane, slot in lanes}
    return {by_name[row[0]] for row in tx.all(_LOCKABLE, names=_json(sorted(by_name)))}


def held(tx: SystemTx, lanes: set[Lane]) -> set[Lane]:
    """Those of the lanes in which a job runs."""
    return _lanes(tx, _HELD, lanes)


def staying(tx: SystemTx, lanes: set[Lane]) -> set[Lane]:
    """Those of the lanes whose job cannot be given back before we commit."""
    return _lanes(tx, _STAYING, lanes)


def park(tx: SystemTx, kind: str, subjects: list[str]) -> None:
    """Only under a lane that is `staying`, or taken in this transaction: whoever gives it back unparks the next."""
    if subjects:
        tx.put(_PARK, kind=kind, subjects=_json(subjects))


def give_back(tx: Tx | SystemTx, lane: str | None, slot: int) -> None:
    """Let the next parked job of the lane come forward."""
    if lane is not None:
        tx.notices.jobs.update(row[0] for row in tx.cursor.all(_UNPARK, {"lane": lane, "slot": slot}))


def stranded(tx: SystemTx) -> list[Lane]:
    """Lanes with parked jobs in which nothing runs: there should be none."""
    return [(row[0], row[1]) for row in tx.all(_STRANDED)]


def _lanes(tx: SystemTx, sql: SystemSql, lanes: set[Lane]) -> set[Lane]:
    if not lanes:
        return set()
    names = _json(sorted({lane for lane, _ in lanes}))
    return {(row[0], row[1]) for row in tx.all(sql, lanes=names)}


def _json(names: list[str]) -> str:
    return msgspec.json.encode(names).decode()
