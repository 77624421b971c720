"""Taking away what belongs to a link or a person: out of sight at once, then out of the tables, piece by piece.

Rows of links, people and tasks stay, emptied: other tables name them.
"""

from payproof.model.id import LinkId, UserId
from payproof.model.link import Link
from payproof.store.dialect import Sql
from payproof.store.link import blank_link
from payproof.store.transaction import Tx

MANY, FEW = 2000, 50
"""So many rows are deleted in one commit; of files, which may be large, only a few."""

_BLANK_TASKS = Sql("UPDATE task SET memory = NULL, error_message = NULL WHERE link_id = :id AND tenant = :tenant")
_OF_LINK = tuple(
    Sql(text)
    for text in (
        "DELETE FROM question WHERE task_id IN (SELECT id FROM task WHERE link_id = :id AND tenant = :tenant)",
        "DELETE FROM file_token WHERE link_id = :id AND tenant = :tenant",
        "DELETE FROM file_token WHERE raw_id IN (SELECT r.id FROM raw r JOIN task t ON t.id = r.task_id"
        " WHERE t.link_id = :id AND t.tenant = :tenant)",
        "UPDATE public_token SET expires_at = 0 WHERE link_id = :id AND tenant = :tenant",
        "UPDATE bridge_token SET expires_at = 0 WHERE user_id = :user_id AND link_id = :id AND tenant = :tenant",
        "UPDATE session SET link_id = NULL WHERE user_id = :user_id AND link_id = :id AND tenant = :tenant",
        "DELETE FROM remembered WHERE user_id = :user_id AND tenant = :tenant"
        " AND connector_id IN (SELECT connector_id FROM provider WHERE id = :provider_id)"
        " AND NOT EXISTS (SELECT 1 FROM link l WHERE l.tenant = :tenant AND l.user_id = :user_id"
        " AND l.provider_id = :provider_id AND l.deleted_at IS NULL AND l.id <> :id)",
    )
)
"""What a person or a caller could still act with, and what the connector remembers where no other link needs it."""
_BLANK_USER = Sql(
    "UPDATE app_user SET deleted_at = :now, updated_at = :now, external_user_id = NULL, body = :nothing"
    " WHERE id = :id AND tenant = :tenant AND deleted_at IS NULL"
)
_OF_USER = tuple(
    Sql(text)
    for text in (
        "UPDATE task SET memory = NULL, error_message = NULL, tracking_info = NULL, bridge_token = NULL"
        " WHERE user_id = :id AND tenant = :tenant",
        "DELETE FROM question WHERE task_id IN (SELECT id FROM task WHERE user_id = :id AND tenant = :tenant)",
        "DELETE FROM session WHERE user_id = :id AND tenant = :tenant",
        "DELETE FROM bridge_token WHERE user_id = :id AND tenant = :tenant",
        "DELETE FROM remembered WHERE user_id = :id AND tenant = :tenant",
    )
)
_PIECES = (
    *(
        (
            f"DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM {table} WHERE link_id = :id AND tenant = :tenant",
            MANY,
        )
        for table, key in (
            ("file_token", "hash"),
            ("posting", "id"),
            ("account", "id"),
            ("pay_statement", "id"),
            ("employment", "id"),
        )
    ),
    *(
        (
            "DELETE FROM raw WHERE id IN (SELECT r.id FROM raw r JOIN task t ON t.id = r.task_id"
            f" WHERE t.{owner} = :id AND t.tenant = :tenant",
            FEW,
        )
        for owner in ("link_id", "user_id")
    ),
)
_PURGE = tuple((Sql(f"{text} LIMIT :limit)"), limit) for text, limit in _PIECES)


def blank_tasks(tx: Tx, link_id: LinkId) -> None:
    """The link's tasks keep how they stood and when, and nothing that a person or a source said."""
    tx.put(_BLANK_TASKS, id=link_id)


def hide_link(tx: Tx, link: Link) -> None:
    """Nobody finds the link, its files or a way to it any more. Its facts are still to be purged."""
    for statement in _OF_LINK:
        tx.put(statement, id=link.id, user_id=link.user_id, provider_id=link.provider_id)
    blank_link(tx, link.id)


def hide_user(tx: Tx, user_id: UserId) -> None:
    """Nobody finds the person any more, and nobody can read what was sealed for them."""
    tx.put(_BLANK_USER, id=user_id, now=tx.now_us, nothing=b"")
    for statement in _OF_USER:
        tx.put(statement, id=user_id)
    tx.vault.remove_key(tx, user_id)


def purge(tx: Tx, owner: str) -> bool:
    """Delete a piece of what a link, or a person outside of links, had. False once there is nothing left."""
    return any(tx.run(statement, id=owner, limit=limit) for statement, limit in _PURGE)
