"""What honest statements never show, worked out from the files alone; and what is merely worth a remark."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from payproof.connectors.statement_file.account import Told
from payproof.connectors.statement_file.merge import Merged
from payproof.documents.reading import Posting, Statement

BALANCES = "balances_do_not_recompute"
"""Balances of two statements differ by more than the postings between them, while their periods leave no gap."""
TWO_AMOUNTS = "one_id_two_amounts"
"""One id of the bank's on one day with two amounts."""

_CHARGES = frozenset({"FEE", "SRVCHG", "INT"})
_CENT = Decimal("0.01")
_OWED = ("card", "loan")


def notes_of(told: Told) -> tuple[str, ...]:
    """Remarks on one account that are no ground for suspicion."""
    found = []
    statements = told.statements()
    if any(statement.source == "investment" for statement in statements):
        found.append("investment_account")
    if any(_outside(statement) for statement in statements):
        found.append("postings_outside_period")
    if any(_reuses_ids(postings) for postings in told.postings()):
        found.append("reused_ids")
    found += [note for statement in statements for note in statement.notes if note != "position"]
    positions = sum(statement.notes.count("position") for statement in told.files[-1])
    return tuple(dict.fromkeys(found + ([f"positions:{positions}"] if positions else [])))


def _outside(statement: Statement) -> bool:
    start, end = statement.period_start or date.min, statement.period_end or date.max
    return any(not start <= posting.on <= end for posting in statement.postings)


def _reuses_ids(postings: list[Posting]) -> bool:
    ids = [posting.external_id for posting in postings if posting.external_id]
    return len(set(ids)) < len(ids)


def suspicions_of(told: Told, merged: Merged) -> list[str]:
    """Machine reasons, empty for honest statements."""
    if any(statement.source == "investment" for statement in told.statements()):
        return []
    found = [TWO_AMOUNTS] if _two_amounts(told) else []
    return found + ([BALANCES] if _balances_differ(told, merged) else [])


def _two_amounts(told: Told) -> bool:
    """Ids that one file uses on several days or more than twice are no ids; a charge may share that of its posting."""
    seen: defaultdict[tuple[str, date], set[Decimal]] = defaultdict(set)
    unfit: set[str] = set()
    for postings in told.postings():
        days: defaultdict[str, list[date]] = defaultdict(list)
        for posting in postings:
            name = posting.external_id
            if not name or posting.from_table or posting.status != "POSTED" or posting.kind in _CHARGES:
                continue
            days[name].append(posting.on)
            seen[name, posting.on].add(posting.amount)
        unfit.update(name for name, used in days.items() if len(used) > 2 or len(set(used)) > 1 or not name.strip("0"))
    return any(len(amounts) > 1 for (name, _), amounts in seen.items() if name not in unfit)


def _balances_differ(told: Told, merged: Merged) -> bool:
    numbered = [(statement, number) for number, file in enumerate(told.files) for statement in file]
    told_of = [pair for pair in numbered if _balance_day(pair[0]) and pair[0].balance_runs]
    told_of.sort(key=lambda pair: (pair[0].balance_as_of or date.min, pair[0].balance_stamp or ""))
    covered = _covered_days(told)
    return any(_differs(earlier, later, merged, covered) for earlier, later in pairwise(told_of))


def _balance_day(statement: Statement) -> date | None:
    return statement.balance_as_of if statement.balance is not None else None


def _covered_days(told: Told) -> set[date]:
    """Every day within a statement's period; a table covers the days from its first row to its last."""
    days: set[date] = set()
    for statement in told.statements():
        rows = [posting.on for posting in statement.postings] if statement.source == "csv" else []
        start = statement.period_start or min(rows, default=None)
        end = statement.period_end or max(rows, default=None)
        if start and end and (end - start).days < 20_000:
            days.update(start + timedelta(days=count) for count in range((end - start).days + 1))
    return days


def _differs(earlier: tuple[Statement, int], later: tuple[Statement, int], merged: Merged, covered: set[date]) -> bool:
    """Whether the change of the balance lies outside of what the postings between can explain.

    Postings on the two days themselves may lie before or after the moment of the balance, and one that was booked late
    carries a day of the earlier period: all of these may count or not.
    """
    (a, a_file), (b, b_file) = earlier, later
    first, last = a.balance_as_of, b.balance_as_of
    if first is None or last is None or a.balance is None or b.balance is None or a is b:
        return False
    change = b.balance - a.balance
    if _same_moment(a, b):
        return change != 0
    if not all(first + timedelta(days=count) in covered for count in range((last - first).days + 1)):
        return False
    late = merged.by_file[b_file] - merged.by_file[a_file] if a_file != b_file else set()
    between = [p for at, p in enumerate(merged.postings) if first < p.on < last and p.status == "POSTED"]
    maybe = [p for at, p in enumerate(merged.postings) if p.on in (first, last) or (p.on < first and at in late)]
    if any(p.currency and p.currency != b.currency for p in [*between, *maybe]):
        return False
    certain = sum((p.amount for p in between), Decimal(0))
    least = certain + sum((p.amount for p in maybe if p.amount < 0), Decimal(0)) - _CENT
    most = certain + sum((p.amount for p in maybe if p.amount > 0), Decimal(0)) + _CENT
    owed = b.source in _OWED or b.account_type == "CREDITLINE"
    return not (least <= change <= most or (owed and least <= -change <= most))


def _same_moment(a: Statement, b: Statement) -> bool:
    """One stamp with a time of day, which is neither midnight nor noon as put in by exporters."""
    stamp = a.balance_stamp or ""
    clock = stamp[8:14]
    return (
        stamp == (b.balance_stamp or "") and len(clock) == 6 and clock.isdigit() and clock not in ("000000", "120000")
    )
