"""The same world as of the door's tests, made over HTTP at a server that does all of its work."""

from secrets import token_hex
from typing import Any

from payproof.net.caller import Caller as HttpCaller
from payproof.testing.client import Widget
from tests.api.caller import Caller, Reply
from tests.api.world import World


class Distant(Caller):
    """Calls a server at a URL with keys that nobody had before."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.keys = {"X-Access-Client-Id": token_hex(16), "X-Access-Secret": f"sandbox-{token_hex(20)}"}
        self._calling = HttpCaller(url, self.keys)

    async def call(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        given = {name.replace("_", "-"): text for name, text in headers.items()}
        reply = await self._calling.call(method, path, body, headers=given)
        return Reply(reply.status, dict(reply.headers), reply.content)

    async def close(self) -> None:
        await self._calling.close()


class DistantWorld(World):
    """Whoever gives `World` a verb that uses the store gives it one here that does without."""

    def __init__(self, caller: Distant) -> None:
        self._caller = caller
        self._made = {}
        self._url = caller.url

    async def provider(self) -> str:
        return "truv"

    async def with_a_link(self) -> str:
        await self._connection()
        return await self.user()

    async def task(self) -> str:
        return str((await self._connection())["task_id"])

    async def link(self) -> str:
        return str((await self._connection())["link_id"])

    async def access_token(self) -> str:
        return str((await self._connection())["access_token"])

    async def public_token(self) -> str:
        return str((await self._connect())["public_token"])

    async def delivery(self) -> str:
        await self.webhook()
        await self.task()
        tried: list[Any] = []
        while not tried:
            tried = (await self._caller.get("/v1/webhook-requests/")).json["results"]
        return str(tried[0]["webhook_id"])

    async def _connection(self) -> dict[str, Any]:
        found: dict[str, Any] = await self._once("connection", self._exchanged)
        return found

    async def _exchanged(self) -> dict[str, Any]:
        made = await self._connect()
        reply = await self._caller.post("/v1/link-access-tokens/", {"public_token": made["public_token"]})
        found: dict[str, Any] = made | reply.json
        return found

    async def _connect(self) -> dict[str, Any]:
        token = await self._caller.post(f"/v1/users/{await self.user()}/tokens/", {"product_type": "income"})
        async with await Widget.open(self._url, token.json["bridge_token"]) as widget:
            await widget.until(await widget.sign_in("goodlogin", "goodpassword"))
            finished: dict[str, Any] = await widget.finish()
            return finished
