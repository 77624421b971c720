"""Hears webhooks, in a process of its own: `python -m tests.kill.witness PORT FILE [SECONDS]`.

Every post is written down before it is answered, one JSON line each: `at` (seconds since 1970), `signature`, `body`.
SECONDS is how long it takes before it answers.
"""

import asyncio
import json
import os
import sys
import time
from pathlib import Path

_ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"


class Witness:
    def __init__(self, path: Path, seconds: float) -> None:
        self._file = os.open(path, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)
        self._seconds = seconds

    async def hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, as long as it is kept alive. A post that breaks off was not heard."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                if body:
                    self._write_down(headers.get("x-webhook-sign", ""), body)
                    await asyncio.sleep(self._seconds)
                writer.write(_ANSWER)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _write_down(self, signature: str, body: bytes) -> None:
        line = {"at": time.time(), "signature": signature, "body": body.decode()}
        os.write(self._file, json.dumps(line).encode() + b"\n")


async def main(port: int, path: Path, seconds: float) -> None:
    server = await asyncio.start_server(Witness(path, seconds).hear, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]) if len(sys.argv) > 3 else 0.0))
