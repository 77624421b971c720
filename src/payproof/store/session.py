"""Sessions of the widget."""

from payproof import clock
from payproof.model.id import LinkId, SessionId
from payproof.model.session import Session
from payproof.store.dialect import Sql, SystemSql
from payproof.store.transaction import Row, SystemTx, Tx

_COLUMNS = "id, user_id, bridge_token, link_id, created_at, finished_at"
_ONE = Sql(f"SELECT {_COLUMNS} FROM session WHERE id = :id AND tenant = :tenant")
_TENANT = SystemSql("SELECT tenant FROM session WHERE id = :id")
_ADD = Sql(
    "INSERT INTO session (id, tenant, user_id, bridge_token, link_id, created_at)"
    " VALUES (:id, :tenant, :user_id, :bridge_token, :link_id, :created)"
)
_SET_LINK = Sql("UPDATE session SET link_id = :link_id WHERE id = :id AND tenant = :tenant")
_FINISH = Sql("UPDATE session SET finished_at = COALESCE(finished_at, :now) WHERE id = :id AND tenant = :tenant")


def add_session(tx: Tx, session: Session) -> Session:
    tx.put(
        _ADD,
        id=session.id,
        user_id=session.user_id,
        bridge_token=session.bridge_token,
        link_id=session.link_id,
        created=clock.to_micros(session.created_at),
    )
    return session


def session(tx: Tx, session_id: str) -> Session | None:
    row = tx.one(_ONE, id=session_id)
    return _session(row) if row else None


def tenant_of_session(tx: SystemTx, session_id: str) -> str | None:
    row = tx.one(_TENANT, id=session_id)
    return row[0] if row else None


def set_session_link(tx: Tx, session_id: SessionId, link_id: LinkId) -> None:
    """The link that the session's attempts share from now on."""
    tx.put(_SET_LINK, id=session_id, link_id=link_id)


def finish_session(tx: Tx, session_id: SessionId) -> None:
    tx.put(_FINISH, id=session_id, now=tx.now_us)


def _session(row: Row) -> Session:
    return Session(
        id=row[0],
        user_id=row[1],
        bridge_token=row[2],
        link_id=row[3],
        created_at=clock.from_micros(row[4]),
        finished_at=None if row[5] is None else clock.from_micros(row[5]),
    )
