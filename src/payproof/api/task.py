"""Tasks at the door: the page the project began from."""

from msgspec.structs import asdict

from payproof.api.call import Call, window
from payproof.contract import task as wire
from payproof.contract.page import Page, page
from payproof.contract.reading import read_query
from payproof.services import task as service
from payproof.store import Tx
from payproof.store.task import tasks


def read(tx: Tx, call: Call) -> wire.TaskBody:
    task = service.task(tx, call.args[0])
    return wire.task_body(task, call.provider(tx, task.provider_id))


def listed(tx: Tx, call: Call) -> Page[wire.TaskBody]:
    query = read_query(wire.TaskQuery, call.query)
    count, found = tasks(tx, window=window(call.page), **asdict(query))
    results = [wire.task_body(task, call.provider(tx, task.provider_id)) for task in found]
    return page(call.page, call.address, count, results)
