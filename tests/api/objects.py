"""One of every object that an operation can name. Whoever adds an operation says here how to make what it names.

`OBJECTS` are the objects of paths, by the path that leads to them: names of what a `World` has. `BODIES` are bodies
that do what was asked. `NAMED` and `QUERIES` are the objects of bodies and queries. Operations without an entry fail
`test_people`.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import fields

from payproof import clock
from payproof.contract import truv
from payproof.contract.operation import Operation
from tests.api.world import HOOK, World

Make = Callable[[World], Awaitable[Any]]

OBJECTS: dict[str, str] = {
    "/v1/users/{user_id}": "user",
    "/v1/links/{link_id}": "link",
    "/v1/link/{link_id}": "link",
    "/v1/tasks/{id}": "task",
    "/v1/refresh/tasks/{task_id}": "refresh",
    "/v1/webhooks/{webhook_id}": "webhook",
    "/v1/sandbox/tenants/{tenant_id}": "tenant",
    "/v1/sandbox/requests/{request_id}": "request",
    "/v1/sandbox/clocks/{clock_id}": "clock",
}

PUBLIC = {
    "/v1/providers/{provider_id}": "provider",
    "/v1/companies/{company_mapping_id}": "company",
    "/v1/payroll-providers/supported/{product_type}": "product",
}
"""What belongs to nobody, and is there for everybody who has a key."""


async def _user_token(world: World) -> Any:
    return {"user": {"id": await world.user()}, "product_type": "income"}


async def _access_token(world: World) -> Any:
    return {"access_token": await world.access_token()}


async def _public_token_body(world: World) -> Any:
    return {"public_token": await world.public_token()}


async def _span(world: World) -> Any:
    since = clock.now() - timedelta(days=1)
    return {"created_at__gte": since.isoformat(), "webhook": await world.webhook()}


async def _delivery(world: World) -> Any:
    return {"webhook_id": await world.delivery()}


async def _key_id(world: World) -> Any:
    return {"id": await world.key()}


async def _update(world: World, user_id: str) -> Any:
    return {"user": {"id": user_id}, "product_type": "income", "access_token": await world.access_token()}


def _always(body: Any) -> Make:
    async def make(world: World) -> Any:
        return body

    return make


async def _connection(world: World) -> Any:
    return {"user_id": await world.user(), "product_type": "income", "provider_id": await world.provider()}


BODIES: dict[str, Make] = {
    "users_create": _always({"external_user_id": "x"}),
    "users_update": _always({"last_name": "Lee"}),
    "users_tokens": _always({"product_type": "income"}),
    "bridge_tokens_create": _user_token,
    "link_access_tokens_create": _public_token_body,
    "refresh_tasks_create": _access_token,
    "links_reports_income": _access_token,
    "link_reports_income": _access_token,
    "links_reports_employment": _access_token,
    "link_reports_employment": _access_token,
    "companies_match": _always({"name": "Walmart"}),
    "webhooks_create": _always(HOOK),
    "webhooks_update": _always({"enabled": False}),
    "webhook_requests_replay": _span,
    "keys_create": _always({"env_type": "sandbox"}),
    "keys_deactivate": _key_id,
    "sandbox_tenants_create": _always({}),
    "sandbox_connections_create": _connection,
    "sandbox_clocks_create": _always({}),
    "sandbox_clocks_freeze": _always({}),
    "sandbox_clocks_advance": _always({"by": "1 day"}),
}


def _owners(make: Make) -> Callable[[World, str], Awaitable[Any]]:
    return lambda world, _: make(world)


class Named(Struct, frozen=True):
    """A body that names somebody's object, and what others hear who name it."""

    body: Callable[[World, str], Awaitable[Any]]
    """With the owner's object in it, and a user of whoever sends it."""
    elsewhere: int
    """The same client, with another environment's key."""
    foreign: int
    """Another client."""


NAMED: dict[tuple[str, str], Named] = {
    ("users_tokens", "access_token"): Named(_update, 400, 400),
    ("bridge_tokens_create", "access_token"): Named(_update, 400, 400),
    ("bridge_tokens_create", "user"): Named(_owners(_user_token), 403, 404),
    ("link_access_tokens_create", "public_token"): Named(_owners(_public_token_body), 403, 400),
    ("refresh_tasks_create", "access_token"): Named(_owners(_access_token), 403, 400),
    ("links_reports_income", "access_token"): Named(_owners(_access_token), 403, 400),
    ("link_reports_income", "access_token"): Named(_owners(_access_token), 403, 400),
    ("links_reports_employment", "access_token"): Named(_owners(_access_token), 403, 400),
    ("link_reports_employment", "access_token"): Named(_owners(_access_token), 403, 400),
    ("sandbox_connections_create", "user_id"): Named(_owners(_connection), 403, 404),
    ("webhook_requests_replay", "webhook_id"): Named(_owners(_delivery), 403, 404),
    ("keys_deactivate", "id"): Named(_owners(_key_id), 403, 404),
}
"""By operation and field. Why a token is 400 where an id is 404: `docs/decisions/errors.md`."""

QUERIES: dict[tuple[str, str], str] = {
    ("links_list", "user_id"): "with_a_link",
    ("tasks_list", "user_id"): "with_a_link",
    ("tasks_list", "link_id"): "link",
    ("sandbox_webhook_inbox_list", "user_id"): "with_a_link",
    ("sandbox_webhook_inbox_list", "task_id"): "task",
    ("sandbox_requests_list", "request_id"): "request",
}
"""Filters of lists by somebody's object: others find nothing under it."""

PLAIN = {
    "external_user_id", "provider_id", "template_id", "company_mapping_id", "order_id", "companies_match id",
}  # fmt: skip
"""Fields, of any operation or of one, that look like names of objects and name none of a tenant's own."""


def prefixes(operation: Operation) -> list[str]:
    """The paths, one inside the other, that each end in an object's name."""
    parts = operation.path.strip("/").split("/")
    return ["/" + "/".join(parts[: at + 1]) for at, part in enumerate(parts) if part.startswith("{")]


def fields_that_name(operation: Operation) -> list[str]:
    """The fields of an operation's body and query that look as if they name an object."""
    kinds = [kind for kind in (operation.request, operation.query) if kind]
    names = [field.encode_name for kind in kinds for field in fields(kind)]
    plain = {name for name in names if name in PLAIN or f"{operation.name} {name}" in PLAIN}
    return [
        name for name in names if (name in ("id", "user") or name.endswith(("_id", "_token"))) and name not in plain
    ]


OWNED = [one for one in truv.OPERATIONS if any(prefix not in PUBLIC for prefix in prefixes(one))]


async def path_of(operation: Operation, world: World) -> str:
    """The operation's path with the world's objects in it."""
    path = operation.path
    for prefix in prefixes(operation):
        path = path.replace(prefix[prefix.rindex("{") :], await world.object((OBJECTS | PUBLIC)[prefix]), 1)
    return path


async def body_of(operation: Operation, world: World) -> Any:
    return await BODIES[operation.name](world) if operation.request else None
