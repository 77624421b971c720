"""The server: Granian in our own loop, so that one process owns loop, engine and file lock."""

import asyncio
import errno
import socket
from contextlib import AsyncExitStack

import msgspec

from payproof.api.door import App
from payproof.config import Settings

END_SECONDS = 1.0
"""How long the server may take to end the answers it has begun."""


class PortBusy(Exception):
    """We cannot listen there. One line, fit to be printed."""


def settled(settings: Settings) -> Settings:
    """The settings with a port that was free a moment ago. Raises PortBusy.

    The server would share its port with another listener, so a port in use has to be noticed before.
    """
    kind = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(kind, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as failed:
            raise PortBusy(_why_not(settings, failed)) from None
        return msgspec.structs.replace(settings, port=probe.getsockname()[1])


async def listen(door: App, settings: Settings, closing: AsyncExitStack) -> None:
    """Answer from now on, until `closing`. The server is quiet about itself and has no signals of its own."""
    from granian.constants import HTTPModes, Interfaces
    from granian.server.embed import Server

    server = Server(
        door,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,
        websockets=False,
        log_enabled=False,
        backlog=1024,
    )
    task = asyncio.create_task(server.serve())

    async def end() -> None:
        server.stop()  # type: ignore[no-untyped-call]
        _, late = await asyncio.wait({task}, timeout=END_SECONDS)
        if late:
            # the server's own thread tells a cancelled future later that all is over
            asyncio.get_running_loop().set_exception_handler(lambda *_: None)

    closing.push_async_callback(end)
    await _until_heard(task, settings)


async def _until_heard(serving: asyncio.Task[None], settings: Settings) -> None:
    """The server tells nobody when it begins to listen: whoever hears of us before that would be turned away."""
    while not serving.done():
        try:
            _, writer = await asyncio.open_connection(loopback(settings.host).strip("[]"), settings.port)
        except OSError:
            await asyncio.sleep(0.005)
        else:
            writer.close()
            return
    serving.result()


def loopback(host: str) -> str:
    """An address under which this process reaches itself."""
    if host in ("0.0.0.0", "::", "localhost"):
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _why_not(settings: Settings, failed: OSError) -> str:
    if failed.errno == errno.EADDRINUSE:
        return f"port {settings.port} is in use: stop what listens there, or choose another with --port"
    return f"cannot listen on {settings.host}:{settings.port}: {failed.strerror}"
