"""Connections in one call on the wire: an addition of ours."""

from collections.abc import Collection
from typing import Annotated, Any

from msgspec import Meta, Struct

from payproof.contract.bridge_token import Text, Token
from payproof.contract.operation import Operation, post
from payproof.contract.reading import InvalidParams, Problem, read
from payproof.contract.waiting import MOST_WAIT_SECONDS
from payproof.model.connection import Connection, ConnectionWish
from payproof.model.id import UserId
from payproof.model.product import ProductType
from payproof.model.secret import Secret
from payproof.model.task import ENDINGS, TaskStatus

PROVIDER = "sandbox_payroll"
"""Where none is named: the payroll portal of the pretend world."""
DEFAULT_WAIT_SECONDS = 30.0
_GOOD = "goodpassword"
_ENDS = "error.user"
"""Whose password says how the task ends."""

Word = Annotated[str, Meta(min_length=1, max_length=255)]


class ConnectionRequest(Struct, frozen=True, kw_only=True):
    """A `username` of the sandbox, or the `status` that the task is to end in; without either it is `goodlogin`."""

    user_id: Token
    product_type: ProductType
    provider_id: Token | None = None
    username: Word | None = None
    password: Word | None = None
    """Without it the one that signs in."""
    status: TaskStatus | None = None
    tracking_info: Text | None = None
    company_mapping_id: Token | None = None


class ConnectionQuery(Struct, frozen=True, kw_only=True):
    wait: Annotated[float, Meta(ge=0, le=MOST_WAIT_SECONDS)] = DEFAULT_WAIT_SECONDS
    """So many seconds the answer may be held back until the task has ended."""


class ConnectionBody(Struct, frozen=True, kw_only=True):
    task_id: str
    link_id: str | None
    public_token: str | None
    """Null unless the task is done; it may be exchanged once."""
    access_token: str | None
    status: TaskStatus
    error_message: str | None


def connection_wish(data: dict[str, Any], providers: Collection[str]) -> ConnectionWish:
    """`providers` are the names of those that take a user name. Raises `InvalidParams` with all that is wrong."""
    problems = [*_contradictions(data)]
    named = data.get("provider_id") or PROVIDER
    if isinstance(named, str) and named not in providers:
        problems.append(Problem("provider_id", "There is no such provider that takes a user name."))
    try:
        asked = read(ConnectionRequest, data)
    except InvalidParams as refused:
        told = {one.field for one in refused.problems}
        raise InvalidParams(*refused.problems, *(one for one in problems if one.field not in told)) from None
    if problems:
        raise InvalidParams(*problems)
    username = _ENDS if asked.status else asked.username or "goodlogin"
    return ConnectionWish(
        user_id=UserId(asked.user_id),
        product_type=asked.product_type,
        provider_id=named,
        username=username,
        password=Secret(asked.status or asked.password or _GOOD),
        tracking_info=asked.tracking_info,
        company_mapping_id=asked.company_mapping_id,
    )


def connection_body(found: Connection) -> ConnectionBody:
    return ConnectionBody(
        task_id=found.task.id,
        link_id=found.link_id,
        public_token=found.public_token,
        access_token=found.access_token,
        status=found.task.status,
        error_message=found.task.error_message,
    )


def _contradictions(data: dict[str, Any]) -> list[Problem]:
    status = data.get("status")
    if status is None:
        return []
    wrong = [Problem(name, "Say this or status, not both.") for name in ("username", "password") if data.get(name)]
    if not isinstance(status, str) or status not in ENDINGS:
        endings = ", ".join(one for one in TaskStatus if one in ENDINGS)
        wrong.append(Problem("status", f"Not an ending. One of: {endings}."))
    return wrong


OPERATIONS: tuple[Operation, ...] = (
    post(
        "sandbox_connections_create",
        "/v1/sandbox/connections/",
        "Sandbox",
        "Connect a person in one call; 202 where the task is still on its way (an addition of ours)",
        ConnectionBody,
        request=ConnectionRequest,
        query=ConnectionQuery,
        may_be_pending=True,
        refusals=(400, 404),
    ),
)
