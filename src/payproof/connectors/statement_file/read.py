"""Readings to facts. Pure: the same raws give equal facts, for ever."""

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from payproof.connectors.statement_file.account import Told, accounts_among, kind_of, mask_of, number_of, routing_of
from payproof.connectors.statement_file.merge import Merged, merge
from payproof.connectors.statement_file.suspicion import notes_of, suspicions_of
from payproof.documents.reading import Outcome, Posting, Reading, Statement
from payproof.kit.failure import SourceFailed
from payproof.model.account import Account, Transaction, TransactionType
from payproof.model.fact import Facts
from payproof.model.raw import Raw

READING_PREFIX = "reading/"


def facts_of(raws: Sequence[Raw], *, with_transactions: bool) -> Facts:
    """One account per account, however many files tell of it. Suspicions are worked out with the transactions."""
    readings = [_reading(raw) for raw in sorted(raws, key=_number) if raw.key.startswith(READING_PREFIX)]
    accounts, suspicions = [], []
    for told in accounts_among(readings):
        merged = merge(told.postings()) if with_transactions else None
        accounts.append(_account(told, merged))
        if merged:
            suspicions += suspicions_of(told, merged)
    return Facts(accounts=tuple(accounts), suspicions=tuple(dict.fromkeys(suspicions)))


def _number(raw: Raw) -> tuple[int, str]:
    number = raw.key.split("/")[1] if "/" in raw.key else ""
    return (int(number) if number.isdigit() else 0, raw.key)


def _reading(raw: Raw) -> Reading:
    found = msgspec.json.decode(raw.body, type=Outcome).reading
    if found is None:
        raise SourceFailed(detail=f"{raw.key} holds no reading")
    return found


def _account(told: Told, merged: Merged | None) -> Account:
    """What the statements of one account say together: the newest balance, the whole period."""
    newest = told.newest()
    statements = told.statements()
    kind, subtype = kind_of(newest)
    starts = [s.period_start for s in statements if s.period_start]
    ends = [s.period_end for s in statements if s.period_end]
    return Account(
        key=told.key,
        type=kind,
        subtype=subtype,
        mask=mask_of(newest.account_id),
        nickname=newest.nickname,
        currency_code=newest.currency,
        balance=newest.balance,
        available_balance=newest.available,
        credit_limit=newest.credit_limit,
        balance_as_of=newest.balance_as_of,
        account_number=number_of(newest.account_id),
        routing_number=routing_of(newest),
        period_start=min(starts, default=None),
        period_end=max(ends, default=None),
        notes=notes_of(told),
        transactions=_transactions(newest, merged) if merged else (),
    )


def _transactions(account: Statement, merged: Merged) -> tuple[Transaction, ...]:
    """Most postings have no evidence but their type: one object per type serves them all."""
    label = "TRNTYPE" if account.source in ("bank", "card", "loan") else "kind"
    by_kind: dict[str | None, dict[str, str]] = {None: {}}
    found = []
    for key, posting in merged.keyed():
        kind = by_kind.setdefault(posting.kind, {label: posting.kind or ""})
        evidence = {**posting.evidence, **kind} if posting.evidence else kind
        found.append(_transaction(account, key, posting, evidence))
    return tuple(found)


def _transaction(account: Statement, key: str, posting: Posting, evidence: dict[str, str]) -> Transaction:
    return Transaction(
        key=key,
        external_id=posting.external_id,
        amount=abs(posting.amount),
        type=_type(posting),
        status=posting.status,
        currency_code=posting.currency or account.currency,
        description=posting.payee or posting.memo,
        memo=posting.memo,
        merchant_category_code=posting.merchant_category_code,
        check_number=posting.check_number,
        posted_on=posting.on,
        evidence=evidence,
    )


def _type(posting: Posting) -> TransactionType:
    if not posting.moved or not posting.amount:
        return TransactionType.MEMO
    return TransactionType.CREDIT if posting.amount > Decimal(0) else TransactionType.DEBIT
