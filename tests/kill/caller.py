"""Calls over HTTP that outlast a server: what cannot be delivered is said again."""

import asyncio
import random
import time
from typing import Any

import httpx2

from tests.kill.programs import CLIENT_ID, SECRET

PATIENCE_SECONDS = 60.0
_KEYS = {"X-Access-Client-Id": CLIENT_ID, "X-Access-Secret": SECRET}


class Refused(Exception):
    """An answer that asking again would not change."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"{status} {text[:300]}")
        self.status = status


class Caller:
    def __init__(self, url: str) -> None:
        self._client = httpx2.AsyncClient(base_url=url, headers=_KEYS, timeout=10)

    async def close(self) -> None:
        await self._client.aclose()

    async def get(self, path: str, **more: Any) -> Any:
        return await self._call("GET", path, **more)

    async def post(self, path: str, body: Any = None, **more: Any) -> Any:
        return await self._call("POST", path, **({"json": body} if body is not None else {}), **more)

    async def _call(self, method: str, path: str, **more: Any) -> Any:
        give_up = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                answer = await self._client.request(method, path, **more)
                if answer.status_code < 400:
                    return answer.json() if answer.content else None
                if answer.status_code < 500:
                    raise Refused(answer.status_code, answer.text)
            except httpx2.TransportError:
                answer = None
            if time.monotonic() > give_up:
                raise TimeoutError(f"{method} {path}: {answer.text if answer is not None else 'no connection'}")
            await asyncio.sleep(random.uniform(0.05, 0.15))
