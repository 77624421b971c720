"""Storing what was read, and announcing what is new about it."""

from typing import Any

from msgspec import Struct

from payproof.model.employment import Employment
from payproof.model.event import EventType
from payproof.model.fact import Facts
from payproof.model.id import LinkId
from payproof.model.product import ProductType
from payproof.model.task import Task
from payproof.model.user import User
from payproof.store import Tx, account, employment
from payproof.store.employment import Kept
from payproof.store.event import add_event


class Holding(Struct, frozen=True):
    """How much a link holds of one employment, or, for a bank, of all."""

    statements: int = 0
    accounts: int = 0


Holdings = dict[str, Holding]
"""By employment; under the empty name what belongs to none."""


def keep_basics(tx: Tx, task: Task, link_id: LinkId, facts: Facts) -> None:
    """Employments and accounts as the first look shows them. Each task says so anew, a refresh only of what is new."""
    for position, one in enumerate(facts.employments):
        kept = employment.keep_employment(tx, task.user_id, link_id, one, position, is_whole=False)
        if kept.is_new or not task.is_refresh:
            _announce_employment(tx, task, link_id, kept, _CREATED)
    for position, bank_account in enumerate(facts.accounts):
        account.keep_account(tx, task, link_id, bank_account, position)


def keep_everything(tx: Tx, task: Task, link_id: LinkId, facts: Facts, before: Holdings | None) -> None:
    """All facts, and how many there are; a refresh says what is new since `before`."""
    told: Holdings = {}
    is_whole = task.product_type is not ProductType.EMPLOYMENT
    for position, one in enumerate(facts.employments):
        kept = employment.keep_employment(tx, task.user_id, link_id, one, position, is_whole=is_whole)
        told[kept.id] = Holding(len(one.statements), len(one.allocations))
        if kept.is_new:
            _announce_employment(tx, task, link_id, kept, _CREATED)
        elif before is not None and kept.id in before:
            _announce_employment(tx, task, link_id, kept, _UPDATED)
    for position, bank_account in enumerate(facts.accounts):
        account.keep_account(tx, task, link_id, bank_account, position)
    told[""] = Holding(0, len(facts.accounts))
    if before is None:
        _announce_counts(tx, task, link_id, {}, told)
    else:
        _announce_counts(tx, task, link_id, before, holdings(tx, link_id))


def holdings(tx: Tx, link_id: LinkId) -> Holdings:
    """How much the link holds now."""
    held = {
        one.id: Holding(len(one.statements), len(one.employment.allocations))
        for one in employment.employments(tx, link_id)
    }
    return held | {"": Holding(0, len(account.accounts(tx, link_id)))}


def is_other_person(user: User | None, employments: tuple[Employment, ...]) -> bool:
    """The social security number the client gave differs from the source's, as far as both are known."""
    given = _digits(user.ssn if user else None)
    told = [_digits(one.profile.ssn) for one in employments if one.profile and one.profile.ssn]
    return bool(given) and any(ssn and not _same(given, ssn) for ssn in told)


_CREATED = (EventType.EMPLOYMENT_CREATED, EventType.PROFILE_CREATED)
_UPDATED = (EventType.EMPLOYMENT_UPDATED, EventType.PROFILE_UPDATED)


def _announce_employment(tx: Tx, task: Task, link_id: LinkId, kept: Kept, kinds: tuple[EventType, EventType]) -> None:
    _announce(tx, task, link_id, kinds[0], object_id=kept.id)
    _announce(tx, task, link_id, kinds[1], object_id=kept.profile_id)


def _announce_counts(tx: Tx, task: Task, link_id: LinkId, before: Holdings, now: Holdings) -> None:
    """Of each employment that has another number of statements, then of each with another number of accounts."""
    for what, created, updated in (
        ("statements", EventType.STATEMENTS_CREATED, EventType.STATEMENTS_UPDATED),
        ("accounts", EventType.BANK_ACCOUNTS_CREATED, EventType.BANK_ACCOUNTS_UPDATED),
    ):
        for name, held in now.items():
            count = getattr(held, what)
            if count != getattr(before.get(name, Holding()), what):
                kind = updated if name in before else created
                _announce(tx, task, link_id, kind, employment_id=name or None, objects_count=count)


def _announce(tx: Tx, task: Task, link_id: LinkId, kind: EventType, **own: Any) -> None:
    facts = {
        "task_id": task.id,
        "link_id": link_id,
        "product": task.product_type,
        "data_source": task.data_source,
        "tracking_info": task.tracking_info,
    }
    add_event(tx, kind, user_id=task.user_id, facts=facts | own, task=task.id, link=link_id)


def _digits(ssn: str | None) -> str:
    return "".join(digit for digit in ssn or "" if digit.isdigit())


def _same(one: str, other: str) -> bool:
    shorter = min(len(one), len(other))
    return shorter >= 4 and one[-shorter:] == other[-shorter:]
