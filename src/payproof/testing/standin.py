"""A tenant of the stand-in in the hands of a test: its calls, its clock and its inbox."""

import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from payproof.testing.calling import Calling

WAIT_SECONDS = 10.0
STUCK_SECONDS = 120.0
"""A clock that comes no further for so long will not arrive."""
_SANDBOX = "/v1/sandbox"


class Keys:
    """Who makes tenants. Without keys of one's own any will do: `payproof dev` accepts every sandbox key."""

    def __init__(self, client_id: str = "", secret: str = "") -> None:
        self.client_id = client_id or secrets.token_hex(16)
        self.secret = secret or f"sandbox-{secrets.token_hex(20)}"

    @property
    def headers(self) -> dict[str, str]:
        return {"X-Access-Client-Id": self.client_id, "X-Access-Secret": self.secret}


class Server:
    """A running server, and the keys that make its tenants."""

    def __init__(self, url: str, keys: Keys) -> None:
        self.url = url.rstrip("/")
        self.keys = keys
        self.calling = Calling(url)

    def new_tenant(self, *, seed: str | None = None, name: str | None = None, at: str | None = None) -> "Tenant":
        """A tenant of its own; its time ticks from `at`, where that is said."""
        said = {"seed": seed, "name": name}
        made = self.calling.call("POST", f"{_SANDBOX}/tenants/", _said(said), headers=self.keys.headers)
        tenant = Tenant(self, made)
        if at is not None:
            tenant.clock.freeze(at=at)
            tenant.clock.tick()
        return tenant


class Tenant:
    """`url`, `client_id`, `secret` and `headers` are for the client under test; the verbs are for the test itself."""

    def __init__(self, server: Server, made: Mapping[str, Any]) -> None:
        self._server = server
        self.id: str = made["id"]
        self.url = server.url
        self.client_id: str = made["client_id"]
        self.secret: str = made["secret"]
        self.seed: str = made["seed"]
        self.began: str = made["created_at"]
        self.headers = Keys(self.client_id, self.secret).headers
        self.clock = Clock(self)
        self.inbox = Inbox(self)

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """The JSON of a good answer. Raises Refused for any other."""
        return self._server.calling.call(method, path, body, headers=self.headers, query=query)

    def get(self, path: str, **query: Any) -> Any:
        return self.call("GET", path, **query)

    def post(self, path: str, body: Any = None, **query: Any) -> Any:
        return self.call("POST", path, body, **query)

    def new_user(self, external_user_id: str | None = None, **said: Any) -> str:
        """The id of a fresh user."""
        name = external_user_id or f"user-{secrets.token_hex(4)}"
        return str(self.post("/v1/users/", {"external_user_id": name, **said})["id"])

    def connect(self, *, user_id: str | None = None, product_type: str = "income", **said: Any) -> dict[str, Any]:
        """A finished connection: task_id, link_id, public_token, access_token, status and error_message.

        `username` (and `password`) or the `status` it is to end in may be said; `goodlogin` signs in otherwise.
        """
        body = {"user_id": user_id or self.new_user(), "product_type": product_type, **said}
        found: dict[str, Any] = self.post(f"{_SANDBOX}/connections/", _said(body))
        return found

    def remove(self) -> None:
        """Take it away with everything it has."""
        self._server.calling.call("DELETE", f"{_SANDBOX}/tenants/{self.id}/", headers=self._server.keys.headers)


class Clock:
    """The tenant's time. Whatever is due on the way has been done when `advance` returns."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._path = f"{_SANDBOX}/clocks/{tenant.id}/"

    @property
    def now(self) -> datetime:
        return datetime.fromisoformat(self._tenant.get(self._path)["now"])

    def freeze(self, *, at: datetime | str | None = None) -> datetime:
        """Let it stand, now or at a later moment; a tenant that has seen nothing yet may begin at any."""
        body = {"frozen_at": at.isoformat() if isinstance(at, datetime) else at}
        return datetime.fromisoformat(self._tenant.post(f"{_SANDBOX}/clocks/", _said(body))["now"])

    def advance(
        self,
        *,
        days: float = 0,
        hours: float = 0,
        minutes: float = 0,
        seconds: float = 0,
        to: datetime | str | None = None,
    ) -> datetime:
        """Let time pass, by a span or to a moment, and stand there."""
        span = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        wanted = to.isoformat() if isinstance(to, datetime) else to
        body = {"by": span.total_seconds()} if wanted is None else {"to": wanted}
        found = self._tenant.post(f"{self._path}advance/", body, wait=WAIT_SECONDS)
        stood = 0
        while found["status"] == "advancing":
            before, found = found, self._tenant.get(self._path, wait=WAIT_SECONDS)
            stood = stood + 1 if found["now"] == before["now"] else 0
            if stood * WAIT_SECONDS >= STUCK_SECONDS:
                raise AssertionError(f"the clock stands at {found['now']} on its way: see the server's log")
        return datetime.fromisoformat(found["now"])

    def tick(self) -> None:
        """Let it run on from where it is."""
        self._tenant.call("DELETE", self._path)


class Delivery:
    """One webhook as a receiver would have got it."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self.event_type: str = told["event_type"]
        self.headers: dict[str, str] = told["headers"]
        self.body: str = told["body"]
        """The text that is signed."""
        self.payload: dict[str, Any] = json.loads(self.body)

    def __getitem__(self, name: str) -> Any:
        return self.payload[name]

    def __repr__(self) -> str:
        return f"<{self.event_type} {self.payload.get('status', '')}>"


class Inbox:
    """Every webhook of the tenant, without one being registered. What `wait` gave once it does not give again."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._after: str | None = None
        self._waiting: list[Delivery] = []
        self.heard: list[Delivery] = []
        """All that came so far, oldest first."""

    def wait(self, event_type: str | None = None, *, seconds: float = WAIT_SECONDS, **facts: Any) -> Delivery:
        """The oldest delivery of that type whose payload says so, as soon as it is there. Raises AssertionError."""
        self._look(0)
        while (found := self._take(event_type, facts)) is None:
            if not self._look(seconds):
                wanted = " ".join([event_type or "anything", *(f"{name}={value!r}" for name, value in facts.items())])
                raise AssertionError(f"no {wanted} within {seconds:g} seconds; there was {self.heard}")
        return found

    def _take(self, event_type: str | None, facts: Mapping[str, Any]) -> Delivery | None:
        for one in self._waiting:
            is_kind = event_type in (None, one.event_type)
            if is_kind and all(one.payload.get(name) == value for name, value in facts.items()):
                self._waiting.remove(one)
                return one
        return None

    def _look(self, seconds: float) -> bool:
        """Whether anything came."""
        told = self._tenant.get(f"{_SANDBOX}/webhook-inbox/", after=self._after, wait=int(seconds))
        self._after = told["next"]
        came = [Delivery(one) for one in told["results"]]
        self._waiting += came
        self.heard += came
        return bool(came)


def _said(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if value is not None}
