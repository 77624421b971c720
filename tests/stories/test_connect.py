"""`payproof connect`: the widget's work on the command line."""

import json
from pathlib import Path
from typing import Any

import pytest

from payproof.testing.client import Client
from tests.stories.bank_file import AMBIGUOUS_CSV, OFX
from tests.stories.server import Dev, Ended, payproof


def test_prints_one_object_with_the_public_token(dev: Dev) -> None:
    found = _object(_connect(dev, "goodlogin", "goodpassword", "--json"), 0)
    assert set(found) == {"task_id", "status", "link_id", "public_token", "error_message", "question"}
    assert found["status"] == "done"
    assert all(len(found[name]) == 32 for name in ("task_id", "link_id", "public_token"))


def test_prints_the_statuses_as_they_come(dev: Dev) -> None:
    ended = _connect(dev, "goodlogin", "goodpassword")
    assert ended.code == 0
    assert [line.split()[-1] for line in ended.stdout.splitlines()[:-4]][-1] == "done"
    assert "public_token" in ended.stdout


async def test_needs_no_keys_with_a_bridge_token(client: Client, dev: Dev) -> None:
    user = await client.new_user()
    token = (await client.post(f"/v1/users/{user}/tokens/", {"product_type": "income"}))["bridge_token"]
    ended = payproof(
        "connect", "--url", dev.url, "--bridge-token", token, "--provider", "sandbox_payroll",
        "--username", "goodlogin", "--password", "goodpassword", "--json",
    )  # fmt: skip
    task = await client.task(_object(ended, 0)["task_id"])
    assert (task["user_id"], task["bridge_token"]) == (user, token)


def test_a_question_without_an_answer_ends_at_once_with_3(dev: Dev) -> None:
    found = _object(_connect(dev, "goodlogin", "mfa", "--json"), 3)
    assert (found["status"], found["public_token"]) == ("mfa", None)
    assert found["question"]["type"] == "challenge"
    assert found["question"]["kind"] == "code"


@pytest.mark.parametrize(
    ("password", "answers"),
    [
        ("mfa", ["12345"]),
        ("mfa_selection", ["sms", "12345"]),
        ("mfa_selection", ["1", "12345"]),
        ("mfa_question", ["rex"]),
    ],
)
def test_answers_successive_questions(dev: Dev, password: str, answers: list[str]) -> None:
    said = [part for answer in answers for part in ("--answer", answer)]
    assert _object(_connect(dev, "goodlogin", password, "--json", *said), 0)["status"] == "done"


def test_another_ending_has_its_own_exit_code(dev: Dev) -> None:
    found = _object(_connect(dev, "error.user", "account_locked", "--json"), 4)
    assert (found["status"], found["public_token"]) == ("account_locked", None)
    assert "locked" in found["error_message"]


def test_a_wrong_answer_is_an_mfa_error(dev: Dev) -> None:
    assert _object(_connect(dev, "goodlogin", "mfa", "--json", "--answer", "99999"), 4)["status"] == "mfa_error"


async def test_a_bank_file_gives_accounts_and_transactions(dev: Dev, client: Client, tmp_path: Path) -> None:
    (tmp_path / "bank.qfx").write_bytes(OFX)
    found = _object(dev.run("connect", "--json", "--file", str(tmp_path / "bank.qfx")), 0)
    accounts = await client.get(f"/v1/links/{found['link_id']}/accounts/")
    assert [one["mask"] for one in accounts["results"]] == ["4567"]
    moved = await client.get(f"/v1/links/{found['link_id']}/transactions/")
    assert sorted(one["amount"] for one in moved["transactions"]) == ["1500.00", "42.10"]


def test_a_bank_file_asked_for_income_is_not_supported(dev: Dev, tmp_path: Path) -> None:
    (tmp_path / "bank.ofx").write_bytes(OFX)
    found = _object(dev.run("connect", "--json", "--product", "income", "--file", str(tmp_path / "bank.ofx")), 4)
    assert found["status"] == "not_supported"
    assert "transactions" in found["error_message"]


def test_what_a_csv_leaves_open_is_asked_and_answered(dev: Dev, tmp_path: Path) -> None:
    (tmp_path / "bank.csv").write_bytes(AMBIGUOUS_CSV)
    asking = ("connect", "--json", "--file", str(tmp_path / "bank.csv"))
    asked = _object(dev.run(*asking), 3)
    assert asked["status"] == "mfa"
    field = asked["question"]["fields"][0]
    answer = f"{field['name']}={field['options'][0]['value']}"
    assert _object(dev.run(*asking, "--answer", answer), 0)["status"] == "done"


def test_a_file_that_is_no_statement_is_a_config_error(dev: Dev, tmp_path: Path) -> None:
    (tmp_path / "letter.ofx").write_bytes(b"Dear bank,\nplease send me a statement.\n")
    found = _object(dev.run("connect", "--json", "--file", str(tmp_path / "letter.ofx")), 4)
    assert found["status"] == "config_error"
    assert "letter.ofx" in found["error_message"]


def _connect(dev: Dev, username: str, password: str, *more: str) -> Ended:
    return dev.run(
        "connect", "--provider", "sandbox_payroll", "--username", username, "--password", password, *more
    )  # fmt: skip


def _object(ended: Ended, code: int) -> dict[str, Any]:
    assert ended.code == code, ended.stderr
    found: dict[str, Any] = json.loads(ended.stdout)
    return found
