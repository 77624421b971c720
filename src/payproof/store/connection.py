"""How a link stands with its source: connected with what the person typed, lost, or the double of another link."""

from datetime import datetime

import msgspec
from msgspec import Struct

from payproof import clock
from payproof.model.event import EventType
from payproof.model.id import LinkId, TaskId, UserId
from payproof.model.job import JobKind
from payproof.model.secret import Secret
from payproof.model.task import Task
from payproof.store.dialect import Sql
from payproof.store.event import add_event
from payproof.store.job import change_lane
from payproof.store.link import blank_link
from payproof.store.transaction import Tx

_HOLD = Sql(
    "SELECT link_hash, disconnected_at FROM link WHERE id = :id AND tenant = :tenant AND deleted_at IS NULL {lock}"
)
_CONNECT = Sql(
    "UPDATE link SET link_hash = :hash, credentials = :credentials, signed_in_at = :now, disconnected_at = NULL"
    " WHERE id = :id AND tenant = :tenant"
)
_RECONNECT = Sql("UPDATE link SET disconnected_at = NULL WHERE id = :id AND tenant = :tenant")
_DISCONNECT = Sql("UPDATE link SET disconnected_at = :now WHERE id = :id AND tenant = :tenant")
_CREDENTIALS = Sql(
    "SELECT user_id, credentials, signed_in_at FROM link"
    " WHERE id = :id AND tenant = :tenant AND deleted_at IS NULL AND credentials IS NOT NULL"
)
_FORGET = Sql("UPDATE link SET credentials = NULL WHERE id = :id AND tenant = :tenant")
_OTHER_TASKS = Sql("SELECT id FROM task WHERE link_id = :id AND tenant = :tenant AND id <> :own")
_MOVE_TASKS = Sql(
    "UPDATE task SET link_id = :into, version = version + 1 WHERE link_id = :id AND tenant = :tenant AND id <> :own"
)


class Standing(Struct, frozen=True):
    link_hash: str | None
    """None before the first success."""
    is_connected: bool


class Credentials(Struct, frozen=True):
    """What the person typed into the provider's form when they last signed in."""

    form: dict[str, Secret]
    signed_in_at: datetime


def lane_of(link_id: LinkId) -> str:
    """One task of a link is worked on at a time."""
    return f"link {link_id}"


def hold_link(tx: Tx, link_id: LinkId) -> Standing | None:
    """How the link stands; nobody deletes it before this transaction ends. None for one that is gone."""
    row = tx.one(_HOLD, id=link_id)
    return Standing(row[0], row[0] is not None and row[1] is None) if row else None


def connect_link(tx: Tx, user_id: UserId, link_id: LinkId, link_hash: str, form: dict[str, Secret]) -> None:
    """The person has signed in; the `form` is kept, sealed, for refreshes. It may be empty."""
    spoken = msgspec.json.encode({name: value.reveal() for name, value in form.items()})
    sealed = tx.seal(user_id, ("link", link_id, "credentials"), spoken) if form else None
    tx.put(_CONNECT, id=link_id, hash=link_hash, credentials=sealed, now=tx.now_us)


def reconnect_link(tx: Tx, link_id: LinkId) -> None:
    """What was lost works again, without the person."""
    tx.put(_RECONNECT, id=link_id)


def disconnect_link(tx: Tx, link_id: LinkId) -> None:
    """The connection is lost until the person signs in again, or a refresh succeeds after all."""
    tx.put(_DISCONNECT, id=link_id, now=tx.now_us)


def credentials(tx: Tx, link_id: LinkId) -> Credentials | None:
    row = tx.one(_CREDENTIALS, id=link_id)
    if row is None:
        return None
    opened = tx.open(row[0], ("link", link_id, "credentials"), row[1])
    spoken = msgspec.json.decode(opened, type=dict[str, str])
    return Credentials({name: Secret(value) for name, value in spoken.items()}, clock.from_micros(row[2]))


def forget_credentials(tx: Tx, link_id: LinkId) -> None:
    """The source refused them: they are never sent again."""
    tx.put(_FORGET, id=link_id)


def announce_link(tx: Tx, kind: EventType, task: Task, link_id: LinkId) -> None:
    """What the task did to its link."""
    facts = {
        "link_id": link_id,
        "product": task.product_type,
        "data_source": task.data_source,
        "tracking_info": task.tracking_info,
    }
    add_event(tx, kind, user_id=task.user_id, facts=facts, task=task.id, link=link_id)


def absorb_link(tx: Tx, link_id: LinkId, into: LinkId, *, but: TaskId) -> None:
    """A link that turned out to be another's double: its tasks move over and it is gone, unannounced.

    The task `but` is about to be moved by the caller, with its link. Jobs come before tasks, as in every step.
    """
    others = [row[0] for row in tx.all(_OTHER_TASKS, id=link_id, own=but)]
    change_lane(tx, JobKind.VERIFY, others, lane_of(into))
    tx.put(_MOVE_TASKS, id=link_id, into=into, own=but)
    blank_link(tx, link_id)
