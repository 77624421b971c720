"""Everything in one process and one loop, from the first line to the last."""

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import msgspec

from payproof.api.door import App
from payproof.api.log import Lines, configure
from payproof.app.doors import build_door, open_world
from payproof.app.engine import open_post, start_engine
from payproof.app.impersonation import DOMAIN, NAMES, ca_folder, write_bundle
from payproof.app.installing import install, join
from payproof.app.keys import make_first_client
from payproof.app.listening import listen, loopback, settled
from payproof.app.opening import open_store
from payproof.config import BadSetting, Settings
from payproof.store import Store
from payproof.store.provider import providers
from payproof.web.bridge import BridgeDoor

if TYPE_CHECKING:
    from payproof.app.authority import Certificate

FLUSH_SECONDS = 0.2

OnReady = Callable[[Settings], Awaitable[None] | None]
"""Hears the settings as they came to be, with the port that was taken."""


def run_server(
    settings: Settings, *, with_world: bool = False, may_make_key: bool = False, on_ready: OnReady | None = None
) -> None:
    """Serve until SIGTERM or SIGINT.

    Raises PortBusy before anything else, then BadSetting, and what the store raises for a file or a key not ours.
    """
    import uvloop

    settings = settled(settings)
    uvloop.run(serve(settings, with_world=with_world, may_make_key=may_make_key, on_ready=on_ready))


def run_worker(settings: Settings, *, on_ready: OnReady | None = None) -> None:
    """The engine alone, beside other workers: needs PostgreSQL."""
    import uvloop

    if settings.database_url is None:
        raise BadSetting("a worker needs PostgreSQL: set PAYPROOF_DATABASE_URL")
    uvloop.run(work(settings, on_ready=on_ready))


async def serve(
    settings: Settings,
    *,
    with_world: bool = False,
    may_make_key: bool = False,
    on_ready: OnReady | None = None,
    stop: asyncio.Event | None = None,
) -> None:
    """Until a signal or `stop`: then event streams and waiting callers end, the server, the engine and the store."""
    stop = stop or stop_on_signal()
    if with_world:
        world_url = f"http://{loopback(settings.host)}:{settings.port}/world"
        settings = msgspec.structs.replace(settings, world_url=world_url)
    async with AsyncExitStack() as closing:
        lines = _open_log(settings, closing)
        store = await _open_store(settings, closing, may_make_key=may_make_key)
        connectors = await install(store, settings)
        known = await store.everywhere.read(providers)
        bridge = BridgeDoor(store, known)
        mounts: dict[str, App] = {"bridge": bridge}
        if with_world:
            mounts["world"] = open_world(settings, closing)
        post = open_post(settings, closing)
        if settings.engine:
            await start_engine(store, settings, connectors, post, closing)
        door = build_door(store, settings, known, mounts, stop.is_set, lines, post)
        await listen(door, settings, closing)
        if settings.impersonate_port is not None:
            await listen(door, settings, closing, _certificate(settings))
        closing.callback(bridge.stop)
        closing.callback(store.changes.stop)
        closing.callback(door.stop)
        _settle_memory()
        await say_ready(settings, on_ready)
        await stop.wait()


async def work(settings: Settings, *, on_ready: OnReady | None = None, stop: asyncio.Event | None = None) -> None:
    """Jobs only, until a signal or `stop`."""
    stop = stop or stop_on_signal()
    async with AsyncExitStack() as closing:
        _open_log(settings, closing)
        store = await _open_store(settings, closing, may_make_key=False)
        await start_engine(store, settings, await join(store, settings), open_post(settings, closing), closing)
        await say_ready(settings, on_ready)
        await stop.wait()


async def say_ready(settings: Settings, on_ready: OnReady | None) -> None:
    """Tell whoever wants to hear of it that the process is ready."""
    if on_ready is not None and (waited := on_ready(settings)) is not None:
        await waited


def _certificate(settings: Settings) -> "Certificate":
    """Of the hosts that we are taken for. The authority of it is made at the first start."""
    from payproof.app.authority import certify

    folder = ca_folder(settings.data)
    made = certify(folder, DOMAIN, NAMES)
    write_bundle(folder)
    return made


def _settle_memory() -> None:
    """What is there now stays until the end: the collector need not look through it at every turn.

    Whoever started us may have kept it from looking until now.
    """
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _open_log(settings: Settings, closing: AsyncExitStack) -> Lines:
    """Lines are written a few at a time while the loop runs."""
    lines = configure(is_json=not sys.stderr.isatty(), level=getattr(logging, settings.log_level.upper()))
    loop = asyncio.get_running_loop()

    def soon() -> None:
        loop.call_soon_threadsafe(loop.call_later, FLUSH_SECONDS, lines.flush)

    lines.flush_by(soon)
    closing.callback(lines.flush_by, None)
    return lines


async def _open_store(settings: Settings, closing: AsyncExitStack, *, may_make_key: bool) -> Store:
    store = await open_store(settings, may_make_key=may_make_key)
    closing.push_async_callback(store.stop)
    if settings.client_id is not None:
        await store.everywhere.write(make_first_client, settings)
    return store


def stop_on_signal() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
