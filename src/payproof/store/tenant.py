"""Tenants that tenants make, and how a tenant is taken away with everything it has."""

from functools import cache

from payproof import clock
from payproof.model.id import ClientId, TenantId, UserId, new_id
from payproof.model.tenant import Environment, MadeTenant, Tenant
from payproof.store.dialect import Sql, SystemSql
from payproof.store.migration import migrations
from payproof.store.shape import children_first, tables
from payproof.store.transaction import Row, SystemTx, Tx
from payproof.store.window import Window

_ADD_CLIENT = SystemSql("INSERT INTO client (id, created_at) VALUES (:id, :now)")
_ADD = SystemSql(
    "INSERT INTO tenant (id, client_id, environment, seed, name, made_by, created_at)"
    " VALUES (:id, :client_id, 'sandbox', :seed, :name, :made_by, :now)"
)
_COLUMNS = "id, client_id, environment, seed, name, made_by, created_at"
_ONE = SystemSql(f"SELECT {_COLUMNS} FROM tenant WHERE id = :id AND made_by IS NOT NULL")
_MADE = Sql(
    f"SELECT {_COLUMNS} FROM tenant WHERE made_by = :tenant ORDER BY created_at DESC, id DESC"
    " LIMIT :limit OFFSET :offset"
)
_COUNT = Sql("SELECT COUNT(*) FROM tenant WHERE made_by = :tenant")
_ALL_MADE = Sql("SELECT id, client_id, environment, seed FROM tenant WHERE made_by = :tenant ORDER BY id")
_EXISTS = SystemSql("SELECT 1 FROM tenant WHERE id = :id")
_DROP_JOBS = Sql("DELETE FROM job WHERE tenant = :tenant")
_ALONE = Sql("SELECT id FROM tenant WHERE id = :tenant {alone}")
_PEOPLE = Sql("SELECT user_id FROM data_key WHERE tenant = :tenant")
_DROP = Sql("DELETE FROM tenant WHERE id = :tenant")
_DROP_CLIENT = SystemSql(
    "DELETE FROM client WHERE id = :id AND NOT EXISTS (SELECT 1 FROM tenant WHERE client_id = :id)"
)


def add_tenant(tx: SystemTx, maker: Tenant, seed: str, name: str | None) -> MadeTenant:
    """A sandbox tenant of a client of its own."""
    tenant = Tenant(TenantId(new_id()), ClientId(new_id()), Environment.SANDBOX, seed)
    now = clock.to_micros(tx.wall)
    tx.put(_ADD_CLIENT, id=tenant.client_id, now=now)
    tx.put(_ADD, id=tenant.id, client_id=tenant.client_id, seed=seed, name=name, made_by=maker.id, now=now)
    return MadeTenant(tenant=tenant, name=name, made_by=maker.id, created_at=tx.wall)


def made_tenant(tx: SystemTx, tenant_id: str) -> MadeTenant | None:
    """None too for a tenant that no other one made."""
    row = tx.one(_ONE, id=tenant_id)
    return _made(row) if row else None


def made_tenants(tx: Tx, *, window: Window) -> tuple[int, list[MadeTenant]]:
    """How many this tenant has made, and the window's part of them, newest first."""
    count = tx.one(_COUNT)
    rows = tx.all(_MADE, limit=window.limit, offset=window.offset)
    return count[0] if count else 0, [_made(row) for row in rows]


def exists(tx: SystemTx, tenant_id: str) -> bool:
    return tx.one(_EXISTS, id=tenant_id) is not None


def remove_tenant(tx: SystemTx, tenant: Tenant) -> list[TenantId]:
    """Take a tenant away, with all that it has and the tenants that it made; returns who is gone.

    Its jobs go first: a step that is running holds its job, so this waits for it, and what begins later finds its
    lease lost. Then nobody may add anything to it any more.
    """
    of = tx.of(tenant)
    gone = [one for row in of.all(_ALL_MADE) for one in remove_tenant(tx, _tenant(row))]
    of.put(_DROP_JOBS)
    of.all(_ALONE)
    for row in of.all(_PEOPLE):
        tx.vault.forget_key(UserId(row[0]))
    for statement in _removals():
        of.put(statement)
    of.put(_DROP)
    tx.put(_DROP_CLIENT, id=tenant.client_id)
    tx.notices.keys = True
    return [*gone, tenant.id]


@cache
def _removals() -> list[Sql]:
    """One statement for each table that tenants have rows in."""
    found = children_first(tables([one.number for one in migrations()]))
    owned = [table.name for table in found if any(column.name == "tenant" for column in table.columns)]
    return [Sql(f"DELETE FROM {name} WHERE tenant = :tenant") for name in owned]


def _tenant(row: Row) -> Tenant:
    return Tenant(row[0], row[1], Environment(row[2]), row[3])


def _made(row: Row) -> MadeTenant:
    return MadeTenant(tenant=_tenant(row), name=row[4], made_by=row[5], created_at=clock.from_micros(row[6]))
