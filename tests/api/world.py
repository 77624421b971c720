"""A client's sandbox in which there is one of everything."""

from collections.abc import Awaitable, Callable
from typing import Any

from payproof.model.task import Task
from payproof.store import Store, Tx
from payproof.store.company import company_id
from payproof.store.delivery import deliveries
from payproof.store.link import link
from payproof.store.public_token import add_public_token
from tests.api.caller import Caller
from tests.api.people import new_task, new_user, tenant_of

HOOK = {"name": "n", "webhook_url": "https://example.com/", "env_type": "sandbox"}


class World:
    """The sandbox of the caller's client. Everything in it is made when it is first asked for."""

    def __init__(self, caller: Caller, store: Store) -> None:
        """The caller may have any secret, but has one."""
        self._caller = caller
        self._store = store
        self._secret = caller.secret
        self._made: dict[str, Any] = {}

    async def object(self, name: str) -> str:
        """What this world has under a name; one of its verbs."""
        make: Callable[[], Awaitable[str]] = getattr(self, name)
        return await make()

    async def provider(self) -> str:
        return "acme"

    async def company(self) -> str:
        """One that every server has."""
        return company_id("walmart.com")

    async def product(self) -> str:
        return "income"

    async def user(self) -> str:
        return str(await self._once("user", lambda: new_user(self._caller)))

    async def with_a_link(self) -> str:
        """A user who has a link and a task."""
        await self._task()
        return await self.user()

    async def task(self) -> str:
        return str((await self._task()).id)

    async def link(self) -> str:
        return str((await self._task()).link_id)

    async def refresh(self) -> str:
        body = {"access_token": await self.access_token()}
        return str(await self._once("refresh", lambda: self._posted("/v1/refresh/tasks/", body, "task_id")))

    async def access_token(self) -> str:
        link_id = await self.link()
        found = await self._store.of(await tenant_of(self._store, self._secret)).read(link, link_id)
        assert found is not None
        return found.access_token

    async def public_token(self) -> str:
        link_id = await self.link()
        return await self._store.of(await tenant_of(self._store, self._secret)).write(_public_token, link_id)

    async def webhook(self) -> str:
        return str(await self._once("webhook", lambda: self._posted("/v1/webhooks/", HOOK)))

    async def delivery(self) -> str:
        """What is owed of an event to the webhook."""
        await self.webhook()
        await self.task()
        return (await self._store.of(await tenant_of(self._store, self._secret)).read(deliveries))[0].id

    async def tenant(self) -> str:
        return str(await self._once("tenant", lambda: self._posted("/v1/sandbox/tenants/", {})))

    async def clock(self) -> str:
        return str((await self._caller.get("/v1/sandbox/clocks/")).json["results"][0]["id"])

    async def key(self) -> str:
        return str(await self._once("key", lambda: self._posted("/v1/keys/", {"env_type": "sandbox"})))

    async def request(self) -> str:
        """A call that was kept."""
        return str(await self._once("request", self._request_id))

    async def _request_id(self) -> str:
        return (await self._caller.get("/v1/users/")).headers["x-request-id"]

    async def _task(self) -> Task:
        user_id = await self.user()
        task: Task = await self._once("task", lambda: new_task(self._store, user_id, self._secret))
        return task

    async def _posted(self, path: str, body: Any, name: str = "id") -> str:
        reply = await self._caller.post(path, body)
        assert reply.status == 201, reply.content
        return str(reply.json[name])

    async def _once(self, name: str, make: Callable[[], Awaitable[Any]]) -> Any:
        if name not in self._made:
            self._made[name] = await make()
        return self._made[name]


def _public_token(tx: Tx, link_id: Any) -> str:
    return add_public_token(tx, link_id)
