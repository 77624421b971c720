"""Which link a task belongs to: decided when the source is recognised, so that facts land where they belong."""

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


def _link_with(tx: Tx, task: Task, accounts: tuple[Account, ...]) -> LinkId | None:
    named = [one.key for one in accounts if not one.key.startswith(HEADER_KEY)]
    holders = account.links_with_accounts(tx, task.user_id, named)
    if holders:
        return holders[0]
    for one in accounts:
        for candidate in account.links_with_accounts(tx, task.user_id, [one.key]):
            if account.overlap(tx, candidate, one) >= OVERLAP:
                return candidate
    return None


def _credentials_hash(tx: Tx, task: Task, form: dict[str, Secret]) -> str | None:
    name = form.get("username")
    if name is None:
        return None
    spoken = name.reveal().strip().casefold()
    return tx.keyed_hash("credentials", f"{task.provider_id}\x1f{spoken}")[:32]


def _accounts_hash(tx: Tx, task: Task, facts: Facts) -> str:
    keys = "\x1f".join(sorted(one.key for one in facts.accounts))
    return tx.keyed_hash("accounts", f"{task.provider_id}\x1f{keys}")[:32]
