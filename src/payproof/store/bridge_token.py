"""Bridge tokens: shown on tasks, so kept in clear; the wish behind one is sealed."""

import msgspec

from payproof import clock
from payproof.model.bridge_token import BridgeToken, BridgeTokenWish
from payproof.model.id import LinkId
from payproof.store.dialect import Sql, SystemSql
from payproof.store.transaction import Row, SystemTx, Tx

_COLUMNS = "token, user_id, link_id, body, created_at, expires_at"
_ONE = Sql(f"SELECT {_COLUMNS} FROM bridge_token WHERE token = :token AND tenant = :tenant")
_TENANT = SystemSql("SELECT tenant FROM bridge_token WHERE token = :token")
_LINK = Sql("SELECT link_id FROM bridge_token WHERE token = :token AND tenant = :tenant")
_ADD = Sql(
    "INSERT INTO bridge_token (token, tenant, user_id, link_id, body, created_at, expires_at)"
    " VALUES (:token, :tenant, :user_id, :link_id, :body, :created, :expires)"
)


def add_bridge_token(tx: Tx, token: BridgeToken) -> BridgeToken:
    sealed = tx.seal(token.user_id, ("bridge_token", token.token, "body"), msgspec.json.encode(token.wish))
    tx.put(
        _ADD,
        token=token.token,
        user_id=token.user_id,
        link_id=token.link_id,
        body=sealed,
        created=clock.to_micros(token.created_at),
        expires=clock.to_micros(token.expires_at),
    )
    return token


def bridge_token(tx: Tx, token: str) -> BridgeToken | None:
    row = tx.one(_ONE, token=token)
    return _bridge_token(tx, row) if row else None


def link_of_token(tx: Tx, token: str) -> LinkId | None:
    """The link that is to be connected again with it."""
    row = tx.one(_LINK, token=token)
    return row[0] if row else None


def tenant_of_bridge_token(tx: SystemTx, token: str) -> str | None:
    """Whose token it is: the person in front of the widget brings nothing else."""
    row = tx.one(_TENANT, token=token)
    return row[0] if row else None


def _bridge_token(tx: Tx, row: Row) -> BridgeToken:
    opened = tx.open(row[1], ("bridge_token", row[0], "body"), row[3])
    return BridgeToken(
        token=row[0],
        user_id=row[1],
        link_id=row[2],
        wish=msgspec.json.decode(opened, type=BridgeTokenWish),
        created_at=clock.from_micros(row[4]),
        expires_at=clock.from_micros(row[5]),
    )
