"""A visit for tests: the committed part outlives a crash, everything else is lost with the step."""

import copy
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
from starlette.applications import Starlette
from starlette.routing import Mount

from payproof.connectors.sandbox_payroll import connector
from payproof.kit.connector import Depth
from payproof.kit.failure import SignInInterrupted
from payproof.kit.visit import Browser, Response
from payproof.model.id import TaskId
from payproof.model.product import ProductType
from payproof.model.question import Answers, Question
from payproof.model.raw import Raw
from payproof.model.secret import Secret
from payproof.world.site import World

NOW = datetime(2026, 6, 18, 10, 0, tzinfo=UTC)
ROOT = "http://127.0.0.1:8000/world"


class Killed(BaseException):
    """The process died here."""


class Task:
    """What the engine would have stored of a task, and how often it may go on before it is killed."""

    def __init__(self, name: str = "task", lives: int | None = None) -> None:
        self.name = name
        self.memory: dict[str, Any] = {}
        self.calls: dict[str, int] = {}
        self.lives = lives
        """Steps (commits, requests sent, answers received) until a kill; None for never."""

    def live(self) -> None:
        if self.lives is not None:
            self.lives -= 1
            if self.lives < 0:
                self.lives = None
                raise Killed


class FakeBrowser:
    """The engine's guarded client in short: world headers, cookies that come from the memory and go back there."""

    def __init__(self, visit: "FakeVisit", client: httpx2.AsyncClient) -> None:
        self._visit, self._client = visit, client
        client.cookies.clear()
        for name, value, domain, path in visit.memory.get("cookies", []):
            client.cookies.set(name, value, domain=domain, path=path)

    async def get(self, url: str) -> Response:
        return await self._send("GET", url, None)

    async def post(self, url: str, data: Mapping[str, str]) -> Response:
        return await self._send("POST", url, data)

    async def _send(self, method: str, url: str, data: Mapping[str, str] | None) -> Response:
        self._visit.task.live()
        headers = {
            "X-World-Tenant": self._visit.tenant,
            "X-World-Seed": "payproof",
            "X-World-Time": self._visit.now.isoformat(),
            "X-World-Task": self._visit.task_id,
        }
        answer = await self._client.request(method, url, data=data, headers=headers)
        jar = self._client.cookies.jar
        self._visit.memory["cookies"] = [[c.name, c.value, c.domain, c.path] for c in jar]
        self._visit.task.live()
        return answer


class FakeVisit:
    def __init__(self, task: Task, client: httpx2.AsyncClient, now: datetime, world_url: str, tenant: str) -> None:
        self.task = task
        self.task_id = TaskId(task.name)
        self.product_type = ProductType.INCOME
        self.now = now
        self.world_url = world_url
        self.tenant = tenant
        self.memory = copy.deepcopy(task.memory)
        self.remembered: dict[str, Any] = {}
        self.http: Browser = FakeBrowser(self, client)
        self.uploads: tuple[Raw, ...] = ()
        self.logged: list[str] = []

    async def intend(self, call: str, *, limit: int = 1) -> int:
        if self.task.calls.get(call, 0) >= limit:
            raise SignInInterrupted
        self.task.live()
        self.task.calls[call] = self.task.calls.get(call, 0) + 1
        self.commit()
        self.task.live()
        return self.task.calls[call]

    def intended(self, call: str) -> int:
        return self.task.calls.get(call, 0)

    def remember(self, key: str, value: Any) -> None:
        self.remembered[key] = value

    def log(self, event: str, **facts: str | int | float | bool | None) -> None:
        self.logged.append(f"{event} {facts}")

    def commit(self) -> None:
        self.task.memory = copy.deepcopy(self.memory)


class Engine:
    """Just enough of an engine: steps that commit at their end."""

    def __init__(self, client: httpx2.AsyncClient, world_url: str = ROOT) -> None:
        self.client = client
        self.now = NOW
        self.world_url = world_url
        self.tenant = "tenant-a"

    def visit(self, task: Task) -> FakeVisit:
        return FakeVisit(task, self.client, self.now, self.world_url, self.tenant)

    async def login(
        self, task: Task, form: dict[str, str], asked: Question | None = None, reply: str | None = None
    ) -> Question | None:
        visit = self.visit(task)
        question = await connector.login(
            visit,
            Answers(
                form={name: Secret(value) for name, value in form.items()},
                asked=asked,
                reply=None if reply is None else {"answer": Secret(reply)},
            ),
        )
        task.live()
        visit.commit()
        return question

    async def collect(self, task: Task, depth: Depth) -> list[Raw]:
        visit = self.visit(task)
        raws = [raw async for raw in connector.collect(visit, depth)]
        visit.commit()
        return raws

    async def everything(self, task: Task) -> list[Raw]:
        return [*await self.collect(task, Depth.BASIC), *await self.collect(task, Depth.FULL)]


@asynccontextmanager
async def world(folder: Path) -> AsyncIterator[tuple[World, Engine]]:
    """A world of its own in `folder`, with its access log in `access.jsonl`, and an engine that visits it."""
    app = World(folder / "world.sqlite", folder / "access.jsonl")
    mounted = Starlette(routes=[Mount("/world", app=app)])
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=mounted), follow_redirects=True) as client:
        yield app, Engine(client)
    app.close()
