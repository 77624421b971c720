"""Running a reader over hostile bytes in a process of its own: limited, without network, dead with its parent.

    result = await run_isolated("payproof.documents.statement:open_statement", body, limits, {"postings": True})

The first call starts a warm server (`isolated_server`), which forks one confined child per call. At most two run at a
time. Cancelling the call kills its child. When this process dies, however it dies, the server ends and with it the
children.
"""

import asyncio
import atexit
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

import msgspec

from payproof.documents.confinement import Limits
from payproof.documents.isolated_server import ENDED, FAULT, FINE, LONG, MEMORY, Request

__all__ = [
    "Crashed",
    "Faulted",
    "IsolationFailed",
    "Limits",
    "OutOfMemory",
    "OutOfTime",
    "TooLong",
    "run_isolated",
    "stop_server",
]

AT_ONCE = 2
_CHUNK = 1 << 18


class IsolationFailed(Exception):
    """A reading that did not come to its end."""


class Crashed(IsolationFailed):
    """The child died without a word."""


class Faulted(IsolationFailed):
    """The reader raised an exception it should not have; its class is named, its text never leaves the child."""


class OutOfTime(IsolationFailed):
    """The child used up its CPU, or the clock on the wall ran out."""


class OutOfMemory(IsolationFailed):
    pass


class TooLong(IsolationFailed):
    """The result is longer than allowed."""


async def run_isolated(call: str, body: bytes, limits: Limits, options: dict[str, Any] | None = None) -> bytes:
    """The bytes that `call` (`module:function`, of bytes and options) makes of `body`. Raises `IsolationFailed`."""
    request = Request(call=call, size=len(body), options=options or {}, limits=limits)
    async with _places():
        data, line = await asyncio.to_thread(_Server.ask, request)
        try:
            async with asyncio.timeout(limits.wall_seconds):
                return await _talk(data, line, body, limits)
        except TimeoutError:
            raise OutOfTime("the clock ran out") from None
        finally:
            data.close()
            line.close()


_places_by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


def _places() -> asyncio.Semaphore:
    return _places_by_loop.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE))


async def _talk(data: socket.socket, line: socket.socket, body: bytes, limits: Limits) -> bytes:
    loop = asyncio.get_running_loop()
    with suppress(BrokenPipeError, ConnectionResetError):
        await loop.sock_sendall(data, body)
    result = await _received(data, limits.output_bytes + 1)
    try:
        ended = await loop.sock_recv(line, ENDED.size)
    except ConnectionResetError:
        ended = b""
    status, _ = ENDED.unpack(ended) if len(ended) == ENDED.size else (signal.SIGKILL, 0.0)
    return _judge(result, status)


async def _received(data: socket.socket, most: int) -> bytearray:
    loop = asyncio.get_running_loop()
    found = bytearray()
    while True:
        try:
            part = await loop.sock_recv(data, _CHUNK)
        except ConnectionResetError:
            return found
        if not part:
            return found
        found += part
        if len(found) > most:
            raise TooLong("the result is longer than allowed")


def _judge(result: bytearray, status: int) -> bytes:
    if os.WIFSIGNALED(status):
        if os.WTERMSIG(status) == signal.SIGXCPU:
            raise OutOfTime("the CPU was used up")
        raise Crashed(f"killed by signal {os.WTERMSIG(status)}")
    mark, rest = bytes(result[:1]), memoryview(result)[1:]
    if mark == FINE and os.waitstatus_to_exitcode(status) == 0:
        return bytes(rest)
    if mark == MEMORY:
        raise OutOfMemory("memory was used up")
    if mark == LONG:
        raise TooLong("the result is longer than allowed")
    if mark == FAULT:
        raise Faulted(bytes(rest[:80]).decode("ascii", "replace"))
    raise Crashed(f"ended with {os.waitstatus_to_exitcode(status)}")


class _Server:
    """The one warm server of this process, started when first asked and again when it has died."""

    _lock: ClassVar[threading.Lock] = threading.Lock()
    _control: ClassVar[socket.socket | None] = None
    _process: ClassVar[subprocess.Popen[bytes] | None] = None
    _owner: ClassVar[int] = 0

    @classmethod
    def ask(cls, request: Request) -> tuple[socket.socket, socket.socket]:
        """Have a child forked. Returns the socket for body and result, and the line that tells of its end."""
        ours, theirs = socket.socketpair()
        our_line, their_line = socket.socketpair()
        message, descriptors = msgspec.json.encode(request), [theirs.fileno(), their_line.fileno()]
        with theirs, their_line, cls._lock:
            try:
                socket.send_fds(cls._running(), [message], descriptors)
            except OSError:
                cls.stop()
                socket.send_fds(cls._running(), [message], descriptors)
        ours.setblocking(False)
        our_line.setblocking(False)
        return ours, our_line

    @classmethod
    def _running(cls) -> socket.socket:
        if cls._control is not None and cls._owner == os.getpid():
            return cls._control
        control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        path = [os.path.abspath(entry) for entry in sys.path]
        start = f"import sys; sys.path[:] = {path!r}; from payproof.documents.isolated_server import main; main()"
        with theirs:
            cls._process = subprocess.Popen(
                [sys.executable, "-I", "-c", start],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                env={"LC_ALL": "C.UTF-8"},
                cwd="/",
                start_new_session=True,
            )
        cls._control, cls._owner = control, os.getpid()
        return control

    @classmethod
    def stop(cls) -> None:
        """Let the server end, if this process has one."""
        control, process = cls._control, cls._process
        if control is None or process is None or cls._owner != os.getpid():
            return
        cls._control = cls._process = None
        control.close()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()


def stop_server() -> None:
    """End the warm server, if there is one; the next call starts another."""
    _Server.stop()


atexit.register(stop_server)
