"""The baseline: the same server with the same settings, and an application that always gives the same answer."""

import asyncio
import sys
from contextlib import AsyncExitStack
from typing import Any

import uvloop

from payproof.app.listening import listen
from payproof.config import read_settings

BODY = b"x" * 600
HEADERS = [(b"content-type", b"application/json"), (b"content-length", b"600")]


async def constant(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY, "more_body": False})


async def main(port: int) -> None:
    async with AsyncExitStack() as closing:
        await listen(constant, read_settings({}, port=port), closing)
        await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
