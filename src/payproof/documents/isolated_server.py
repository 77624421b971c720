"""The warm process that forks a confined child per reading. It knows nobody and ends when its parent does."""

import gc
import os
import selectors
import signal
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Any, NoReturn

import msgspec

from payproof.documents.confinement import Limits, confine

FINE, FAULT, MEMORY, LONG = b"=", b"!", b"#", b">"
"""First byte of an answer: a result, the name of an exception, out of memory, longer than allowed."""
ENDED = struct.Struct("=id")
"""How a child ended: wait status and seconds of CPU."""
_WARM = ("payproof.documents.statement",)
_MESSAGE = 1 << 17


class Request(msgspec.Struct, kw_only=True):
    call: str
    """`module:function` of a function of the bytes and the options."""
    size: int
    options: dict[str, Any]
    limits: Limits


def main() -> None:
    """Serve on descriptor 0 until it closes."""
    control = socket.socket(fileno=os.dup(0))
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    for module in _WARM:
        warm = getattr(import_module(module), "warm", None)
        if warm:
            warm()
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _Server(control, null).serve()


class _Server:
    def __init__(self, control: socket.socket, null: int) -> None:
        self.control = control
        self.null = null
        self.lines: dict[int, socket.socket] = {}
        """By pid of a child at work, the line on which the parent waits for its end."""
        self.selector = selectors.DefaultSelector()
        woken, self.waker = socket.socketpair()
        self.waker.setblocking(False)
        signal.set_wakeup_fd(self.waker.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.selector.register(woken, selectors.EVENT_READ, self._reap)
        self.selector.register(control, selectors.EVENT_READ, self._accept)

    def serve(self) -> NoReturn:
        while True:
            for key, _ in self.selector.select():
                act: Callable[[Any], None] = key.data
                act(key.fileobj)

    def _accept(self, control: socket.socket) -> None:
        message, descriptors, _, _ = socket.recv_fds(control, _MESSAGE, 2)
        if not message:
            self._end()
        data, line = descriptors
        request = msgspec.json.decode(message, type=Request)
        parent = os.getpid()
        pid = os.fork()
        if not pid:
            _become_child(request, data, self.null, parent)
        os.close(data)
        self.lines[pid] = socket.socket(fileno=line)
        self.selector.register(self.lines[pid], selectors.EVENT_READ, self._let_go)

    def _let_go(self, line: socket.socket) -> None:
        """The parent does not wait any more."""
        self.selector.unregister(line)
        for pid, waiting in self.lines.items():
            if waiting is line:
                os.kill(pid, signal.SIGKILL)

    def _reap(self, woken: socket.socket) -> None:
        woken.recv(4096)
        while self.lines:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
            if not pid:
                return
            line = self.lines.pop(pid)
            if line in {key.fileobj for key in self.selector.get_map().values()}:
                self.selector.unregister(line)
            with suppress(OSError):
                line.send(ENDED.pack(status, usage.ru_utime + usage.ru_stime))
            line.close()

    def _end(self) -> NoReturn:
        for pid in self.lines:
            os.kill(pid, signal.SIGKILL)
        os._exit(0)


def _become_child(request: Request, data: int, null: int, parent: int) -> NoReturn:
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(null, 1)
        os.dup2(null, 2)
        os.dup2(data, 3)
        os.closerange(4, 1024)
        module, _, name = request.call.partition(":")
        function = getattr(import_module(module), name)
        gc.disable()
        confine(request.limits, parent)
        _answer(function, request)
    except BaseException:
        os._exit(70)
    os._exit(0)


def _answer(function: Callable[[bytes, dict[str, Any]], bytes], request: Request) -> None:
    try:
        result = function(_received(request.size), request.options)
        if len(result) > request.limits.output_bytes:
            _send(LONG)
        else:
            _send(FINE)
            _send(result)
    except MemoryError:
        _send(MEMORY)
    except Exception as error:
        _send(FAULT + type(error).__name__.encode())


def _received(size: int) -> bytes:
    body = bytearray(size)
    view, at = memoryview(body), 0
    while at < size:
        count = os.readv(3, [view[at:]])
        if not count:
            os._exit(71)
        at += count
    view.release()
    return bytes(body)


def _send(part: bytes) -> None:
    view = memoryview(part)
    while view:
        view = view[os.write(3, view[: 1 << 20]) :]
