"""A tenant is one environment of one client; everything stored belongs to exactly one."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from payproof.model.id import ClientId, TenantId


class Environment(StrEnum):
    SANDBOX = "sandbox"
    DEV = "dev"
    PROD = "prod"


class Tenant(Struct, frozen=True):
    id: TenantId
    client_id: ClientId
    environment: Environment
    seed: str = "payproof"
    """Deterministic people, amounts and dates of the pretend world derive from this."""


class MadeTenant(Struct, frozen=True, kw_only=True):
    """A sandbox tenant that another one made for its tests: it owns its world, and is taken away when they are over."""

    tenant: Tenant
    name: str | None
    made_by: TenantId
    created_at: datetime
