"""Bank accounts and transactions on the wire."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta, Struct

from payproof.contract.money import Moment, Money, money
from payproof.contract.operation import Operation, get
from payproof.contract.page import Page
from payproof.model.account import AccountType, StoredAccount, StoredTransaction, TransactionType, posted_at


class BalancesBody(Struct, frozen=True):
    currency_code: str | None
    balance: Money | None
    available_balance: Money | None
    credit_limit: Money | None


class AccountBody(Struct, frozen=True, kw_only=True):
    id: str
    created_at: Moment
    updated_at: Moment
    type: AccountType | None
    subtype: str | None
    mask: str | None
    nickname: str | None
    balances: BalancesBody


class TransactionBody(Struct, frozen=True, kw_only=True):
    id: str
    account_id: str
    external_id: str | None
    created_at: Moment
    updated_at: Moment
    amount: Money
    currency_code: str | None
    type: TransactionType
    status: str
    categories: tuple[str, ...]
    description: str | None
    memo: str | None
    merchant_name: str | None
    merchant_category_code: int | None
    check_number: str | None
    posted_at: Moment
    transacted_at: Moment | None
    location: None


class TransactionsBody(Struct, frozen=True):
    """A page of transactions, and all the accounts they are on."""

    count: int
    next: str | None
    previous: str | None
    accounts: list[AccountBody]
    transactions: list[TransactionBody]


class TransactionQuery(Struct, frozen=True, kw_only=True):
    account_ids: tuple[str, ...] | None = None
    categories: tuple[str, ...] | None = None
    account_types: tuple[AccountType, ...] | None = None
    transacted_at_from: Annotated[Moment, Meta(description="Counts the day of posting.")] | None = None
    transacted_at_to: Annotated[Moment, Meta(description="Counts the day of posting.")] | None = None


def account_body(stored: StoredAccount) -> AccountBody:
    said = stored.account
    return AccountBody(
        id=stored.id,
        created_at=stored.created_at,
        updated_at=stored.updated_at,
        type=said.type,
        subtype=said.subtype,
        mask=said.mask,
        nickname=said.nickname,
        balances=BalancesBody(
            said.currency_code, money(said.balance), money(said.available_balance), money(said.credit_limit)
        ),
    )


def transaction_body(stored: StoredTransaction) -> TransactionBody:
    """A printed day becomes its midnight; when the person paid is not known to a source that prints days."""
    said = stored.transaction
    return TransactionBody(
        id=stored.id,
        account_id=stored.account_id,
        external_id=said.external_id,
        created_at=stored.created_at,
        updated_at=stored.updated_at,
        amount=money(said.amount),
        currency_code=said.currency_code,
        type=said.type,
        status=said.status,
        categories=(),
        description=said.description,
        memo=said.memo,
        merchant_name=None,
        merchant_category_code=said.merchant_category_code,
        check_number=said.check_number,
        posted_at=posted_at(said.posted_on),
        transacted_at=None,
        location=None,
    )


def accounts_to_read(query: TransactionQuery, accounts: Sequence[StoredAccount]) -> list[str] | None:
    """The ids of the accounts that the filters leave; None for all. An unknown account id leaves nothing.

    No source of ours names categories, so a filter by category leaves nothing either.
    """
    if query.categories:
        return []
    chosen = [one for one in accounts if _is_wanted(query, one)]
    return None if len(chosen) == len(accounts) and not query.account_ids else [one.id for one in chosen]


def _is_wanted(query: TransactionQuery, stored: StoredAccount) -> bool:
    by_id = not query.account_ids or stored.id in query.account_ids
    return by_id and (not query.account_types or stored.account.type in query.account_types)


_LINK = "/v1/links/{link_id}/"

OPERATIONS: tuple[Operation, ...] = (
    get(
        "links_accounts",
        _LINK + "accounts/",
        "Accounts",
        "Bank accounts of a link",
        Page[AccountBody],
        is_paged=True,
        refusals=(404,),
    ),
    get(
        "links_transactions",
        _LINK + "transactions/",
        "Transactions",
        "Transactions of a link",
        TransactionsBody,
        query=TransactionQuery,
        is_paged=True,
        refusals=(400, 404),
    ),
)
