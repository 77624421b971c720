"""The story of a tenant that is gone: the pretend world, another party, is told to forget it too."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from payproof.engine.work import Work, nothing
from payproof.net.egress import Egress
from payproof.net.http import GuardedClient, RequestFailed, origin_of


@dataclass(frozen=True)
class Forget:
    """Handles jobs of kind `forget`, owed by whoever made the tenant; the subject is the tenant's id."""

    tell: Callable[[str], Awaitable[None]]
    """Raises where the world does not take it."""

    async def step(self, work: Work) -> None:
        await self.tell(work.subject)
        await work.finish(nothing)

    async def give_up(self, work: Work) -> None:
        await work.bury(nothing)


class WorldLever:
    """The world's own way to forget a tenant; without a world there is nothing to forget. Close it at the end."""

    def __init__(self, world_url: str | None) -> None:
        self._world_url = world_url
        origins = frozenset({origin_of(world_url)}) if world_url else frozenset()
        self._client = GuardedClient(Egress(hosts=frozenset(), private_origins=origins))

    async def forget(self, tenant_id: str) -> None:
        """Raises RequestFailed."""
        if self._world_url is None:
            return
        url = f"{self._world_url}/control/tenant?for_good=true"
        answer = await self._client.send("DELETE", url, headers={"X-World-Tenant": tenant_id})
        if answer.status_code != 204:
            raise RequestFailed(f"the world answered {answer.status_code}")

    async def close(self) -> None:
        await self._client.close()
