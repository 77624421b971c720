"""A running server, asked over HTTP as its clients do."""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from payproof import __version__
from payproof.app.diagnosis.finding import Finding, well, wrong
from payproof.net.caller import Caller, Reply
from payproof.net.egress import RequestRefused
from payproof.net.http import RequestFailed


class Place(Struct, frozen=True):
    """A server, and keys to it where there are any."""

    url: str
    client_id: str | None = None
    secret: str | None = None


async def diagnose_server(place: Place) -> list[Finding]:
    keys = {"X-Access-Client-Id": place.client_id or "", "X-Access-Secret": place.secret or ""}
    caller = Caller(place.url, keys if place.secret else None)
    try:
        ready = await caller.call("GET", "/readyz")
        found = [server_ready(place, ready)]
        if not found[0].is_ok:
            return found
        found.append(links_lead_back(place, await caller.call("GET", "/")))
        if place.secret:
            found += webhooks_alive(await caller.call("GET", "/v1/webhooks/"))
    except (RequestFailed, RequestRefused) as failed:
        return [wrong("server", f"no answer from {place.url}: {failed}", "start it, or name another with --url")]
    finally:
        await caller.close()
    return found


def server_ready(place: Place, ready: Reply) -> Finding:
    status = _fields(ready).get("status")
    if ready.is_good and status is not None:
        return well("server", f"{place.url} is ready")
    if status is None:
        return wrong("server", f"{place.url} is no payproof: status {ready.status}", "name another with --url")
    return wrong("server", f"{place.url} is not ready: {status}", "look at its log, and at its database")


def links_lead_back(place: Place, first: Reply) -> Finding:
    """A proxy in front has to say which address its callers use, or the settings do."""
    said = _fields(first)
    base = str(said.get("openapi", "")).removesuffix("/openapi.json")
    if base.lower() != place.url.rstrip("/").lower():
        cure = f"set PAYPROOF_BASE_URL={place.url}, or PAYPROOF_TRUSTED_PROXIES to the proxy that stands in front"
        return wrong("links", f"asked at {place.url}, it gives links to {base or 'nowhere'}", cure)
    version = said.get("version")
    other = "" if version == __version__ else f"; it is payproof {version}, this is {__version__}"
    return well("links", f"begin with {base}{other}")


def webhooks_alive(listed: Reply) -> Iterator[Finding]:
    if listed.status == 401:
        yield wrong("keys", "the server does not know them", "make some with `payproof key create`")
        return
    if not listed.is_good:
        yield wrong("webhooks", f"cannot be listed: status {listed.status}", "look at the server's log")
        return
    hooks = _fields(listed).get("results", [])
    dead = [f"{hook['name']} ({hook['webhook_url']})" for hook in hooks if not hook["enabled"]]
    if dead:
        again = "; ".join(f"payproof webhook enable {hook['id']}" for hook in hooks if not hook["enabled"])
        cure = f"see that it answers 2xx, then: {again}"
        yield wrong("webhooks", f"switched off: {', '.join(dead)}", cure)
    else:
        yield well("webhooks", f"{len(hooks)}, none switched off")


def _fields(reply: Reply) -> dict[str, Any]:
    return reply.body if isinstance(reply.body, dict) else {}
