"""Tenants for tests: made by a sandbox key, each with a client, a key and a world of its own."""

from payproof.model.id import TenantId
from payproof.model.job import JobKind
from payproof.model.missing import NotFound
from payproof.model.secret import Secret
from payproof.model.tenant import MadeTenant, Tenant
from payproof.services import key
from payproof.store import SystemTx, job
from payproof.store import tenant as store
from payproof.store.key import tenant as stored_tenant


def add_tenant(tx: SystemTx, maker: Tenant, *, seed: str | None, name: str | None) -> tuple[MadeTenant, Secret]:
    """A new tenant with its access secret. Without a seed it has the same pretend people as its maker."""
    made = store.add_tenant(tx, maker, seed or maker.seed, name)
    _, secret = key.add_key(tx.of(made.tenant))
    return made, secret


def remove_tenant(tx: SystemTx, caller: Tenant, tenant_id: str) -> list[TenantId]:
    """Take away a tenant that the caller made, or that the caller is: with everything it has, and all that it made.

    Returns who is gone. The pretend world is told afterwards. Raises NotFound.
    """
    found = store.made_tenant(tx, tenant_id)
    if found is None or caller.id not in (found.tenant.id, found.made_by):
        raise NotFound("tenant", tenant_id)
    maker = stored_tenant(tx, found.made_by)
    assert maker is not None
    gone = store.remove_tenant(tx, found.tenant)
    for tenant in gone:
        job.enqueue(tx.of(maker), JobKind.FORGET, tenant)
    return gone
