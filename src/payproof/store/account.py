"""Bank facts of a link: accounts and postings, each one sealed body under a hashed key."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from payproof import clock
from payproof.model.account import Account, StoredAccount, StoredTransaction, Transaction
from payproof.model.id import LinkId, UserId, new_id
from payproof.model.task import Task
from payproof.store.dialect import Sql
from payproof.store.transaction import Row, Tx
from payproof.store.window import Window

_ONE = Sql("SELECT id, body FROM account WHERE link_id = :link_id AND tenant = :tenant AND key_hash = :key_hash")
_ADD = Sql(
    "INSERT INTO account (id, tenant, user_id, link_id, key_hash, type, position, body, created_at, updated_at)"
    " VALUES (:id, :tenant, :user_id, :link_id, :key_hash, :type, :position, :body, :now, :now)"
)
_CHANGE = Sql("UPDATE account SET type = :type, body = :body, updated_at = :now WHERE id = :id AND tenant = :tenant")
_OF_LINK = Sql(
    "SELECT id, user_id, body, created_at, updated_at FROM account WHERE link_id = :link_id AND tenant = :tenant"
    " ORDER BY position, id"
)
_HOLDERS = Sql(
    "SELECT l.id FROM link l JOIN account a ON a.link_id = l.id WHERE a.user_id = :user_id AND l.tenant = :tenant"
    " AND l.deleted_at IS NULL AND a.key_hash IN {json :hashes} ORDER BY l.created_at, l.id"
)
_POSTINGS = Sql("SELECT id FROM posting WHERE link_id = :link_id AND account_id = :account_id AND tenant = :tenant")
_OF_OTHERS = Sql(
    "SELECT id, user_id, body FROM posting WHERE link_id = :link_id AND account_id = :account_id AND tenant = :tenant"
    " AND task_id <> :task_id AND posted_on >= :since AND posted_on <= :until"
)
_ADD_POSTING = Sql(
    "INSERT INTO posting (id, tenant, user_id, link_id, account_id, task_id, posted_on, body, created_at, updated_at)"
    " VALUES (:id, :tenant, :user_id, :link_id, :account_id, :task_id, :posted_on, :body, :now, :now)"
    " ON CONFLICT (id) DO NOTHING"
)
_FILTER = (
    "tenant = :tenant AND link_id = :link_id AND posted_on >= :since AND posted_on <= :until"
    " AND (CAST(:accounts AS TEXT) IS NULL OR account_id IN {json :accounts_or_none})"
)
_PAGE = Sql(
    f"SELECT id, user_id, account_id, body, created_at, updated_at FROM posting WHERE {_FILTER}"
    " ORDER BY posted_on DESC, id DESC LIMIT :limit OFFSET :offset"
)
_COUNT = Sql(f"SELECT COUNT(*) FROM posting WHERE {_FILTER}")

_DECODER = msgspec.json.Decoder(Transaction)
Content = tuple[date, str, Decimal, str]
"""What two files say alike of one posting: day, direction, amount, payee."""


def links_with_accounts(tx: Tx, user_id: UserId, keys: Iterable[str]) -> list[LinkId]:
    """The person's links that hold any of these accounts, oldest first."""
    hashes = [tx.keyed_hash("account", key) for key in keys]
    rows = tx.all(_HOLDERS, user_id=user_id, hashes=msgspec.json.encode(hashes).decode())
    return list(dict.fromkeys(LinkId(row[0]) for row in rows))


def holds_account(tx: Tx, link_id: LinkId, key: str) -> bool:
    return tx.one(_ONE, link_id=link_id, key_hash=tx.keyed_hash("account", key)) is not None


def overlap(tx: Tx, link_id: LinkId, key: str, given: Account) -> float:
    """Which part of the smaller of the two, the account given and the one held under `key`, both have; 0 to 1."""
    row = tx.one(_ONE, link_id=link_id, key_hash=tx.keyed_hash("account", key))
    if row is None:
        return 0.0
    held = {one[0] for one in tx.all(_POSTINGS, link_id=link_id, account_id=row[0])}
    told = {_posting_id(tx, row[0], one) for one in given.transactions}
    smaller = min(len(held), len(told))
    return len(held & told) / smaller if smaller else 0.0


def doubles(tx: Tx, task: Task, given: Account) -> set[str]:
    """Keys of the account's transactions that an earlier task stored under another key: same day, amount and payee.

    Each stored posting stands for one of them. Two that both carry the bank's id, and not the same, are two.
    """
    row = tx.one(_ONE, link_id=task.link_id, key_hash=tx.keyed_hash("account", given.key))
    if row is None or not given.transactions:
        return set()
    days = [one.posted_on.toordinal() for one in given.transactions]
    stored = tx.all(
        _OF_OTHERS,
        link_id=task.link_id,
        account_id=row[0],
        task_id=task.id,
        since=min(days),
        until=max(days),
    )
    if not stored:
        return set()
    unknown = {_posting_id(tx, row[0], one): one for one in given.transactions}
    named: Counter[Content] = Counter()
    nameless: Counter[Content] = Counter()
    for posting_id, user_id, body in stored:
        if unknown.pop(posting_id, None) is None:
            held = _opened(tx, posting_id, user_id, body)
            (nameless if held.external_id is None else named)[_content(held)] += 1
    return {one.key for one in unknown.values() if _take(one, named, nameless)}


