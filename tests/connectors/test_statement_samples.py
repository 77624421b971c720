"""Every public sample ends as the values say on which other parsers and a reading by eye agree."""

import asyncio
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from payproof.connectors.statement_file import connector
from payproof.kit.failure import ConfigRefused, NoData
from payproof.model.account import Account, TransactionType
from payproof.model.fact import Facts
from tests.connectors.conftest import PaperVisit, upload, whole_visit

FOLDER = Path(__file__).parents[2].parent / "shared" / "samples" / "statements"
TRUTH: dict[str, Any] = json.loads((FOLDER / "truth.json").read_text()) if (FOLDER / "truth.json").exists() else {}
REFUSED = [name for name, told in TRUTH.items() if told["truth"].get("malformed") or name.startswith("garbled")]
HONEST = [name for name in TRUTH if name not in REFUSED and name != "account-list-only.ofx"]


def facts(*names: str) -> Facts:
    visit = PaperVisit(upload(*((name, (FOLDER / name).read_bytes()) for name in names)))
    found = asyncio.run(whole_visit(connector, visit))
    assert isinstance(found, Facts), found
    return found


if TRUTH:

    @pytest.mark.parametrize("name", HONEST)
    def test_honest_samples_are_read_as_they_are(name: str) -> None:
        found = facts(name)
        assert found.suspicions == ()
        told = TRUTH[name]["truth"]
        if "accounts" in told:
            assert len(found.accounts) == len(told["accounts"])
            for account, expected in zip(found.accounts, told["accounts"], strict=True):
                check_account(account, expected)
        else:
            (account,) = found.accounts
            check_table(account, told)

    @pytest.mark.parametrize("name", REFUSED)
    def test_malformed_samples_are_refused_by_name_and_line(name: str) -> None:
        with pytest.raises(ConfigRefused, match=rf"^{name}, line \d+: "):
            facts(name)

    def test_a_list_of_accounts_is_no_data() -> None:
        with pytest.raises(NoData):
            facts("account-list-only.ofx")

    def test_all_honest_samples_together() -> None:
        found = facts(*HONEST[:12])
        assert found.suspicions == ()


def check_account(account: Account, expected: dict[str, Any]) -> None:
    kinds = {"creditline": "LINE_OF_CREDIT"}
    kind = expected.get("type")
    assert account.type == (kinds.get(kind, kind.upper()) if kind else None)
    assert account.mask == expected["account_last4"]
    assert account.currency_code == expected.get("currency")
    assert account.balance == (Decimal(expected["balance"]) if "balance" in expected else None)
    assert str(account.balance_as_of or "") == expected.get("as_of", "")
    if "available_cash" in expected:
        assert account.available_balance == Decimal(expected["available_cash"])
    if "positions" in expected:
        assert f"positions:{expected['positions']}" in account.notes
    check_days(account, expected)


def check_days(account: Account, expected: dict[str, Any]) -> None:
    days = [transaction.posted_on for transaction in account.transactions]
    assert len(days) == expected["n_transactions"]
    if days:
        assert str(min(days)) == expected["first_date"]
        assert str(max(days)) == expected["last_date"]
    assert len({transaction.key for transaction in account.transactions}) == len(days)


def check_table(account: Account, told: dict[str, Any]) -> None:
    check_days(account, told)
    assert account.mask == told["account_last4"]
    assert account.currency_code == told["currency"]
    assert account.type is None
    assert account.balance == (Decimal(told["closing_balance"]) if told["closing_balance"] else None)
    for transaction, expected in zip(account.transactions, told["first_transactions"], strict=False):
        amount = Decimal(expected["amount"])
        assert transaction.description == expected["description"]
        assert transaction.amount == abs(amount)
        assert transaction.type is (TransactionType.CREDIT if amount > 0 else TransactionType.DEBIT)
        assert str(transaction.posted_on) == expected["date"]
