"""Links: one person's connection to one source."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from payproof import clock
from payproof.model.company import NamedCompany
from payproof.model.id import LinkId, UserId
from payproof.model.link import Link
from payproof.model.product import DataSource, ProductType
from payproof.model.task import Task, TaskStatus
from payproof.store.dialect import Sql
from payproof.store.listing import Listing
from payproof.store.transaction import Row, Tx
from payproof.store.window import Window

_COLUMNS = (
    "l.id, l.user_id, u.external_user_id, l.provider_id, l.data_source, l.initial_product_type, l.allowed_products,"
    " l.tracking_info, l.link_hash, l.access_token, l.status, l.last_task_id, l.finished_at, l.is_suspicious,"
    " l.created_at, l.updated_at, l.deleted_at, l.company_mapping_id, c.name, c.logo_url"
)
_PERSON = "JOIN app_user u ON u.id = l.user_id LEFT JOIN company c ON c.id = l.company_mapping_id"
_FROM = f"FROM link l {_PERSON}"
_ONE = Sql(f"SELECT {_COLUMNS} {_FROM} WHERE l.id = :id AND l.tenant = :tenant AND l.deleted_at IS NULL")
_LIST = Listing(
    _COLUMNS,
    "FROM link l",
    joins=_PERSON,
    where="l.tenant = :tenant AND l.deleted_at IS NULL",
    newest="l.created_at DESC, l.id DESC",
    filters={
        "user_id": "l.user_id = :user_id",
        "external": "l.user_id IN (SELECT id FROM app_user WHERE tenant = :tenant AND external_user_id = :external)",
        "status": "l.status = :status",
        "product": "l.initial_product_type = :product",
        "since": "l.created_at >= :since",
        "until": "l.created_at <= :until",
    },
)
_OF_USERS = Sql(
    f"SELECT {_COLUMNS} {_FROM} WHERE l.tenant = :tenant AND l.deleted_at IS NULL AND l.user_id IN {{json :user_ids}}"
    " ORDER BY +l.created_at DESC, l.id DESC"
)
"""The plus keeps SQLite from walking through all links of the tenant in their order."""
_BY_ACCESS = Sql(
    f"SELECT {_COLUMNS} {_FROM} WHERE l.access_hash = :hash AND l.tenant = :tenant AND l.deleted_at IS NULL"
)
_BY_HASH = Sql(
    f"SELECT {_COLUMNS} {_FROM} WHERE l.user_id = :user_id AND l.tenant = :tenant AND l.link_hash = :hash"
    " AND l.deleted_at IS NULL ORDER BY l.created_at, l.id LIMIT 1"
)
_ADD = Sql(
    "INSERT INTO link (id, tenant, user_id, provider_id, data_source, initial_product_type, allowed_products,"
    " tracking_info, access_hash, access_token, status, last_task_id, created_at, updated_at, company_mapping_id)"
    " VALUES (:id, :tenant, :user_id, :provider_id, :data_source, :product, :allowed, :tracking_info, :access_hash,"
    " :access_token, :status, :task_id, :created, :updated, :company_mapping_id)"
)
_BLANK = Sql(
    "UPDATE link SET deleted_at = :now, updated_at = :now, link_hash = NULL, credentials = NULL, tracking_info = NULL,"
    " company_mapping_id = NULL, access_token = :nothing, access_hash = 'deleted ' || id"
    " WHERE id = :id AND tenant = :tenant"
)
_FOLLOW = Sql(
    "UPDATE link SET status = :status, last_task_id = :task_id, finished_at = :finished, updated_at = :now,"
    " is_suspicious = COALESCE(:is_suspicious, is_suspicious),"
    " tracking_info = COALESCE(:tracking_info, tracking_info)"
    " WHERE id = :id AND tenant = :tenant AND deleted_at IS NULL"
)


def add_link(tx: Tx, link: Link) -> Link:
    tx.put(
        _ADD,
        id=link.id,
        user_id=link.user_id,
        provider_id=link.provider_id,
        data_source=link.data_source,
        product=link.initial_product_type,
        allowed=msgspec.json.encode(link.allowed_products).decode(),
        tracking_info=link.tracking_info,
        access_hash=tx.keyed_hash("access_token", link.access_token),
        access_token=tx.seal(link.user_id, ("link", link.id, "access_token"), link.access_token.encode()),
        status=link.status,
        task_id=link.last_task_id,
        created=clock.to_micros(link.created_at),
        updated=clock.to_micros(link.updated_at),
        company_mapping_id=link.company_mapping_id,
    )
    return link


def link(tx: Tx, link_id: str) -> Link | None:
    row = tx.one(_ONE, id=link_id)
    return _link(tx, row) if row else None


def links(
    tx: Tx,
    *,
    window: Window,
    user_id: str | None = None,
    external_user_id: str | None = None,
    status: str | None = None,
    product_type: str | None = None,
    created_at_gte: datetime | None = None,
    created_at_lte: datetime | None = None,
) -> tuple[int, list[Link]]:
    """How many there are, and the window's part of them, newest first."""
    chosen = {
        "user_id": user_id,
        "external": external_user_id,
        "status": status,
        "product": product_type,
        "since": clock.to_micros(created_at_gte) if created_at_gte else None,
        "until": clock.to_micros(created_at_lte) if created_at_lte else None,
    }
    count, rows = _LIST.page(tx, window, chosen)
    return count, [_link(tx, row) for row in rows]


