"""A browser for connectors: get and post, with cookies that can be kept and given back after a crash."""

from collections.abc import Mapping

import httpx2
from msgspec import Struct

from payproof.net.http import Answer, GuardedClient, exchange

MAX_BYTES = 32_000_000
SECONDS = 60.0


class Cookie(Struct, frozen=True):
    name: str
    value: str
    domain: str
    path: str


class VisitClient:
    """One person's browser at one site. Raises net.http.RequestFailed and net.egress.RequestRefused."""

    def __init__(self, client: GuardedClient, headers: Mapping[str, str], cookies: list[Cookie]) -> None:
        self._client = client.new_client(headers=dict(headers), cookies=_jar(cookies))

    async def get(self, url: str) -> Answer:
        return await self._send(self._client.build_request("GET", url))

    async def post(self, url: str, data: Mapping[str, str]) -> Answer:
        return await self._send(self._client.build_request("POST", url, data=dict(data)))

    @property
    def cookies(self) -> list[Cookie]:
        """What the site has set so far."""
        return [Cookie(one.name, one.value or "", one.domain, one.path) for one in self._client.cookies.jar]

    async def _send(self, request: httpx2.Request) -> Answer:
        return await exchange(self._client, request, max_bytes=MAX_BYTES, seconds=SECONDS)


def _jar(cookies: list[Cookie]) -> httpx2.Cookies:
    jar = httpx2.Cookies()
    for one in cookies:
        jar.set(one.name, one.value, one.domain, one.path)
    return jar
