"""The engine with its workflows, and the ways out that they are given."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack

from payproof.config import Settings
from payproof.engine.advance import Advance
from payproof.engine.engine import Engine
from payproof.engine.work import Workflow
from payproof.kit.connector import Connector
from payproof.model.job import JobKind
from payproof.model.webhook import Post
from payproof.store import Store
from payproof.workflows.browser import Browsers
from payproof.workflows.deliver import Deliver
from payproof.workflows.expire import Expire
from payproof.workflows.forget import Forget, WorldLever
from payproof.workflows.post import Poster
from payproof.workflows.purge import Purge
from payproof.workflows.verify import DOCUMENTED, Verify

_PACES = {"none": {}, "documented": DOCUMENTED}


def open_post(settings: Settings, closing: AsyncExitStack) -> Post:
    """The way to webhooks, for deliveries and for pings."""
    poster = Poster(allow_private=settings.allow_private_webhooks, allow_plain=settings.allow_plain_webhooks)
    closing.push_async_callback(poster.close)
    return poster.post


async def start_engine(
    store: Store, settings: Settings, connectors: Mapping[str, Connector], post: Post, closing: AsyncExitStack
) -> None:
    """Work in the background until `closing`. Takes only the kinds that the settings name."""
    browsers = Browsers(settings.world_url)
    closing.push_async_callback(browsers.close)
    lever = WorldLever(settings.world_url)
    closing.push_async_callback(lever.close)
    workflows: dict[JobKind, Workflow] = {
        JobKind.VERIFY: Verify(connectors, browsers.open, settings.world_url or "", _PACES[settings.stage_times]),
        JobKind.DELIVER: Deliver(post),
        JobKind.ADVANCE: Advance(),
        JobKind.FORGET: Forget(lever.forget),
        JobKind.PURGE: Purge(),
        JobKind.EXPIRE: Expire(),
    }
    wanted = settings.worker_kinds or tuple(workflows)
    stop = asyncio.Event()
    task = asyncio.create_task(Engine(store, {kind: workflows[kind] for kind in wanted}).run(stop))

    async def end() -> None:
        stop.set()
        await asyncio.gather(task, return_exceptions=True)

    closing.push_async_callback(end)