def links_of_users(tx: Tx, user_ids: Sequence[str]) -> list[Link]:
    """All links of these people, newest first."""
    rows = tx.all(_OF_USERS, user_ids=msgspec.json.encode(user_ids).decode())
    return [_link(tx, row) for row in rows]


def link_by_access_token(tx: Tx, access_token: str) -> Link | None:
    row = tx.one(_BY_ACCESS, hash=tx.keyed_hash("access_token", access_token))
    return _link(tx, row) if row else None


def link_by_hash(tx: Tx, user_id: UserId, link_hash: str) -> Link | None:
    """The person's oldest link with these credentials."""
    row = tx.one(_BY_HASH, user_id=user_id, hash=link_hash)
    return _link(tx, row) if row else None


def blank_link(tx: Tx, link_id: LinkId) -> None:
    """The link is deleted: its row stays, because others name it, and says nothing any more."""
    tx.put(_BLANK, id=link_id, now=tx.now_us, nothing=b"")


def follow_task(tx: Tx, link_id: LinkId, task: Task) -> None:
    """A link shows the status of its last task, and what its last success found suspicious."""
    params: dict[str, Any] = {"id": link_id, "task_id": task.id, "status": task.status, "now": tx.now_us}
    tx.put(
        _FOLLOW,
        **params,
        finished=tx.now_us if task.status.is_final else None,
        is_suspicious=int(task.is_suspicious) if task.status is TaskStatus.DONE else None,
        tracking_info=task.tracking_info,
    )


def _link(tx: Tx, row: Row) -> Link:
    return Link(
        id=row[0],
        user_id=row[1],
        user_external_id=row[2],
        provider_id=row[3],
        data_source=DataSource(row[4]),
        initial_product_type=ProductType(row[5]),
        allowed_products=msgspec.json.decode(row[6], type=tuple[ProductType, ...]),
        tracking_info=row[7],
        link_hash=row[8],
        access_token=tx.open(row[1], ("link", row[0], "access_token"), row[9]).decode(),
        status=TaskStatus(row[10]),
        last_task_id=row[11],
        finished_at=None if row[12] is None else clock.from_micros(row[12]),
        is_suspicious=bool(row[13]),
        created_at=clock.from_micros(row[14]),
        updated_at=clock.from_micros(row[15]),
        deleted_at=None if row[16] is None else clock.from_micros(row[16]),
        company_mapping_id=row[17],
        company=NamedCompany(id=row[17], name=row[18], logo_url=row[19]) if row[18] is not None else None,
    )
