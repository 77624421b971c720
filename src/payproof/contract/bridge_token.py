"""Bridge tokens on the wire: what a client may ask for, and the deposit account in it."""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Any

from msgspec import Meta, Struct
from msgspec.structs import asdict

from payproof.contract.operation import Operation, post
from payproof.contract.reading import Problem, read
from payproof.model.bridge_token import BridgeToken, BridgeTokenWish
from payproof.model.product import DataSource, ProductType

Text = Annotated[str, Meta(max_length=255)]
Token = Annotated[str, Meta(max_length=64)]
_NUMBER = re.compile(r"^[0-9]{1,12}(\.[0-9]{1,4})?$")
_NEEDS_ACCOUNT = frozenset({ProductType.DEPOSIT_SWITCH, ProductType.PLL})


class DepositAccountType(StrEnum):
    CHECKING = "checking"
    SAVINGS = "savings"


class DepositAction(StrEnum):
    CREATE = "create"
    UPDATE = "update"


class DepositType(StrEnum):
    ENTIRE = "entire"
    PERCENT = "percent"
    AMOUNT = "amount"


class AccountRequest(Struct, frozen=True, kw_only=True):
    """The account that pay is to go to. No checksum: the documented samples have none."""

    account_number: Annotated[str, Meta(min_length=1, max_length=64)]
    routing_number: Annotated[str, Meta(min_length=1, max_length=64)]
    account_type: DepositAccountType
    bank_name: Annotated[str, Meta(min_length=1, max_length=255)]
    bank_address: Text | None = None
    action: DepositAction | None = None
    deposit_type: DepositType | None = None
    deposit_value: str | int | float | None = None

    @classmethod
    def wrong(cls, given: Mapping[str, Any]) -> Iterator[Problem]:
        value = _deposit_value(given.get("deposit_value"))
        if value is not None and not _NUMBER.match(value):
            yield Problem("deposit_value", "Enter a number.")
        if value is None and given.get("deposit_type") in (DepositType.PERCENT, DepositType.AMOUNT):
            yield Problem("deposit_value", "This field is required.")


class TokenRequest(Struct, frozen=True, kw_only=True):
    product_type: ProductType
    tracking_info: Text | None = None
    client_name: Text | None = None
    allowed_products: tuple[ProductType, ...] | None = None
    company_mapping_id: Token | None = None
    provider_id: Token | None = None
    access_token: Token | None = None
    template_id: Token | None = None
    use_case: Text | None = None
    request_extended_history: bool | None = None
    locale: Text | None = None
    data_sources: tuple[DataSource, ...] | None = None
    account: AccountRequest | None = None

    @classmethod
    def wrong(cls, given: Mapping[str, Any]) -> Iterator[Problem]:
        if given.get("product_type") in _NEEDS_ACCOUNT and given.get("account") is None:
            yield Problem("account", "This field is required.")


class UserRef(Struct, frozen=True, kw_only=True):
    id: Annotated[str, Meta(min_length=1, max_length=64)]


class UserTokenRequest(TokenRequest, frozen=True, kw_only=True):
    """The old form: the user is in the body, not in the path."""

    user: UserRef


class TokenBody(Struct, frozen=True, kw_only=True):
    """The answer has no `id`: pages of public clients take one for an order."""

    bridge_token: str
    tracking_info: str | None
    client_name: str | None
    product_type: ProductType
    allowed_products: tuple[ProductType, ...]
    company_mapping_id: str | None
    access_token: str | None
    user_id: str
    template_id: str | None
    data_sources: tuple[DataSource, ...]


def token_wish(data: dict[str, Any]) -> BridgeTokenWish:
    """Raises `InvalidParams`."""
    return _wish(read(TokenRequest, data))


def user_token_wish(data: dict[str, Any]) -> tuple[str, BridgeTokenWish]:
    """The user's id and the wish. Raises `InvalidParams`."""
    asked = read(UserTokenRequest, data)
    return asked.user.id, _wish(asked)


def token_body(token: BridgeToken) -> TokenBody:
    wish = token.wish
    return TokenBody(
        bridge_token=token.token,
        tracking_info=wish.tracking_info,
        client_name=wish.client_name,
        product_type=wish.product_type,
        allowed_products=wish.allowed_products or (wish.product_type,),
        company_mapping_id=wish.company_mapping_id,
        access_token=wish.access_token,
        user_id=token.user_id,
        template_id=wish.template_id,
        data_sources=wish.data_sources,
    )


def _wish(asked: TokenRequest) -> BridgeTokenWish:
    said = {name: value for name, value in asdict(asked).items() if value not in (None, "") and name != "user"}
    if asked.account:
        said["account"] = _account(asked.account)
    said.setdefault("allowed_products", (asked.product_type,))
    return BridgeTokenWish(**said)


def _account(account: AccountRequest) -> dict[str, Any]:
    said = asdict(account) | {"deposit_value": _deposit_value(account.deposit_value)}
    return {name: given for name, given in said.items() if given is not None}


def _deposit_value(value: str | float | None) -> str | None:
    """Values arrive as `100`, `"100"` or `"150.00"` and are kept as text."""
    return None if value in (None, "") else str(value)


_USER = "/v1/users/{user_id}/"

OPERATIONS: tuple[Operation, ...] = (
    post(
        "users_tokens",
        _USER + "tokens/",
        "Bridge Token",
        "Create a bridge token",
        TokenBody,
        request=TokenRequest,
    ),
    post(
        "bridge_tokens_create",
        "/v1/bridge-tokens/",
        "Bridge Token",
        "Create a bridge token for the user named in the body",
        TokenBody,
        request=UserTokenRequest,
        is_old=True,
        refusals=(404,),
    ),
)
