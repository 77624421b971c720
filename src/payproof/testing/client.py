"""A client of the API, and the widget's part of the work, for tests over real HTTP."""

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any, Self

from payproof.model.id import new_id
from payproof.net.caller import Caller, Part, Reply


class Refused(AssertionError):
    """A call that was to succeed did not."""


class Client:
    """Calls with one client's keys; use it as a context manager."""

    def __init__(self, url: str, client_id: str, secret: str) -> None:
        self.url = url
        self.environment = secret.partition("-")[0]
        self._caller = Caller(url, {"X-Access-Client-Id": client_id, "X-Access-Secret": secret})

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *failed: object) -> None:
        await self._caller.close()

    async def call(self, method: str, path: str, body: Any = None, **query: str) -> Reply:
        """Whatever the answer is."""
        return await self._caller.call(method, path, body, query=query)

    async def get(self, path: str, **query: str) -> Any:
        """The body of a good answer. Raises Refused."""
        return _good(await self.call("GET", path, **query))

    async def post(self, path: str, body: Any = None) -> Any:
        """The body of a good answer. Raises Refused."""
        return _good(await self.call("POST", path, body))

    async def new_user(self, external_user_id: str | None = None) -> str:
        """The id of a fresh user."""
        name = external_user_id or new_id()
        made = await self.post("/v1/users/", {"external_user_id": name, "first_name": "Ada", "last_name": "Lee"})
        return str(made["id"])

    async def new_webhook(self, url: str, events: Sequence[str] = ()) -> str:
        """The id of a webhook in the environment of the keys."""
        body = {"name": "test", "webhook_url": url, "env_type": self.environment, "events": list(events)}
        return str((await self.post("/v1/webhooks/", body))["id"])

    async def task(self, task_id: str) -> dict[str, Any]:
        found: dict[str, Any] = await self.get(f"/v1/tasks/{task_id}/")
        return found

    async def open_widget(self, user_id: str | None = None, product: str = "income", **wish: Any) -> "Widget":
        """A session for a user (a fresh one where none is named), by way of a bridge token."""
        user_id = user_id or await self.new_user()
        token = await self.post(f"/v1/users/{user_id}/tokens/", {"product_type": product, **wish})
        return await Widget.open(self.url, str(token["bridge_token"]))


class Widget:
    """One session of the widget, in the hands of a person."""

    def __init__(self, caller: Caller, session_id: str) -> None:
        self._caller = caller
        self._path = f"/bridge/v1/sessions/{session_id}/"
        self._bearer = {"authorization": f"Bearer {session_id}"}
        self.session_id = session_id

    @classmethod
    async def open(cls, url: str, bridge_token: str) -> "Widget":
        caller = Caller(url)
        made = _good(await caller.call("POST", "/bridge/v1/sessions/", {"bridge_token": bridge_token}))
        return cls(caller, made["id"])

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *failed: object) -> None:
        await self._caller.close()

    async def start(self, provider_id: str, answers: Mapping[str, str] | None = None) -> dict[str, Any]:
        wish = {"provider_id": provider_id, "answers": dict(answers or {})}
        return _attempt(await self._caller.call("POST", self._path + "attempts/", wish))

    async def sign_in(self, username: str, password: str, provider_id: str = "sandbox_payroll") -> dict[str, Any]:
        return await self.start(provider_id, {"username": username, "password": password})

    async def answer(self, attempt: Mapping[str, Any], **answers: str) -> dict[str, Any]:
        """Answer the attempt's open question."""
        body = {"question_id": attempt["question"]["id"], "answers": answers}
        path = f"/bridge/v1/attempts/{attempt['id']}/answers/"
        return _attempt(await self._caller.call("POST", path, body, headers=self._bearer))

    async def hand_over(self, attempt: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, Any]:
        parts = [Part(name, body) for name, body in files.items()]
        path = f"/bridge/v1/attempts/{attempt['id']}/files/"
        return _attempt(await self._caller.send_files(path, parts, headers=self._bearer))

    async def news(self) -> AsyncIterator[dict[str, Any]]:
        """Attempts as they change, without end."""
        async for event in self._caller.events(self._path + "events/"):
            yield json.loads(event.data)

    async def until(
        self, attempt: Mapping[str, Any], is_enough: Callable[[dict[str, Any]], bool] | None = None
    ) -> dict[str, Any]:
        """The attempt once it has ended, or as soon as it `is_enough`."""
        async for found in self.news():
            if found["id"] == attempt["id"] and (found["is_final"] or (is_enough is not None and is_enough(found))):
                return found
        raise AssertionError("events have no end")

    async def until_asked(self, attempt: Mapping[str, Any]) -> dict[str, Any]:
        """The attempt with an open question."""
        return await self.until(attempt, lambda found: found["question"] is not None)

    async def finish(self) -> dict[str, Any]:
        """Public token, task and link."""
        found: dict[str, Any] = _good(await self._caller.call("POST", self._path + "finish/"))
        return found


def _good(reply: Reply) -> Any:
    if not reply.is_good:
        raise Refused(f"{reply.status} {reply.content[:500].decode(errors='replace')}")
    return reply.body


def _attempt(reply: Reply) -> dict[str, Any]:
    found: dict[str, Any] = _good(reply)
    return found
