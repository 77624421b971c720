"""What a test needs to have happened before."""

from typing import Any

from payproof.model.employment import Employment
from payproof.model.id import LinkId, TaskId, new_id
from payproof.model.link import Link
from payproof.model.product import DataSource, ProductType
from payproof.model.raw import Raw
from payproof.model.secret import Secret
from payproof.model.task import Task, TaskStatus
from payproof.model.tenant import Tenant
from payproof.store import Store, Tx
from payproof.store.employment import keep_employment
from payproof.store.key import hash_secret, key_by_secret
from payproof.store.link import add_link
from payproof.store.raw import add_raws
from payproof.store.task import add_task
from tests.api.caller import SECRET, Caller
from tests.contract.samples import EMPLOYMENT, STATEMENT


async def new_user(caller: Caller, **more: Any) -> str:
    reply = await caller.post("/v1/users/", {"external_user_id": "x", "first_name": "Ada", **more})
    assert reply.status == 201, reply.content
    user_id: str = reply.json["id"]
    return user_id


async def tenant_of(store: Store, secret: str = SECRET) -> Tenant:
    key = await store.everywhere.read(key_by_secret, hash_secret(Secret(secret)))
    assert key is not None
    return key.tenant


async def new_task(store: Store, user_id: str, secret: str = SECRET, **changes: Any) -> Task:
    """A task with its link, as if somebody had just begun to connect."""
    return await store.of(await tenant_of(store, secret)).write(_connect, user_id, changes)


async def new_employment(store: Store, task: Task, pdf: bytes) -> None:
    """One employment with one pay statement, whose file is `pdf`."""
    await store.of(await tenant_of(store)).write(_employ, task, pdf)


def _connect(tx: Tx, user_id: str, changes: dict[str, Any]) -> Task:
    said: dict[str, Any] = {
        "id": TaskId(new_id()),
        "user_id": user_id,
        "link_id": None,
        "session_id": None,
        "provider_id": "acme",
        "product_type": ProductType.INCOME,
        "data_source": DataSource.PAYROLL,
        "status": TaskStatus.NEW,
        "version": 1,
        "created_at": tx.now,
        "updated_at": tx.now,
        "deadline_at": tx.now,
    }
    task = Task(**(said | changes))
    link = add_link(tx, Link.of_task(task, link_id=LinkId(new_id()), access_token=new_id()))
    return add_task(tx, Task(**{name: getattr(task, name) for name in Task.__struct_fields__} | {"link_id": link.id}))


def _employ(tx: Tx, task: Task, pdf: bytes) -> None:
    assert task.link_id is not None
    said = {name: getattr(EMPLOYMENT, name) for name in Employment.__struct_fields__}
    keep_employment(tx, task.user_id, task.link_id, Employment(**said | {"statements": (STATEMENT,)}), 0)
    add_raws(tx, task, [Raw(key="stub/1001.pdf", media_type="application/pdf", body=pdf, name="1001.pdf")])
