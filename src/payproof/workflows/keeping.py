"""Storing what was read, and announcing what is new about it."""

from typing import Any

import msgspec

from payproof.model.account import Account
from payproof.model.employment import Employment
from payproof.model.event import EventType
from payproof.model.fact import Facts
from payproof.model.id import LinkId
from payproof.model.task import Task
from payproof.model.user import User
from payproof.store import Tx, account, employment
from payproof.store.event import add_event


def keep_basics(tx: Tx, task: Task, link_id: LinkId, facts: Facts) -> None:
    """Employments and accounts as the first look shows them."""
    for position, one in enumerate(facts.employments):
        kept = employment.keep_employment(tx, task.user_id, link_id, one, position)
        if kept.is_new:
            _announce(tx, task, link_id, EventType.EMPLOYMENT_CREATED, object_id=kept.id)
            _announce(tx, task, link_id, EventType.PROFILE_CREATED, object_id=kept.profile_id)
    for position, bank_account in enumerate(facts.accounts):
        account.keep_account(tx, task, link_id, bank_account, position)


def keep_everything(tx: Tx, task: Task, link_id: LinkId, facts: Facts, *, is_first: bool) -> None:
    """All facts; at the link's first success also how many there are."""
    statements, accounts = _Count(), _Count()
    for position, one in enumerate(facts.employments):
        kept = employment.keep_employment(tx, task.user_id, link_id, one, position)
        statements.add(kept.id, len(one.statements))
        accounts.add(kept.id, len(one.allocations))
    for position, bank_account in enumerate(facts.accounts):
        account.keep_account(tx, task, link_id, bank_account, position)
    if facts.accounts:
        accounts.add(None, len(facts.accounts))
    if is_first:
        statements.announce(tx, task, link_id, EventType.STATEMENTS_CREATED)
        accounts.announce(tx, task, link_id, EventType.BANK_ACCOUNTS_CREATED)


def keep_part(tx: Tx, task: Task, whole: Account, position: int, start: int, end: int) -> None:
    """A slice of a long account's transactions, ahead of the rest."""
    assert task.link_id is not None
    part = msgspec.structs.replace(whole, transactions=whole.transactions[start:end])
    account.keep_account(tx, task, task.link_id, part, position)


def is_other_person(user: User | None, employments: tuple[Employment, ...]) -> bool:
    """The social security number the client gave differs from the source's, as far as both are known."""
    given = _digits(user.ssn if user else None)
    told = [_digits(one.profile.ssn) for one in employments if one.profile and one.profile.ssn]
    return bool(given) and any(ssn and not _same(given, ssn) for ssn in told)


class _Count:
    """How many things of a kind each employment (or, for a bank, the link) has."""

    def __init__(self) -> None:
        self._counts: list[tuple[str | None, int]] = []

    def add(self, employment_id: str | None, count: int) -> None:
        if count:
            self._counts.append((employment_id, count))

    def announce(self, tx: Tx, task: Task, link_id: LinkId, kind: EventType) -> None:
        for employment_id, count in self._counts:
            _announce(tx, task, link_id, kind, employment_id=employment_id, objects_count=count)


def announce_link(tx: Tx, task: Task, link_id: LinkId) -> None:
    """The link is connected: said once, at its first success."""
    facts = {
        "link_id": link_id,
        "product": task.product_type,
        "data_source": task.data_source,
        "tracking_info": task.tracking_info,
    }
    add_event(tx, EventType.LINK_CONNECTED, user_id=task.user_id, facts=facts, task=task.id, link=link_id)


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
