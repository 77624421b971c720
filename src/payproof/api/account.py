"""Bank accounts and transactions of a link at the door."""

from payproof.api.call import Call, window
from payproof.contract import account as wire
from payproof.contract.page import Page, neighbours, page
from payproof.contract.reading import read_query
from payproof.services.link import link
from payproof.store import Tx
from payproof.store.account import accounts, transactions


def listed(tx: Tx, call: Call) -> Page[wire.AccountBody]:
    """In the source's order: a person's accounts are few, and their order means something."""
    found = accounts(tx, link(tx, call.args[0]).id)
    wish = call.page
    chosen = found[wish.offset : wish.offset + wish.size]
    return page(wish, call.address, len(found), [wire.account_body(one) for one in chosen])


def transactions_listed(tx: Tx, call: Call) -> wire.TransactionsBody:
    link_id = link(tx, call.args[0]).id
    query = read_query(wire.TransactionQuery, call.query)
    held = accounts(tx, link_id)
    wish = call.page
    count, found = transactions(
        tx,
        link_id,
        window=window(wish),
        account_ids=wire.accounts_to_read(query, held),
        since=query.transacted_at_from.date() if query.transacted_at_from else None,
        until=query.transacted_at_to.date() if query.transacted_at_to else None,
    )
    following, previous = neighbours(wish, call.address, count)
    return wire.TransactionsBody(
        count,
        following,
        previous,
        [wire.account_body(one) for one in held],
        [wire.transaction_body(one) for one in found],
    )
