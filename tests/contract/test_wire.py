"""The oddities of the wire, one by one."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import msgspec
import pytest

from payproof.contract.employment import employment_body, income_employment_body
from payproof.contract.event import webhook_body
from payproof.contract.link import masked
from payproof.contract.money import exact_moment, legacy_moment, money, offset_moment
from payproof.contract.provider import unknown_provider_ref
from payproof.contract.report import employment_report, income_report
from payproof.contract.task import TaskBody, task_body
from payproof.model.task import Task
from tests.contract.samples import BASE, DELIVERY, REPORT, TASK


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Decimal("1935.7"), "1935.70"),
        (Decimal("100"), "100.00"),
        (Decimal("1E+3"), "1000.00"),
        (Decimal("0"), "0.00"),
        (Decimal("-0.5"), "-0.50"),
        (Decimal("36.125"), "36.125"),
        (None, None),
    ],
)
def test_money_is_text_with_two_digits_or_more(amount: Decimal | None, text: str | None) -> None:
    assert money(amount) == text


def test_moments_have_three_forms() -> None:
    at = datetime(2021, 4, 6, 13, 30, tzinfo=timezone(timedelta(hours=2)))
    assert legacy_moment(at) == "2021-04-06 11:30:00+00:00"
    assert exact_moment(at) == "2021-04-06T11:30:00.000000Z"
    assert offset_moment(at) == "2021-04-06T11:30:00.000000+00:00"
    assert legacy_moment(None) is None


def test_an_access_token_keeps_its_last_four_characters() -> None:
    assert masked("0" * 28 + "7610") == "*" * 28 + "7610"


def test_a_task_always_has_its_fourteen_keys() -> None:
    bare = Task(
        **{
            name: getattr(TASK, name)
            for name in Task.__struct_fields__
            if name not in ("error_message", "tracking_info", "bridge_token", "order_id", "link_id")
        },
        link_id=None,
    )
    body = msgspec.to_builtins(task_body(bare, unknown_provider_ref("gone")))
    assert tuple(body) == TaskBody.__struct_fields__
    assert len(body) == 14
    assert [name for name, value in body.items() if value is None] == [
        "link_id",
        "error_message",
        "tracking_info",
        "bridge_token",
        "order_id",
    ]
    assert len(body) - 1 + len(body["provider"]) == 16


def test_the_employment_report_has_no_income_and_names_no_field_of_it() -> None:
    body = msgspec.to_builtins(employment_report(REPORT))
    (employment,) = body["employments"]
    assert not {"income", "income_unit", "pay_rate", "pay_frequency", "statements", "w2s", "bank_accounts"} & set(
        employment
    )
    assert employment["derived_fields"] == ["is_active"]
    assert employment["missing_data_fields"] == ["manager_name"]
    assert "refresh_status" not in body


def test_a_file_that_nobody_made_a_token_for_has_no_checksum() -> None:
    (employment,) = income_report(REPORT, BASE).employments
    assert employment.statements[0].file == f"{BASE}/files/{'4' * 32}"
    assert employment.w2s[0].file is None
    assert employment.w2s[0].md5sum is None


def test_the_two_employment_bodies_agree() -> None:
    (stored,) = REPORT.employments
    short, long = msgspec.to_builtins(employment_body(stored)), msgspec.to_builtins(income_employment_body(stored, {}))
    differing = {name for name in short if short[name] != long[name]}
    assert differing == {"derived_fields", "missing_data_fields"}


def test_a_webhook_says_the_same_bytes_whatever_order_its_facts_come_back_in() -> None:
    facts = dict(reversed(DELIVERY.event.facts.items()))
    other = msgspec.structs.replace(DELIVERY.event, facts=facts)
    assert webhook_body(other, "1") == webhook_body(DELIVERY.event, "1")


def test_a_webhook_adds_no_status_where_the_event_has_none() -> None:
    event = msgspec.structs.replace(DELIVERY.event, facts={"link_id": "b"}, created_at=datetime(2026, 1, 1, tzinfo=UTC))
    said = msgspec.json.decode(webhook_body(event, "1"))
    assert list(said) == ["webhook_id", "event_type", "event_created_at", "user_id", "link_id"]
    assert said["event_created_at"] == "2026-01-01T00:00:00.000000Z"
