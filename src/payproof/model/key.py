"""Access keys: a client id and a secret whose prefix chooses the environment."""

from datetime import datetime

from msgspec import Struct

from payproof.model.tenant import Environment, Tenant


class AccessKey(Struct, frozen=True, kw_only=True):
    id: str
    tenant: Tenant
    created_at: datetime
    deactivated_at: datetime | None = None


_BY_PREFIX = {environment.value: environment for environment in Environment}


def environment_of(secret: str) -> Environment | None:
    """The environment a secret's prefix names, or None."""
    prefix, dash, _ = secret.partition("-")
    return _BY_PREFIX.get(prefix) if dash else None
