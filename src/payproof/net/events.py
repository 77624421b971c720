"""Server-sent events of a server, followed over cuts of the connection."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Mapping

import httpx2
from msgspec import Struct

from payproof.net import connection
from payproof.net.egress import RequestRefused
from payproof.net.http import MAX_HOPS, RequestFailed

SILENCE_SECONDS = 45.0
"""Three times the pause after which a server says at least that it is still there."""
PAUSE_SECONDS = 0.5


class Happened(Struct, frozen=True):
    id: str
    name: str
    data: str


async def happenings(url: str, headers: Mapping[str, str], *, patience_seconds: float) -> AsyncIterator[Happened]:
    """Every event, without end. After a cut the server is told the last id that was heard.

    Raises RequestFailed where the server refuses, or is away for longer than `patience_seconds`.
    """
    last_id = ""
    away_since: float | None = None
    async with _client(url, headers) as client:
        while True:
            why = "the server ended the stream"
            try:
                async with client.sse(url, headers=_resuming(last_id)) as source:
                    _check(source.response.status_code)
                    away_since = None
                    async for event in source:
                        last_id = event.id or last_id
                        if event.data:
                            yield Happened(event.id, event.event, event.data)
            except httpx2.HTTPError as cut:
                why = str(cut) or type(cut).__name__
            away_since = away_since or time.monotonic()
            if time.monotonic() - away_since > patience_seconds:
                raise RequestFailed(why)
            await asyncio.sleep(PAUSE_SECONDS)


def _client(url: str, headers: Mapping[str, str]) -> httpx2.AsyncClient:
    """Believes nobody where the address has no https: reading the system's authorities takes a while."""
    return httpx2.AsyncClient(
        headers=dict(headers),
        verify=connection.tls() if url.startswith("https:") else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
        trust_env=False,
        timeout=httpx2.Timeout(10, read=SILENCE_SECONDS),
        follow_redirects=True,
        max_redirects=MAX_HOPS,
        event_hooks={"request": [_stay_under_https]},
    )


async def _stay_under_https(request: httpx2.Request) -> None:
    """The mark goes with the request from hop to hop."""
    if request.url.scheme == "https":
        request.extensions["was_https"] = True
    elif request.extensions.get("was_https"):
        raise RequestRefused("a redirect leads from https to http")


def _resuming(last_id: str) -> dict[str, str]:
    return {"last-event-id": last_id} if last_id else {}


def _check(status: int) -> None:
    """A server that is just starting or stopping is asked again; one that says no is believed."""
    if status >= 500:
        raise httpx2.TransportError(f"the server answers {status}")
    if status != 200:
        raise RequestFailed(f"the server answers {status}")
