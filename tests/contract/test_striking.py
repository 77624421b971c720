"""Secrets are struck out by name at any depth, and where a value looks like one; the rest stays as it was."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from payproof.contract import truv
from payproof.contract.striking import STRUCK, is_secret, strike, strike_path, strike_query, strike_text

NAMES = (
    "ssn", "SSN", "social_security_number", "socialSecurityNumber", "password", "new_password", "secret",
    "client_secret", "access_token", "accessToken", "public-token", "bridge_token", "account_number", "accountNumber",
    "routing_number", "date_of_birth", "code", "answer", "answers", "token", "iban",
)  # fmt: skip
PLAIN = (
    "id", "currency_code", "merchant_category_code", "access_key_id", "token_type", "product_type", "tracking_info",
    "external_user_id", "account_id", "mask", "status_code",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", ["x", 7, 1.5, ["x"], {"a": "x"}], ids=str)
def test_what_goes_by_the_name_of_a_secret_is_struck_at_any_depth(name: str, value: Any) -> None:
    assert strike({"a": [{"b": {name: value, "c": 1}}]}) == {"a": [{"b": {name: STRUCK, "c": 1}}]}


@pytest.mark.parametrize("name", PLAIN)
def test_other_names_are_left_alone(name: str) -> None:
    assert strike({name: "x"}) == {name: "x"}


def test_that_there_is_none_is_told() -> None:
    said = {"ssn": None, "password": "", "secret": False}
    assert strike(said) == said


def test_the_code_of_a_refusal_is_no_secret() -> None:
    assert strike({"error": {"code": "throttled"}, "code": "1"}) == {"error": {"code": "throttled"}, "code": STRUCK}
    assert strike({"a": {"error": {"code": "1"}}}) == {"a": {"error": {"code": STRUCK}}}
    assert strike({"error": {"a": {"code": "1"}, "ssn": "1"}}) == {"error": {"a": {"code": STRUCK}, "ssn": STRUCK}}


@pytest.mark.parametrize("name", ['Kanari"en 4711', "9081726354", "", "é", "x" * 65])
def test_what_is_no_name_may_be_a_secret_and_goes_with_its_value(name: str) -> None:
    assert strike({"first_name": {name: "7391846205"}}) == {"first_name": {STRUCK: STRUCK}}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("http://localhost:8000/files/a1b2c3", f"http://localhost:8000/files/{STRUCK}"),
        ("https://ada:hush@example.com/hook", f"https://{STRUCK}@example.com/hook"),
        ("https://example.com/?a=1&api_key=2&token=3", f"https://example.com/?a=1&api_key={STRUCK}&token={STRUCK}"),
        ("my number is 521-83-0947.", f"my number is {STRUCK}."),
        ("key sandbox-" + "1" * 40, f"key {STRUCK}"),
        ("2025-06-30 and 4155550100", "2025-06-30 and 4155550100"),
        ("sandbox-1", "sandbox-1"),
    ],
)
def test_what_looks_like_a_secret_is_struck_in_any_text(text: str, told: str) -> None:
    assert strike_text(text) == told
    assert strike([text]) == [told]


def test_queries_are_struck_by_name_and_of_long_numbers() -> None:
    said = {"access_token": "x", "status": "521830947", "page": "12", "external_user_id": "12345678", "a b": "x"}
    told = {"access_token": STRUCK, "status": STRUCK, "page": "12", "external_user_id": "12345678", STRUCK: STRUCK}
    assert strike_query(said) == told


def test_paths_are_struck_by_the_names_of_the_route() -> None:
    assert strike_path("/v1/x/abc/", "/v1/x/{public_token}/") == f"/v1/x/{STRUCK}/"
    assert strike_path("/v1/x/abc", "/v1/x/{id}/") == "/v1/x/abc"
    assert strike_path("/v1/x/\x1b[2J/", "/v1/x/{id}/") == "/v1/x/%1B%5B2J/"


def test_deep_nesting_is_struck_and_hurts_nobody() -> None:
    deep: Any = "secret"
    for _ in range(900):
        deep = [deep]
    assert "secret" not in msgspec.json.encode(strike(deep)).decode()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_whatever_came_as_json_can_be_shown(value: Any) -> None:
    came = msgspec.json.decode(msgspec.json.encode(value))
    msgspec.json.encode(strike(came))


def test_every_secret_field_of_ours_is_known_by_its_name() -> None:
    """Whoever adds a shape with a field that no rule strikes, but whose name says that it is one, hears of it."""
    suspicious = ("secret", "password", "ssn", "social_security", "account_number", "routing", "birth")
    names = {name for one in truv.OPERATIONS for kind in (one.request, one.answer) for name in _names(kind)}
    assert {name for name in names if any(sign in name for sign in suspicious) and not is_secret(name)} == {
        "social_security_tax",
        "social_security_wages",
    }
    assert {"ssn", "account_number", "bridge_token", "public_token"} <= names


def _names(kind: Any) -> set[str]:
    if kind is None:
        return set()
    _, components = msgspec.json.schema_components([kind])
    return {name for one in components.values() for name in one.get("properties", {})}
