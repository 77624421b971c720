"""What clients send: forgiving of what it does not know, exact about what it does."""

from typing import Any

import pytest

from payproof.contract.bridge_token import token_wish, user_token_wish
from payproof.contract.page import InvalidPage, PageWish
from payproof.contract.reading import InvalidParams, decode_object, read, read_query
from payproof.contract.session import SessionRequest
from payproof.contract.user import UserQuery, user_changes, user_wish
from payproof.contract.webhook import webhook_changes, webhook_wish
from payproof.model.tenant import Environment

ACCOUNT = {"account_number": "16002600", "routing_number": "12345678", "account_type": "checking", "bank_name": "A, B"}


def fields_of(refused: pytest.ExceptionInfo[InvalidParams]) -> list[str]:
    return [problem.field for problem in refused.value.problems]


def test_all_bad_fields_are_named_at_once() -> None:
    with pytest.raises(InvalidParams) as refused:
        token_wish(
            {
                "product_type": "incme",
                "data_sources": ["payroll", "payrol"],
                "request_extended_history": "yes",
                "account": {"account_number": 1, "deposit_type": "half", "bank_name": "B"},
            }
        )
    assert fields_of(refused) == [
        "product_type",
        "request_extended_history",
        "data_sources[1]",
        "account.account_number",
        "account.routing_number",
        "account.account_type",
        "account.deposit_type",
    ]


def test_what_is_wrong_with_fields_together_is_named_beside_the_rest() -> None:
    with pytest.raises(InvalidParams) as refused:
        token_wish({"product_type": "pll", "locale": 7, "client_name": "x" * 256})
    assert fields_of(refused) == ["client_name", "locale", "account"]
    with pytest.raises(InvalidParams) as refused:
        token_wish({"account": ACCOUNT | {"account_type": "gold", "deposit_type": "amount"}})
    assert fields_of(refused) == ["product_type", "account.account_type", "account.deposit_value"]


def test_a_field_that_cannot_be_read_is_not_also_missing() -> None:
    with pytest.raises(InvalidParams) as refused:
        token_wish({"product_type": "pll", "account": 7})
    assert fields_of(refused) == ["account"]
    with pytest.raises(InvalidParams) as refused:
        token_wish({"product_type": "pll", "account": ACCOUNT | {"deposit_type": "amount", "deposit_value": True}})
    assert fields_of(refused) == ["account.deposit_value"]


def test_every_bad_item_of_a_list_is_named() -> None:
    with pytest.raises(InvalidParams) as refused:
        token_wish({"product_type": "income", "allowed_products": ["x", "income", None, "y\0"]})
    assert fields_of(refused) == ["allowed_products[0]", "allowed_products[2]", "allowed_products[3]"]


def test_a_bad_email_and_a_bad_ssn_are_named_beside_a_missing_id() -> None:
    with pytest.raises(InvalidParams) as refused:
        user_wish({"email": "no address", "ssn": "12", "social_security_number": "x", "first_name": 1})
    assert [(one.field, one.message) for one in refused.value.problems] == [
        ("external_user_id", "This field is required."),
        ("first_name", "Expected `str`, got `int`."),
        ("email", "Enter a valid email address."),
        ("ssn", "Enter nine digits, or the last four."),
        ("social_security_number", "Enter nine digits, or the last four."),
    ]


@pytest.mark.parametrize("ssn", ["222233333", "222-23-3333", " 222233333 ", "3333", ""])
def test_forms_of_an_ssn(ssn: str) -> None:
    assert user_wish({"external_user_id": "x", "ssn": ssn}).ssn in ("222233333", "3333", None)


@pytest.mark.parametrize("name", ["", "  "])
def test_the_clients_own_id_of_a_user_says_something(name: str) -> None:
    with pytest.raises(InvalidParams) as refused:
        user_wish({"external_user_id": name})
    assert refused.value.problems[0].message == "This field may not be blank."


def test_null_characters_are_refused_where_they_stand() -> None:
    with pytest.raises(InvalidParams) as refused:
        token_wish({"product_type": "pll", "account": ACCOUNT | {"bank_name": "a\0"}, "locale": "\0", "unknown": "\0"})
    assert fields_of(refused) == ["locale", "account.bank_name"]


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59-10:00", "2026-13-01", "x", "1e9"])
def test_moments_that_cannot_be(moment: str) -> None:
    with pytest.raises(InvalidParams):
        read_query(UserQuery, {"created_at__gte": moment})


def test_the_old_form_of_a_token_names_its_user() -> None:
    with pytest.raises(InvalidParams) as refused:
        user_token_wish({"user": {}, "product_type": "x"})
    assert fields_of(refused) == ["product_type", "user.id"]
    user_id, wish = user_token_wish({"user": {"id": "u"}, "product_type": "income", "tracking_info": "1"})
    assert (user_id, wish.tracking_info) == ("u", "1")


