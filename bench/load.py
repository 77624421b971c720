"""Calls one server over kept-alive connections, as cheaply as Python can: `python -m bench.load PORT FILE SECONDS`.

FILE holds one path a line. It runs in a process of its own, so that what is measured is the server alone. Prints JSON:
`{"requests": …, "seconds": …}`, and fails for any answer that is not a 200.
"""

import json
import random
import selectors
import socket
import sys
import time
from pathlib import Path

CONNECTIONS = 8
_HEAD = "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Access-Client-Id: {client}\r\nX-Access-Secret: {secret}\r\n\r\n"


class _Line:
    """One connection: a request under way, and what has come of its answer."""

    def __init__(self, port: int, requests: list[bytes]) -> None:
        self._requests = requests
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._begun = b""
        self.fileno = self._socket.fileno

    def ask(self) -> None:
        self._socket.sendall(random.choice(self._requests))

    def heard(self) -> bool:
        """Take what has come; True when it was the end of an answer."""
        self._begun += self._socket.recv(65536)
        head, gap, body = self._begun.partition(b"\r\n\r\n")
        if not gap or len(body) < _length(head):
            return False
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"not a 200: {self._begun[:600]!r}")
        self._begun = b""
        return True


def _length(head: bytes) -> int:
    at = head.lower().index(b"content-length:") + 15
    return int(head[at : at + 12].split(b"\r", 1)[0])


def main() -> None:
    port, paths, seconds, client, secret = sys.argv[1:6]
    requests = [
        _HEAD.format(path=path, client=client, secret=secret).encode() for path in Path(paths).read_text().split()
    ]
    selector = selectors.DefaultSelector()
    for _ in range(CONNECTIONS):
        line = _Line(int(port), requests)
        selector.register(line, selectors.EVENT_READ, line)
        line.ask()
    began, count = time.monotonic(), 0
    until = began + float(seconds)
    while time.monotonic() < until:
        for key, _ in selector.select(1):
            if key.data.heard():
                count += 1
                key.data.ask()
    sys.stdout.write(json.dumps({"requests": count, "seconds": time.monotonic() - began}))


if __name__ == "__main__":
    main()
