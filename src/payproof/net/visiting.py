"""A browser for connectors: get and post, with cookies that can be kept and given back after a crash."""

from collections.abc import Mapping
from urllib.parse import urlencode

from payproof.net.cookies import Cookie, Cookies
from payproof.net.http import Answer, GuardedClient

MAX_BYTES = 32_000_000
SECONDS = 60.0


class VisitClient:
    """One person's browser at one site. Raises net.http.RequestFailed and net.egress.RequestRefused."""

    def __init__(self, client: GuardedClient, headers: Mapping[str, str], cookies: list[Cookie]) -> None:
        self._client = client
        self._headers = headers
        self._cookies = Cookies(cookies)

    async def get(self, url: str) -> Answer:
        return await self._send("GET", url, self._headers, b"")

    async def post(self, url: str, data: Mapping[str, str]) -> Answer:
        form = {"Content-Type": "application/x-www-form-urlencoded"} if data else {}
        return await self._send("POST", url, {**self._headers, **form}, urlencode(data).encode())

    @property
    def cookies(self) -> list[Cookie]:
        """What the site has set so far."""
        return self._cookies.all()

    async def _send(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        return await self._client.send(
            method,
            url,
            headers=headers,
            body=body,
            cookies=self._cookies,
            max_bytes=MAX_BYTES,
            cut=False,
            seconds=SECONDS,
        )


__all__ = ["Cookie", "VisitClient"]
