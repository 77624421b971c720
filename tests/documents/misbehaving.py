"""Readers that do what a reader must not be able to do: each is run in the isolated process."""

import os
import socket
import time
from typing import Any


def echo(body: bytes, options: dict[str, Any]) -> bytes:
    return body


def crash(body: bytes, options: dict[str, Any]) -> bytes:
    os.abort()


def fault(body: bytes, options: dict[str, Any]) -> bytes:
    raise ValueError("holds what the file said")


def spin(body: bytes, options: dict[str, Any]) -> bytes:
    while True:
        pass


def sleep(body: bytes, options: dict[str, Any]) -> bytes:
    time.sleep(60)
    return b""


def allocate(body: bytes, options: dict[str, Any]) -> bytes:
    return b"".join([b"x" * (64 << 20) for _ in range(64)])


def chatter(body: bytes, options: dict[str, Any]) -> bytes:
    return b"x" * (8 << 20)


def connect(body: bytes, options: dict[str, Any]) -> bytes:
    socket.create_connection(("127.0.0.1", 9), timeout=1)
    return b"connected"


def open_file(body: bytes, options: dict[str, Any]) -> bytes:
    with open("/etc/hostname", "rb") as file:
        return file.read()


def run_program(body: bytes, options: dict[str, Any]) -> bytes:
    os.execv("/bin/sh", ["sh", "-c", "true"])


def fork(body: bytes, options: dict[str, Any]) -> bytes:
    pid = os.fork()
    if not pid:
        os._exit(0)
    os.waitpid(pid, 0)
    return b"forked"


def identity(body: bytes, options: dict[str, Any]) -> bytes:
    return f"{os.getpid()} {os.getppid()}".encode()
