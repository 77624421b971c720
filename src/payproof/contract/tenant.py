"""Tenants for tests on the wire: an addition of ours."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from payproof.contract.money import Moment
from payproof.contract.operation import NOTE, Operation, get, post
from payproof.contract.page import Page
from payproof.contract.reading import read
from payproof.model.secret import Secret
from payproof.model.tenant import MadeTenant

Seed = Annotated[str, Meta(pattern="^[!-~]{1,64}$")]
"""Without spaces: it travels in a header."""
Name = Annotated[str, Meta(max_length=128)]


class TenantRequest(Struct, frozen=True, kw_only=True):
    seed: Seed | None = None
    """Pretend people, amounts and dates derive from it. Without it they are those of the tenant that asks."""
    name: Name | None = None
    """To tell it from others in the list."""


class TenantBody(Struct, frozen=True, kw_only=True):
    id: str
    client_id: str
    seed: str
    name: str | None
    created_at: Moment


class NewTenantBody(TenantBody, frozen=True, kw_only=True):
    secret: str
    """Shown this once."""


def tenant_wish(data: dict[str, Any]) -> TenantRequest:
    """Raises `InvalidParams`."""
    return read(TenantRequest, data)


def tenant_body(made: MadeTenant) -> TenantBody:
    return TenantBody(**_said(made))


def new_tenant_body(made: MadeTenant, secret: Secret) -> NewTenantBody:
    return NewTenantBody(**_said(made), secret=secret.reveal())


def _said(made: MadeTenant) -> dict[str, Any]:
    tenant = made.tenant
    return {
        "id": tenant.id,
        "client_id": tenant.client_id,
        "seed": tenant.seed,
        "name": made.name,
        "created_at": made.created_at,
    }


_TENANTS = "/v1/sandbox/tenants/"

OPERATIONS: tuple[Operation, ...] = (
    get(
        "sandbox_tenants_list",
        _TENANTS,
        "Sandbox",
        "List the tenants that this one has made (an addition of ours)",
        Page[TenantBody],
        is_paged=True,
        refusals=(404,),
    ),
    post(
        "sandbox_tenants_create",
        _TENANTS,
        "Sandbox",
        "Make a tenant with a client, a key and a world of its own (an addition of ours)",
        NewTenantBody,
        request=TenantRequest,
        max_bytes=NOTE,
    ),
    Operation(
        name="sandbox_tenants_delete",
        method="DELETE",
        path=_TENANTS + "{tenant_id}/",
        tag="Sandbox",
        summary="Take a tenant away with everything it has; its maker may, and itself (an addition of ours)",
        status=204,
        refusals=(404,),
    ),
)
