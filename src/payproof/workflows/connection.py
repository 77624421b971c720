"""Which link a task belongs to: decided when the source is recognised, so that facts land where they belong."""

import msgspec

from payproof.model.account import Account
from payproof.model.fact import Facts
from payproof.model.id import LinkId, new_id
from payproof.model.link import Link
from payproof.model.question import Answers
from payproof.model.secret import Secret
from payproof.model.task import Task
from payproof.store import Tx, account, link, question, session

HEADER_KEY = "csv:"
"""Accounts under this prefix are known by their file's header only: other rows may be another account's."""
OVERLAP = 0.9
MOST_TABLES = 100
"""So many accounts of one header a link can hold."""


def link_hash(tx: Tx, task: Task, facts: Facts) -> str:
    """What makes a connection the same one again: provider and user name, or else provider and accounts."""
    return _credentials_hash(tx, task, question.form_answers(tx, task)) or _accounts_hash(tx, task, facts)


def link_for_credentials(tx: Tx, task: Task, answers: Answers) -> LinkId | None:
    """The person's older link with these credentials takes the task over; else the task keeps its own."""
    hashed = _credentials_hash(tx, task, answers.form)
    known = link.link_by_hash(tx, task.user_id, hashed) if hashed else None
    if known is None or task.link_id is None or known.id == task.link_id:
        return task.link_id
    link.absorb_link(tx, task.link_id, known.id, but=task.id)
    if task.session_id:
        session.set_session_link(tx, task.session_id, known.id)
    return known.id


def link_for_files(tx: Tx, task: Task, facts: Facts) -> LinkId:
    """The person's oldest link that holds any of these accounts, else a new one."""
    found = _link_with(tx, task, facts.accounts)
    link_id = found or link.add_link(tx, Link.of_task(task, link_id=LinkId(new_id()), access_token=new_id())).id
    if task.session_id:
        session.set_session_link(tx, task.session_id, link_id)
    return link_id


def settle_keys(tx: Tx, link_id: LinkId, facts: Facts) -> dict[str, str]:
    """Under which key the link holds, or is to hold, each account that is known by its header only."""
    settled: dict[str, str] = {}
    for one in _known_by_header(facts.accounts):
        free = (key for key in _variants(one.key) if not account.holds_account(tx, link_id, key))
        settled[one.key] = _same_table(tx, link_id, one) or next(key for key in free if key not in settled.values())
    return settled


def rename_accounts(facts: Facts, settled: dict[str, str]) -> Facts:
    renamed = (msgspec.structs.replace(one, key=settled.get(one.key, one.key)) for one in facts.accounts)
    return msgspec.structs.replace(facts, accounts=tuple(renamed)) if settled else facts


def without_doubles(tx: Tx, task: Task, facts: Facts) -> Facts:
    """The facts less the transactions that an earlier file told of in other words."""
    accounts = []
    for one in facts.accounts:
        known = account.doubles(tx, task, one)
        left = tuple(two for two in one.transactions if two.key not in known)
        accounts.append(msgspec.structs.replace(one, transactions=left) if known else one)
    return msgspec.structs.replace(facts, accounts=tuple(accounts))


def _link_with(tx: Tx, task: Task, accounts: tuple[Account, ...]) -> LinkId | None:
    named = [one.key for one in accounts if not one.key.startswith(HEADER_KEY)]
    holders = account.links_with_accounts(tx, task.user_id, named)
    if holders:
        return holders[0]
    for one in _known_by_header(accounts):
        for candidate in account.links_with_accounts(tx, task.user_id, _variants(one.key)):
            if _same_table(tx, candidate, one):
                return candidate
    return None


def _known_by_header(accounts: tuple[Account, ...]) -> list[Account]:
    return [one for one in accounts if one.key.startswith(HEADER_KEY)]


def _variants(key: str) -> list[str]:
    """A header's tables within one link: `csv:<hash>`, `csv:<hash>:2`, …"""
    first = ":".join(key.split(":")[:2])
    return [first, *(f"{first}:{number}" for number in range(2, MOST_TABLES + 1))]


def _same_table(tx: Tx, link_id: LinkId, given: Account) -> str | None:
    """The key under which the link holds the same rows."""
    return next((key for key in _variants(given.key) if account.overlap(tx, link_id, key, given) >= OVERLAP), None)


def _credentials_hash(tx: Tx, task: Task, form: dict[str, Secret]) -> str | None:
    name = form.get("username")
    if name is None:
        return None
    spoken = name.reveal().strip().casefold()
    return tx.keyed_hash("credentials", f"{task.provider_id}\x1f{spoken}")[:32]


def _accounts_hash(tx: Tx, task: Task, facts: Facts) -> str:
    keys = "\x1f".join(sorted(one.key for one in facts.accounts))
    return tx.keyed_hash("accounts", f"{task.provider_id}\x1f{keys}")[:32]
