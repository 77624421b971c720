"""What a server's engine does in the background: connections to acme are made, and clocks are moved."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from payproof.engine.advance import Advance
from payproof.engine.engine import Engine
from payproof.engine.work import Workflow
from payproof.model.job import JobKind
from payproof.store import Store
from payproof.testing.scripted import Scripted
from payproof.workflows.verify import Verify


@asynccontextmanager
async def working(store: Store, **more: Workflow) -> AsyncIterator[None]:
    """Until the end of the block. `more` workflows go by the name of their kind."""
    stop = asyncio.Event()
    workflows: dict[JobKind, Workflow] = {
        JobKind.VERIFY: Verify({"acme": Scripted()}, lambda *_: None, ""),  # type: ignore[arg-type]
        JobKind.ADVANCE: Advance(),
        **{JobKind(name): one for name, one in more.items()},
    }
    engine = asyncio.create_task(Engine(store, workflows).run(stop))
    try:
        yield
    finally:
        stop.set()
        await engine
