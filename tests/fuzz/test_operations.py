"""Calls generated for every operation under /v1/.

Each has a tenant of its own, with one of each object that it names, and gets to a 2xx.
"""

import anyio
import pytest

from payproof.contract import truv
from payproof.contract.operation import Operation
from tests.api.objects import BODIES, OBJECTS, PUBLIC, prefixes
from tests.fuzz.holding import LONG, QUICK, Prepared, Target, hold
from tests.fuzz.world import Distant, DistantWorld

each = pytest.mark.parametrize("operation", truv.OPERATIONS, ids=lambda one: one.name)


@each
def test_ten_calls_of_each_operation(operation: Operation, truv_target: Target) -> None:
    prepared = anyio.run(_prepared, operation, truv_target.url)
    hold(operation, prepared, truv_target, cases=QUICK, is_same_each_time=True)


@pytest.mark.slow
@each
def test_a_hundred_calls_of_each_operation(operation: Operation, truv_target: Target) -> None:
    prepared = anyio.run(_prepared, operation, truv_target.url)
    hold(operation, prepared, truv_target, cases=LONG, is_same_each_time=False)


async def _prepared(operation: Operation, url: str) -> Prepared:
    """Keys of a tenant of its own, and what the operation names, made with them."""
    caller = Distant(url)
    try:
        world = DistantWorld(caller)
        named = {prefix: await world.object((OBJECTS | PUBLIC)[prefix]) for prefix in prefixes(operation)}
        body = await BODIES[operation.name](world) if operation.request else {}
    finally:
        await caller.close()
    return Prepared(caller.keys, {prefix[prefix.rindex("{") + 1 : -1]: made for prefix, made in named.items()}, body)
