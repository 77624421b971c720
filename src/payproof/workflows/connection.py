"""Which link a task belongs to: decided when the source is recognised, so that facts land where they belong."""

import msgspec

from payproof.kit.failure import ConfigRefused
from payproof.model.account import Account
from payproof.model.event import EventType
from payproof.model.fact import Facts
from payproof.model.id import LinkId, new_id, new_token
from payproof.model.link import Link
from payproof.model.question import Answers
from payproof.model.secret import Secret
from payproof.model.task import Task
from payproof.store import Tx, account, bridge_token, employment, link, question, session, user
from payproof.store import connection as stored
from payproof.store import task as tasks
from payproof.store.connection import Standing
from payproof.workflows.ending import LINK_GONE

HEADER_KEY = "csv:"
"""Accounts under this prefix are known by their file's header only: other rows may be another account's."""
OVERLAP = 0.9
OTHER_ACCOUNT = ConfigRefused(
    "This is another account than the one that was connected. Sign in to that one, or connect this one anew.",
    reason="other_account",
)
MOST_TABLES = 100
"""So many accounts of one header a link can hold."""


def link_for_credentials(tx: Tx, task: Task, answers: Answers) -> LinkId | None:
    """The person's link with these credentials takes the task over; else the task keeps its own, if that is free.

    In update mode and in a refresh the task keeps its link whatever was typed. Raises LINK_GONE.
    """
    hashed = _credentials_hash(tx, task, answers.form)
    if hashed is None or task.link_id is None:
        return task.link_id
    user.hold_user(tx, task.user_id)
    own = hold(tx, task.link_id)
    if task.is_refresh or own.link_hash == hashed:
        return task.link_id
    known = _known_link(tx, task, hashed)
    is_free = own.link_hash is None
    if (is_free and known is None) or _updated_link(tx, task) is not None:
        return task.link_id
    if is_free and known is not None:
        stored.absorb_link(tx, task.link_id, known, but=task.id)
    return _settle(tx, task, known or _add_link(tx, task))


def link_for_files(tx: Tx, task: Task, facts: Facts) -> LinkId:
    """The person's oldest link that holds any of these accounts, else the one to be updated, else a new one."""
    found = _link_with(tx, task, facts.accounts) or _updated_link(tx, task) or _add_link(tx, task)
    return _settle(tx, task, found)


def refuse_other_account(tx: Tx, task: Task, link_id: LinkId, answers: Answers, facts: Facts) -> None:
    """Raises OTHER_ACCOUNT where, in update mode, somebody signed in to what has nothing in common with the link.

    Other credentials alone are no sign of it: people sign in with their email today and with a number tomorrow. Raises
    LINK_GONE for a link that was deleted meanwhile.
    """
    own = hold(tx, link_id)
    hashed = _credentials_hash(tx, task, answers.form)
    if hashed is None or own.link_hash in (None, hashed) or task.is_refresh:
        return
    is_known = any(employment.holds_employment(tx, link_id, one.key) for one in facts.employments) or any(
        account.holds_account(tx, link_id, one.key) for one in facts.accounts
    )
    if not is_known:
        raise OTHER_ACCOUNT


def hold(tx: Tx, link_id: LinkId) -> Standing:
    """How the link stands, until this transaction ends. Raises LINK_GONE."""
    standing = stored.hold_link(tx, link_id)
    if standing is None:
        raise LINK_GONE
    return standing


def connect(tx: Tx, task: Task, standing: Standing, answers: Answers, facts: Facts, *, keeps_credentials: bool) -> None:
    """The task has succeeded: its link is connected, with the person's answers unless nobody was asked."""
    assert task.link_id is not None
    if not task.is_refresh:
        hashed = _credentials_hash(tx, task, answers.form) or standing.link_hash or _accounts_hash(tx, task, facts)
        stored.connect_link(tx, task.user_id, task.link_id, hashed, answers.form if keeps_credentials else {})
    elif not standing.is_connected:
        stored.reconnect_link(tx, task.link_id)
    if not standing.is_connected:
        stored.announce_link(tx, EventType.LINK_CONNECTED, task, task.link_id)


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


def _settle(tx: Tx, task: Task, link_id: LinkId) -> LinkId:
    """The later attempts of the session go to this link too."""
    if task.session_id:
        session.set_session_link(tx, task.session_id, link_id)
    return link_id


def _add_link(tx: Tx, task: Task) -> LinkId:
    """With the employer that the session's token names."""
    token = bridge_token.bridge_token(tx, task.bridge_token) if task.bridge_token else None
    named = token.wish.company_mapping_id if token else None
    made = Link.of_task(task, link_id=LinkId(new_id()), access_token=new_token(), company_mapping_id=named)
    return link.add_link(tx, made).id


def _known_link(tx: Tx, task: Task, hashed: str) -> LinkId | None:
    """The person's link with these credentials, or the one that another task has signed in to with them just now."""
    making = next((one.link_id for one in tasks.signed_in(tx, task) if _is_making(tx, one, hashed)), None)
    known = link.link_by_hash(tx, task.user_id, hashed)
    return known.id if known else making


def _is_making(tx: Tx, task: Task, hashed: str) -> bool:
    """The task's link will be connected with these credentials if all goes well, and is not yet."""
    standing = stored.hold_link(tx, task.link_id) if task.link_id else None
    if standing is None or standing.link_hash is not None:
        return False
    return _credentials_hash(tx, task, question.talk(tx, task).answers.form) == hashed


def _updated_link(tx: Tx, task: Task) -> LinkId | None:
    """The link that the client wants connected again; None outside update mode, and for one that is gone."""
    link_id = bridge_token.link_of_token(tx, task.bridge_token) if task.bridge_token else None
    return link_id if link_id and stored.hold_link(tx, link_id) else None


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
