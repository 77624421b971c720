"""People on the wire."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from payproof.contract.link import LinkBody
from payproof.contract.money import Moment
from payproof.contract.operation import Operation, delete, get, post
from payproof.contract.page import CREATED, Page
from payproof.contract.reading import read
from payproof.model.product import ProductType
from payproof.model.user import User, UserWish

Text = Annotated[str, Meta(max_length=255)]
Email = Annotated[
    str,
    Meta(
        max_length=255,
        pattern=r"^\s*([^@\s]+@[^@\s]+\.[^@\s.]+)?\s*$",
        extra={"refusal": "Enter a valid email address."},
        examples=["ada@example.com"],
    ),
]
Ssn = Annotated[
    str,
    Meta(
        max_length=255,
        pattern=r"^\s*((-*[0-9]){9}|[0-9]{4})?\s*$",
        extra={"refusal": "Enter nine digits, or the last four."},
        examples=["222233333"],
    ),
]
"""Nine digits, with hyphens or without, or the last four."""


ExternalId = Annotated[
    str,
    Meta(max_length=255, pattern=r"\S", extra={"refusal": "This field may not be blank."}, examples=["client-7"]),
]
FirstName = Annotated[str, Meta(max_length=255, examples=["Ada"])]
LastName = Annotated[str, Meta(max_length=255, examples=["Lee"])]
Phone = Annotated[str, Meta(max_length=255, examples=["+14155554193"])]


class UserRequest(Struct, frozen=True, kw_only=True):
    external_user_id: ExternalId
    first_name: FirstName | None = None
    last_name: LastName | None = None
    email: Email | None = None
    phone: Phone | None = None
    ssn: Ssn | None = None
    social_security_number: Ssn | None = None
    """Another spelling of `ssn` that clients send."""


class UserPatch(Struct, frozen=True, kw_only=True):
    """What is absent stays as it is."""

    external_user_id: Text | UnsetType | None = UNSET
    first_name: FirstName | UnsetType | None = UNSET
    last_name: LastName | UnsetType | None = UNSET
    email: Email | UnsetType | None = UNSET
    phone: Phone | UnsetType | None = UNSET
    ssn: Ssn | UnsetType | None = UNSET
    social_security_number: Ssn | UnsetType | None = UNSET


class UserBody(Struct, frozen=True, kw_only=True):
    id: str
    external_user_id: str | None
    first_name: str
    last_name: str
    email: str | None
    phone: str | None
    ssn: str | None
    created_at: Moment
    updated_at: Moment


class UserListed(UserBody, frozen=True, kw_only=True):
    links: list[LinkBody] | UnsetType = UNSET
    """Only where `list_links` asks for them."""


class UserDetail(UserBody, frozen=True, kw_only=True):
    links: list[LinkBody]
    voie_report_id: str | None = None
    voa_report_id: str | None = None
    income_insights_report_id: str | None = None
    aim_check_report_id: str | None = None


class UserQuery(Struct, frozen=True, kw_only=True, rename=CREATED):
    external_user_id: str | None = None
    product_type: ProductType | None = None
    created_at_gte: Moment | None = None
    created_at_lte: Moment | None = None
    list_links: bool = False


def user_wish(data: dict[str, Any]) -> UserWish:
    """Raises `InvalidParams`."""
    return _said(read(UserRequest, data))


def user_changes(data: dict[str, Any]) -> dict[str, str | None]:
    """The new values by field, only of what the client names. Raises `InvalidParams`."""
    patch = read(UserPatch, data)
    named = {name for name in UserPatch.__struct_fields__ if getattr(patch, name) is not UNSET}
    if "social_security_number" in named:
        named = named - {"social_security_number"} | {"ssn"}
    wish = _said(patch)
    return {name: getattr(wish, name) for name in named}


def user_body(user: User) -> UserBody:
    return UserBody(**_keys(user))


def user_listed(user: User, links: list[LinkBody] | None) -> UserListed:
    return UserListed(**_keys(user), links=UNSET if links is None else links)


def user_detail(user: User, links: list[LinkBody]) -> UserDetail:
    return UserDetail(**_keys(user), links=links)


def _keys(user: User) -> dict[str, Any]:
    """Names are never null on the wire: some clients read them without looking."""
    keys = {name: getattr(user, name) for name in UserBody.__struct_fields__}
    return keys | {"first_name": user.first_name or "", "last_name": user.last_name or ""}


def _said(asked: UserRequest | UserPatch) -> UserWish:
    said = {name: _text(getattr(asked, name)) for name in UserWish.__struct_fields__}
    ssn = said["ssn"] or _text(asked.social_security_number)
    said["ssn"] = ssn.replace("-", "") if ssn else None
    return UserWish(**said)


def _text(value: str | UnsetType | None) -> str | None:
    """Nothing said and the empty text are the same."""
    return value.strip() or None if isinstance(value, str) else None


_USER = "/v1/users/{user_id}/"

OPERATIONS: tuple[Operation, ...] = (
    get(
        "users_list",
        "/v1/users/",
        "Users",
        "List users",
        Page[UserListed],
        query=UserQuery,
        is_paged=True,
        refusals=(404,),
    ),
    post("users_create", "/v1/users/", "Users", "Create a user", UserBody, request=UserRequest),
    get("users_read", _USER, "Users", "Retrieve a user", UserDetail, refusals=(404,)),
    Operation(
        name="users_update",
        method="PATCH",
        path=_USER,
        tag="Users",
        summary="Update a user",
        answer=UserBody,
        request=UserPatch,
        refusals=(400, 404),
    ),
    delete("users_delete", _USER, "Users", "Delete a user with all links and data"),
)
