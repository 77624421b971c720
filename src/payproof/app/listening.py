"""The server: Granian in our own loop, so that one process owns loop, engine and file lock."""

import asyncio
import errno
import socket
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import msgspec

from payproof.api.door import App
from payproof.config import Settings

if TYPE_CHECKING:
    from payproof.app.authority import Certificate

END_SECONDS = 1.0
"""How long the server may take to end the answers it has begun."""


class PortBusy(Exception):
    """We cannot listen there. One line, fit to be printed."""

    def __init__(self, found: str, cure: str) -> None:
        self.found = found
        self.cure = cure
        super().__init__(f"{found}: {cure}")


def settled(settings: Settings) -> Settings:
    """The settings with ports that were free a moment ago. Raises PortBusy.

    The server would share its port with another listener, so a port in use has to be noticed before.
    """
    port = _free(settings.host, settings.port, "--port")
    also = settings.impersonate_port
    if also is not None:
        also = _free(settings.host, also, "--impersonate-port")
    return msgspec.structs.replace(settings, port=port, impersonate_port=also)


def _free(host: str, port: int, option: str) -> int:
    kind = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(kind, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as failed:
            raise _busy(host, port, option, failed) from None
        return int(probe.getsockname()[1])


async def listen(
    door: App, settings: Settings, closing: AsyncExitStack, certificate: "Certificate | None" = None
) -> None:
    """Answer from now on, until `closing`; with a certificate, over TLS on the port of its own.

    The server is quiet about itself and has no signals of its own.
    """
    from granian.constants import HTTPModes, Interfaces, SSLProtocols
    from granian.server.embed import Server

    port = settings.port if certificate is None else settings.impersonate_port
    assert port is not None
    server = Server(
        door,
        address=settings.host,
        port=port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,
        websockets=False,
        log_enabled=False,
        backlog=1024,
        ssl_cert=certificate.path if certificate else None,
        ssl_key=certificate.key_path if certificate else None,
        ssl_protocol_min=SSLProtocols.tls12,  # an old client is a client too
    )
    task = asyncio.create_task(server.serve())

    async def end() -> None:
        server.stop()  # type: ignore[no-untyped-call]
        _, late = await asyncio.wait({task}, timeout=END_SECONDS)
        if late:
            # the server's own thread tells a cancelled future later that all is over
            asyncio.get_running_loop().set_exception_handler(lambda *_: None)

    closing.push_async_callback(end)
    await _until_heard(task, settings.host, port)


async def _until_heard(serving: asyncio.Task[None], host: str, port: int) -> None:
    """The server tells nobody when it begins to listen: whoever hears of us before that would be turned away."""
    while not serving.done():
        try:
            _, writer = await asyncio.open_connection(loopback(host).strip("[]"), port)
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


def _busy(host: str, port: int, option: str, failed: OSError) -> PortBusy:
    if failed.errno == errno.EADDRINUSE:
        return PortBusy(f"port {port} is in use", f"stop what listens there, or choose another with {option}")
    if failed.errno == errno.EACCES:
        allow = f"sudo sysctl net.ipv4.ip_unprivileged_port_start={port}"
        cure = (
            f"allow it once with `{allow}`, start in a container, or choose another with {option}"
            " (docs/impersonation.md tells how clients get there)"
        )
        return PortBusy(f"port {port} is kept for root", cure)
    return PortBusy(f"cannot listen on {host}:{port}", f"{failed.strerror}; choose another with --host")