def _take(one: Transaction, named: Counter[Content], nameless: Counter[Content]) -> bool:
    """Find the posting's match among the stored ones, and use it up."""
    content = _content(one)
    for pool in (nameless, named) if one.external_id is None else (nameless,):
        if pool[content] > 0:
            pool[content] -= 1
            return True
    return False


def _posting_id(tx: Tx, account_id: str, one: Transaction) -> str:
    """The same for the same posting of the same account, so that telling it again changes nothing."""
    return tx.keyed_hash("posting", f"{account_id}\x1f{one.key}")


def _content(one: Transaction) -> Content:
    return one.posted_on, one.type, one.amount, " ".join((one.description or "").casefold().split())


def keep_account(tx: Tx, task: Task, link_id: LinkId, account: Account, position: int) -> bool:
    """Store an account and its transactions; what is there already is not doubled. True when the account is new."""
    user_id = task.user_id
    key_hash = tx.keyed_hash("account", account.key)
    row = tx.one(_ONE, link_id=link_id, key_hash=key_hash)
    account_id = row[0] if row else new_id()
    bare = msgspec.structs.replace(account, transactions=())
    if row:
        held = msgspec.json.decode(tx.open(user_id, ("account", account_id, "body"), row[1]), type=Account)
        bare = newer(held, bare)
    body = tx.seal(user_id, ("account", account_id, "body"), msgspec.json.encode(bare))
    if row:
        tx.put(_CHANGE, id=account_id, type=bare.type, body=body, now=tx.now_us)
    else:
        tx.put(
            _ADD,
            id=account_id,
            user_id=user_id,
            link_id=link_id,
            key_hash=key_hash,
            type=bare.type,
            position=position,
            body=body,
            now=tx.now_us,
        )
    _keep_postings(tx, task, link_id, account_id, account.transactions)
    return row is None


def newer(held: Account, given: Account) -> Account:
    """One account from two visits: the later balance wins, what one of them does not say the other does."""
    late, early = (
        (held, given) if (held.balance_as_of or date.min) > (given.balance_as_of or date.min) else (given, held)
    )
    said = msgspec.structs.asdict(late)
    for name, value in msgspec.structs.asdict(early).items():
        if said[name] is None and name not in ("balance", "available_balance", "balance_as_of"):
            said[name] = value
    if late.balance is None and late.balance_as_of is None:
        said |= {name: getattr(early, name) for name in ("balance", "available_balance", "balance_as_of")}
    starts = [one.period_start for one in (held, given) if one.period_start]
    ends = [one.period_end for one in (held, given) if one.period_end]
    said["period_start"] = min(starts, default=None)
    said["period_end"] = max(ends, default=None)
    said["notes"] = tuple(dict.fromkeys((*held.notes, *given.notes)))
    return Account(**said)


def _keep_postings(tx: Tx, task: Task, link_id: LinkId, account_id: str, transactions: Sequence[Transaction]) -> None:
    rows: list[dict[str, Any]] = []
    for transaction in transactions:
        posting_id = _posting_id(tx, account_id, transaction)
        place = ("posting", posting_id, "body")
        rows.append(
            {
                "id": posting_id,
                "user_id": task.user_id,
                "link_id": link_id,
                "account_id": account_id,
                "task_id": task.id,
                "posted_on": transaction.posted_on.toordinal(),
                "body": tx.seal(task.user_id, place, msgspec.json.encode(transaction)),
                "now": tx.now_us,
            }
        )
    if rows:
        tx.many(_ADD_POSTING, rows)


def accounts(tx: Tx, link_id: str) -> list[StoredAccount]:
    return [
        StoredAccount(
            row[0],
            msgspec.json.decode(tx.open(row[1], ("account", row[0], "body"), row[2]), type=Account),
            clock.from_micros(row[3]),
            clock.from_micros(row[4]),
        )
        for row in tx.all(_OF_LINK, link_id=link_id)
    ]


def transactions(
    tx: Tx,
    link_id: str,
    *,
    window: Window,
    account_ids: Sequence[str] | None = None,
    since: date | None = None,
    until: date | None = None,
) -> tuple[int, list[StoredTransaction]]:
    """How many there are, and the window's part of them, newest first."""
    chosen: dict[str, Any] = {
        "link_id": link_id,
        "since": since.toordinal() if since else 0,
        "until": until.toordinal() if until else date.max.toordinal(),
        "accounts": None if account_ids is None else "chosen",
        "accounts_or_none": msgspec.json.encode(list(account_ids or ())).decode(),
    }
    count = tx.one(_COUNT, **chosen)
    rows = tx.all(_PAGE, **chosen, limit=window.limit, offset=window.offset)
    return count[0] if count else 0, [_transaction(tx, row) for row in rows]


def _transaction(tx: Tx, row: Row) -> StoredTransaction:
    return StoredTransaction(
        row[0],
        row[2],
        _opened(tx, row[0], row[1], row[3]),
        clock.from_micros(row[4]),
        clock.from_micros(row[5]),
    )


def _opened(tx: Tx, posting_id: str, user_id: UserId, body: bytes) -> Transaction:
    return _DECODER.decode(tx.open(user_id, ("posting", posting_id, "body"), body))
