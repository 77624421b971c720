"""The pretend world alone, in a process of its own: for servers elsewhere that name it in `world_url`."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import msgspec

from payproof.app.doors import open_world
from payproof.app.listening import listen, settled
from payproof.app.running import OnReady, say_ready, stop_on_signal
from payproof.config import Settings


def run_world(settings: Settings, *, on_ready: OnReady | None = None) -> None:
    """Serve the world under /world until SIGTERM or SIGINT. Raises PortBusy."""
    import uvloop

    settings = settled(msgspec.structs.replace(settings, impersonate_port=None))
    settings.data.mkdir(parents=True, exist_ok=True)
    uvloop.run(serve_world(settings, on_ready=on_ready))


async def serve_world(
    settings: Settings, *, on_ready: OnReady | None = None, stop: asyncio.Event | None = None
) -> None:
    """Until a signal or `stop`."""
    stop = stop or stop_on_signal()
    async with AsyncExitStack() as closing:
        world = open_world(settings, closing)

        async def under_its_name(scope: Any, receive: Any, send: Any) -> None:
            """Elsewhere there is nothing."""
            if scope["type"] != "http":
                return
            if scope["path"].startswith("/world/"):
                return await world(scope, receive, send)
            await send({"type": "http.response.start", "status": 404, "headers": []})
            await send({"type": "http.response.body", "body": b"", "more_body": False})

        await listen(under_its_name, settings, closing)
        await say_ready(settings, on_ready)
        await stop.wait()