def test_a_refusal_never_repeats_what_was_sent() -> None:
    with pytest.raises(InvalidParams) as refused:
        user_wish({"external_user_id": "x", "ssn": "991-91-999", "email": "secret@nowhere"})
    assert fields_of(refused) == ["email", "ssn"]
    assert not any("991" in problem.message or "secret" in problem.message for problem in refused.value.problems)


def test_unknown_keys_are_ignored() -> None:
    assert token_wish({"product_type": "income", "colour": "red"}).product_type == "income"


@pytest.mark.parametrize("value", [100, "100", "150.00", 99.5])
def test_a_deposit_value_arrives_as_number_or_text(value: Any) -> None:
    wish = token_wish(
        {
            "product_type": "pll",
            "account": ACCOUNT | {"deposit_type": "amount", "deposit_value": value, "action": "create"},
        }
    )
    assert wish.account is not None
    assert wish.account["deposit_value"] == str(value)


@pytest.mark.parametrize("routing", ["12345678", "123456789", "42345621134"])
def test_routing_numbers_of_the_public_samples_are_accepted(routing: str) -> None:
    assert token_wish({"product_type": "deposit_switch", "account": ACCOUNT | {"routing_number": routing}}).account


@pytest.mark.parametrize("name", ["", None])
def test_an_empty_client_name_is_none(name: str | None) -> None:
    assert token_wish({"product_type": "income", "client_name": name}).client_name is None


def test_a_switch_needs_an_account() -> None:
    with pytest.raises(InvalidParams) as refused:
        token_wish({"product_type": "deposit_switch"})
    assert fields_of(refused) == ["account"]


def test_names_of_a_user_may_be_missing_and_the_ssn_has_two_spellings() -> None:
    assert user_wish({"external_user_id": "x"}).first_name is None
    assert user_wish({"external_user_id": "x", "social_security_number": "991-91-9991"}).ssn == "991919991"
    assert user_changes({"social_security_number": "1234"}) == {"ssn": "1234"}
    assert user_changes({"phone": None}) == {"phone": None}
    assert user_changes({}) == {}


def test_a_query_reads_booleans_and_moments() -> None:
    query = read_query(UserQuery, {"list_links": "true", "created_at__gte": "2026-01-02", "page": "3", "email": "x"})
    assert query.list_links is True
    assert query.created_at_gte is not None
    assert query.created_at_gte.isoformat() == "2026-01-02T00:00:00+00:00"
    spaced = read_query(UserQuery, {"created_at__lte": "2026-01-02T03:04:05 02:00"})
    assert spaced.created_at_lte is not None
    assert spaced.created_at_lte.isoformat() == "2026-01-02T01:04:05+00:00"


@pytest.mark.parametrize("body", [b"[]", b'"x"', b"{", b"\xff\xfe", b"nul"])
def test_a_body_is_one_object(body: bytes) -> None:
    with pytest.raises(InvalidParams) as refused:
        decode_object(body)
    assert fields_of(refused) == ["non_field_errors"]


def test_no_body_is_the_empty_object() -> None:
    assert decode_object(b" ") == {}
    with pytest.raises(InvalidParams) as refused:
        read(SessionRequest, {})
    assert fields_of(refused) == ["bridge_token"]


def test_null_where_a_value_must_be() -> None:
    with pytest.raises(InvalidParams) as refused:
        read(SessionRequest, {"bridge_token": None})
    assert refused.value.problems[0].message == "This field may not be null."


@pytest.mark.parametrize(
    ("pairs", "wish"),
    [
        ({}, PageWish(1, 100)),
        ({"page": "2", "page_size": "10"}, PageWish(2, 10)),
        ({"page_size": "501"}, PageWish(1, 500)),
        ({"page_size": "0"}, PageWish(1, 100)),
        ({"page_size": "-3"}, PageWish(1, 100)),
        ({"page_size": "many"}, PageWish(1, 100)),
    ],
)
def test_pages_asked_for(pairs: dict[str, str], wish: PageWish) -> None:
    assert PageWish.of(pairs) == wish


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.5", "9" * 40, "²"])
def test_pages_that_cannot_be(number: str) -> None:
    with pytest.raises(InvalidPage):
        PageWish.of({"page": number})


def test_a_webhook_belongs_to_the_environment_of_the_key() -> None:
    asked = {"name": "n", "webhook_url": "ftp://x", "env_type": "prod"}
    with pytest.raises(InvalidParams) as refused:
        webhook_wish(asked, Environment.SANDBOX, allow_plain=True)
    assert fields_of(refused) == ["webhook_url", "env_type"]
    assert webhook_changes({"events": None, "enabled": True}, Environment.SANDBOX, allow_plain=True) == {
        "events": (),
        "enabled": True,
    }


@pytest.mark.parametrize(
    "url", ["http://", "https://a b/", "http://x:y/", "//x", "", "http://[::1", "https://x/\x7f", "https://x/\u202e"]
)
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(InvalidParams):
        webhook_wish({"name": "n", "webhook_url": url, "env_type": "sandbox"}, Environment.SANDBOX, allow_plain=True)
