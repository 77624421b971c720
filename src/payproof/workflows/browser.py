"""The way a connector reaches its source: the manifest's hosts and no others, cookies kept in the visit's memory."""

from collections.abc import Awaitable, Mapping
from typing import Any

import msgspec

from payproof.kit.failure import Unavailable
from payproof.kit.manifest import Manifest
from payproof.kit.visit import Browser
from payproof.model.tenant import Tenant
from payproof.net.egress import Egress, RequestRefused
from payproof.net.http import Answer, GuardedClient, RequestFailed, origin_of
from payproof.net.visiting import Cookie, VisitClient
from payproof.workflows.visit import Scene

COOKIES = "cookies"
"""The key of a visit's memory that holds them."""


class Browsers:
    """Gives each step its browser; keeps one pool of connections for each connector. Close it at the end."""

    def __init__(self, world_url: str | None) -> None:
        self._world_url = world_url
        self._clients: dict[str, GuardedClient] = {}

    def open(self, manifest: Manifest, tenant: Tenant, scene: Scene) -> Browser:
        """A browser for one step of one task."""
        client = self._clients.get(manifest.id)
        if client is None:
            client = self._clients[manifest.id] = GuardedClient(self._egress(manifest))
        headers = world_headers(tenant, scene) if manifest.uses_world else {}
        return _Remembering(client, headers, scene.memory)

    async def close(self) -> None:
        for client in self._clients.values():
            await client.close()

    def _egress(self, manifest: Manifest) -> Egress:
        hosts = frozenset(host for host in manifest.egress if host != "world")
        world = manifest.uses_world and self._world_url
        return Egress(hosts=hosts, private_origins=frozenset({origin_of(world)}) if world else frozenset())


class _Remembering:
    """Keeps the site's cookies in the visit's memory, and says `Unavailable` for what the network does to us."""

    def __init__(self, client: GuardedClient, headers: Mapping[str, str], memory: dict[str, Any]) -> None:
        kept = msgspec.convert(memory.get(COOKIES, []), list[Cookie])
        self._client = VisitClient(client, headers, kept)
        self._memory = memory

    async def get(self, url: str) -> Answer:
        return await self._keep(self._client.get(url))

    async def post(self, url: str, data: Mapping[str, str]) -> Answer:
        return await self._keep(self._client.post(url, data))

    async def _keep(self, answering: Awaitable[Answer]) -> Answer:
        try:
            answer = await answering
        except (RequestFailed, RequestRefused) as failed:
            raise Unavailable(detail=str(failed)) from failed
        self._memory[COOKIES] = msgspec.to_builtins(self._client.cookies)
        return answer


def world_headers(tenant: Tenant, scene: Scene) -> dict[str, str]:
    """What the pretend world must know to be one tenant's world."""
    is_refresh = {"X-World-Refresh": "1"} if scene.task.is_refresh else {}
    return is_refresh | {
        "X-World-Tenant": tenant.id,
        "X-World-Seed": tenant.seed,
        "X-World-Time": scene.now.isoformat(),
        "X-World-Task": scene.task.id,
    }
