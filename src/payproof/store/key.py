"""Clients, their tenants and their access keys."""

import hashlib
import hmac

from payproof import clock
from payproof.model.id import ClientId, TenantId, new_id
from payproof.model.key import AccessKey
from payproof.model.secret import Secret
from payproof.model.tenant import Environment, Tenant
from payproof.store.dialect import Sql, SystemSql
from payproof.store.transaction import Row, SystemTx, Tx

_COLUMNS = "k.id, t.id, t.client_id, t.environment, t.seed, k.created_at, k.deactivated_at"
_BY_SECRET = SystemSql(
    f"SELECT {_COLUMNS} FROM access_key k JOIN tenant t ON t.id = k.tenant WHERE k.secret_hash = :secret_hash"
)
_OF_TENANT = Sql(
    f"SELECT {_COLUMNS} FROM access_key k JOIN tenant t ON t.id = k.tenant"
    " WHERE k.tenant = :tenant AND k.deactivated_at IS NULL ORDER BY k.created_at DESC, k.id DESC"
)
_TENANT = SystemSql(
    "SELECT id, client_id, environment, seed FROM tenant WHERE client_id = :client_id AND environment = :environment"
)
_TENANT_BY_ID = SystemSql("SELECT id, client_id, environment, seed FROM tenant WHERE id = :id")
_TENANTS = SystemSql("SELECT id, client_id, environment, seed FROM tenant ORDER BY id")
_ADD_CLIENT = SystemSql("INSERT INTO client (id, created_at) VALUES (:id, :now) ON CONFLICT DO NOTHING")
_ADD_TENANT = SystemSql(
    "INSERT INTO tenant (id, client_id, environment, seed, created_at)"
    " VALUES (:id, :client_id, :environment, :seed, :now) ON CONFLICT DO NOTHING"
)
_ADD_KEY = Sql(
    "INSERT INTO access_key (id, tenant, secret_hash, sealed_secret, created_at)"
    " VALUES (:id, :tenant, :secret_hash, :sealed, :now) ON CONFLICT DO NOTHING"
)
_DEACTIVATE = Sql(
    "UPDATE access_key SET deactivated_at = :now WHERE id = :id AND tenant = :tenant AND deactivated_at IS NULL"
)
_SEALED = Sql("SELECT sealed_secret FROM access_key WHERE id = :id AND tenant = :tenant AND deactivated_at IS NULL")


_LOCK = Sql("SELECT 1 FROM tenant WHERE id = :tenant {lock}")


def hash_secret(secret: Secret) -> str:
    """The form in which a secret is looked up: 160 random bits need no slow hash."""
    return hashlib.sha256(secret.reveal().encode()).hexdigest()


def ensure_tenant(tx: SystemTx, client_id: ClientId, environment: Environment, seed: str) -> Tenant:
    """The client's tenant in an environment; made, with the client, where it is missing."""
    now = clock.to_micros(tx.wall)
    tx.put(_ADD_CLIENT, id=client_id, now=now)
    tx.put(_ADD_TENANT, id=new_id(), client_id=client_id, environment=environment, seed=seed, now=now)
    row = tx.one(_TENANT, client_id=client_id, environment=environment)
    assert row is not None
    return _tenant(row)


def tenant(tx: SystemTx, tenant_id: TenantId) -> Tenant | None:
    row = tx.one(_TENANT_BY_ID, id=tenant_id)
    return _tenant(row) if row else None


def tenants(tx: SystemTx) -> list[Tenant]:
    return [_tenant(row) for row in tx.all(_TENANTS)]


def key_by_secret(tx: SystemTx, secret_hash: str) -> AccessKey | None:
    """The key with this secret, live or deactivated."""
    row = tx.one(_BY_SECRET, secret_hash=secret_hash)
    return _key(row) if row else None


def keys_to_change(tx: Tx) -> list[AccessKey]:
    """The tenant's live keys, newest first, and nobody else counts them until the transaction ends."""
    tx.one(_LOCK)
    return keys(tx)


def keys(tx: Tx) -> list[AccessKey]:
    """The tenant's live keys, newest first."""
    return [_key(row) for row in tx.all(_OF_TENANT)]


def hash_shared(client_id: str, secret: Secret) -> str:
    """How a secret is looked up that several clients chose: only where any key is accepted."""
    return hashlib.sha256(f"{client_id}\n{secret.reveal()}".encode()).hexdigest()


def marked(tx: Tx, drawn: str) -> Secret:
    """A secret of ours: eight of its digits say that this server drew it, and no table need remember that."""
    return Secret(drawn + _mark(tx, drawn))


def is_marked(tx: SystemTx, secret: Secret) -> bool:
    """Whether this server drew it. Where any key is accepted, one of ours that is gone must not come to life again."""
    text = secret.reveal()
    return hmac.compare_digest(_mark(tx, text[:-8]).encode(), text[-8:].encode())


def add_key(tx: Tx, secret: Secret, *, secret_hash: str | None = None) -> str:
    """Store a secret to look up by hash and, sealed, to sign webhooks with. Returns the key's id."""
    key_id = new_id()
    sealed = tx.vault.seal_with_master(("access_key", key_id, tx.tenant.id), secret.reveal().encode())
    looked_up = secret_hash or hash_secret(secret)
    tx.put(_ADD_KEY, id=key_id, secret_hash=looked_up, sealed=sealed, now=clock.to_micros(tx.wall))
    return key_id


def deactivate_key(tx: Tx, key_id: str) -> bool:
    """At once and for good; False where there is no live key of that id."""
    tx.notices.keys = True
    return tx.run(_DEACTIVATE, id=key_id, now=clock.to_micros(tx.wall)) == 1


def signing_secret(tx: Tx, key_id: str | None) -> Secret | None:
    """The secret of that key while it is live, else of the newest live key, else None."""
    row = tx.one(_SEALED, id=key_id) if key_id else None
    if row is None:
        live = keys(tx)
        if not live:
            return None
        key_id = live[0].id
        row = tx.one(_SEALED, id=key_id)
    assert row is not None and key_id is not None
    opened = tx.vault.open_with_master(("access_key", key_id, tx.tenant.id), row[0])
    return Secret(opened.decode())


def _mark(tx: SystemTx | Tx, text: str) -> str:
    return tx.vault.keyed_hash("", "access_key", text)[:8]


def _tenant(row: Row) -> Tenant:
    return Tenant(row[0], row[1], Environment(row[2]), row[3])


def _key(row: Row) -> AccessKey:
    return AccessKey(
        id=row[0],
        tenant=_tenant(row[1:5]),
        created_at=clock.from_micros(row[5]),
        deactivated_at=None if row[6] is None else clock.from_micros(row[6]),
    )
