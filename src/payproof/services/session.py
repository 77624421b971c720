"""Sessions of the widget: opened with a bridge token, finished with a public token."""

from payproof.model.bridge_token import BridgeToken, TokenExpired
from payproof.model.id import SessionId, new_token
from payproof.model.session import Session
from payproof.model.task import Task, TaskStatus
from payproof.services.user import hold_user
from payproof.store import Tx, bridge_token, public_token
from payproof.store import session as stored
from payproof.store import task as tasks
from payproof.store.connection import hold_link


class NothingConnected(Exception):
    """A session is finished before any of its attempts has succeeded."""


def open_session(tx: Tx, token: BridgeToken) -> Session:
    """A new session; raises TokenExpired once the bridge token is older than six hours, NotFound without its person."""
    if token.expires_at <= tx.now:
        raise TokenExpired("bridge_token")
    hold_user(tx, token.user_id)
    return stored.add_session(
        tx,
        Session(
            id=SessionId(new_token()),
            user_id=token.user_id,
            bridge_token=token.token,
            link_id=token.link_id,
            created_at=tx.now,
        ),
    )


def token_of(tx: Tx, session: Session) -> BridgeToken:
    """The bridge token behind a session; raises TokenExpired once it has aged out."""
    token = bridge_token.bridge_token(tx, session.bridge_token)
    if token is None or token.expires_at <= tx.now:
        raise TokenExpired("bridge_token")
    return token


def finish_session(tx: Tx, session: Session) -> tuple[str, Task]:
    """A fresh public token for the session's last successful attempt. Raises NothingConnected.

    Asked again, it gives another token: the first answer may have been lost on the way.
    """
    attempts = [one for one in tasks.session_tasks(tx, session.id) if one.link_id and hold_link(tx, one.link_id)]
    done = [one for one in attempts if one.status is TaskStatus.DONE]
    in_hand = [one for one in attempts if one.status in (TaskStatus.PARSE, TaskStatus.FULL_PARSE)]
    chosen = (done or in_hand)[-1:]
    if not chosen or chosen[0].link_id is None:
        raise NothingConnected
    stored.finish_session(tx, session.id)
    return public_token.add_public_token(tx, chosen[0].link_id), chosen[0]
