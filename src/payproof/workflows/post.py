"""How a delivery is posted: any public address, redirects checked hop by hop, ten seconds in all."""

from collections.abc import Mapping

from payproof.model.webhook import Reply
from payproof.net.egress import Egress, RequestRefused
from payproof.net.http import GuardedClient, RequestFailed

SECONDS = 10.0


class Poster:
    """The `Post` of `Deliver`, over one pool of connections. Close it at the end."""

    def __init__(self, *, allow_private: bool, allow_plain: bool) -> None:
        self._client = GuardedClient(Egress(allow_private=allow_private, allow_plain=allow_plain))

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        try:
            answer = await self._client.send("POST", url, headers=headers, body=body, seconds=SECONDS)
        except (RequestFailed, RequestRefused) as failed:
            return Reply(status=None, error=str(failed))
        return Reply(status=answer.status_code, headers=answer.headers)

    async def close(self) -> None:
        await self._client.close()
