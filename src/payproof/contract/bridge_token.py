"""Bridge tokens on the wire: what a client may ask for, and the deposit account in it."""

import re
from enum import StrEnum
from typing import Annotated, Any

from msgspec import Meta, Struct
from msgspec.structs import asdict

from payproof.contract.operation import Operation, post
from payproof.contract.reading import InvalidParams, Problem, invalid, read
from payproof.model.bridge_token import BridgeToken, BridgeTokenWish
from payproof.model.product import DataSource, ProductType

Text = Annotated[str, Meta(max_length=255)]
Token = Annotated[str, Meta(max_length=64)]
_NUMBER = re.compile(r"^[0-9]{1,12}(\.[0-9]{1,4})?$")
_NEEDS_ACCOUNT = frozenset({ProductType.DEPOSIT_SWITCH, ProductType.PLL})


class DepositAccountType(StrEnum):
    CHECKING = "checking"
    SAVINGS = "savings"


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
    action: Text | None = None
    deposit_type: DepositType | None = None
    deposit_value: str | int | float | None = None


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
    asked = read(TokenRequest, data)
    if asked.product_type in _NEEDS_ACCOUNT and asked.account is None:
        raise invalid("account", "This field is required.")
    said = {name: value for name, value in asdict(asked).items() if value not in (None, "")}
    if asked.account:
        said["account"] = _account(asked.account)
    said.setdefault("allowed_products", (asked.product_type,))
    return BridgeTokenWish(**said)


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


def _account(account: AccountRequest) -> dict[str, Any]:
    """Values arrive as `100`, `"100"` or `"150.00"` and are kept as text."""
    value = account.deposit_value
    said = asdict(account) | {"deposit_value": None if value in (None, "") else str(value)}
    if said["deposit_value"] is not None and not _NUMBER.match(said["deposit_value"]):
        raise InvalidParams(Problem("account.deposit_value", "Enter a number."))
    if account.deposit_type in (DepositType.PERCENT, DepositType.AMOUNT) and said["deposit_value"] is None:
        raise InvalidParams(Problem("account.deposit_value", "This field is required."))
    return {name: given for name, given in said.items() if given is not None}


_USER = "/v1/users/{user_id}/"

OPERATIONS: tuple[Operation, ...] = (
    post(
        "users_tokens",
        _USER + "tokens/",
        "Bridge Token",
        "Create a bridge token",
        TokenBody,
        request=TokenRequest,
        refusals=(400, 404),
    ),
)
