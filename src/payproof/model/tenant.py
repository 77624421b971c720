"""A tenant is one environment of one client; everything stored belongs to exactly one."""

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
