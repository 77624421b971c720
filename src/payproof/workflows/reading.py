"""Reading raws into facts: pure, but where there is much of it, in a thread beside the loop."""

import asyncio
from collections.abc import Sequence

from payproof.kit.connector import Connector, Depth
from payproof.model.fact import Facts
from payproof.model.raw import Raw

SMALL_BYTES = 500_000


async def read_facts(connector: Connector, raws: Sequence[Raw], depth: Depth) -> Facts:
    """Raises the connector's `Failure`."""
    if sum(len(one.body) for one in raws) <= SMALL_BYTES:
        return connector.read(raws, depth)
    return await asyncio.to_thread(connector.read, raws, depth)
