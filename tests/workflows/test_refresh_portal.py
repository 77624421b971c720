"""The pretend portal grows a pay statement with the tenant's time, and a refresh brings it."""

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from payproof.connectors.sandbox_payroll import connector
from payproof.kit.manifest import Manifest
from payproof.kit.visit import Browser, Response
from payproof.model.job import JobKind
from payproof.model.provider import Provider
from payproof.model.refresh import RefreshWish
from payproof.model.secret import Secret
from payproof.model.task import Task, TaskStatus
from payproof.model.tenant import Tenant
from payproof.services import attempt as attempts
from payproof.services import refresh as refreshes
from payproof.store import Store, Tx, employment, event, link, tenant_clock
from payproof.store import task as tasks
from payproof.workflows.browser import world_headers
from payproof.workflows.verify import Verify
from payproof.workflows.visit import Scene
from tests import acting
from tests.connectors.sandbox_payroll.visiting import ROOT, world
from tests.workflows.working import work_off


class Window:
    """A browser that looks into the world without a network."""

    def __init__(self, client: httpx2.AsyncClient, headers: Mapping[str, str], memory: dict[str, Any]) -> None:
        self._client, self._headers, self._memory = client, headers, memory

    async def get(self, url: str) -> Response:
        return await self._send("GET", url, None)

    async def post(self, url: str, data: Mapping[str, str]) -> Response:
        return await self._send("POST", url, data)

    async def _send(self, method: str, url: str, data: Mapping[str, str] | None) -> Response:
        self._client.cookies.clear()
        for name, value in self._memory.get("cookies", {}).items():
            self._client.cookies.set(name, value)
        answer = await self._client.request(method, url, data=data, headers=self._headers)
        self._memory["cookies"] = dict(self._client.cookies.items())
        return answer


@pytest.fixture
async def verify(tmp_path: Path) -> AsyncIterator[Verify]:
    async with world(tmp_path) as (_, engine):

        def browse(manifest: Manifest, tenant: Tenant, scene: Scene) -> Browser:
            return Window(engine.client, world_headers(tenant, scene), scene.memory)

        yield Verify({connector.manifest.provider_id: connector}, browse, ROOT)


def _begin(tx: Tx) -> Task:
    said = {"username": Secret("goodlogin"), "password": Secret("goodpassword")}
    return attempts.start_attempt(tx, acting.open_session(tx), _provider(), said).task


def _refresh(tx: Tx, link_id: str) -> Task:
    held = link.link(tx, link_id)
    assert held is not None
    return refreshes.start_refresh(tx, RefreshWish(access_token=held.access_token), [_provider()])


def _provider() -> Provider:
    return acting.provider(connector.manifest)


async def test_thirty_days_later_there_are_new_statements(store: Store, tenant: Tenant, verify: Verify) -> None:
    of = store.of(tenant)
    began = await of.write(_begin)
    await work_off(store, {JobKind.VERIFY: verify})
    done = await of.read(tasks.task, began.id)
    assert done is not None
    assert done.status is TaskStatus.DONE
    link_id = done.link_id or ""
    [before] = await of.read(employment.employments, link_id)

    now = await of.read(lambda tx: tx.now)
    await of.write(tenant_clock.freeze, now + timedelta(days=30))
    asked = await of.write(_refresh, link_id)
    await work_off(store, {JobKind.VERIFY: verify})
    refreshed = await of.read(tasks.task, asked.id)
    assert refreshed is not None
    assert refreshed.status is TaskStatus.DONE
    [after] = await of.read(employment.employments, link_id)
    assert after.id == before.id
    assert len(before.statements) < len(after.statements) <= len(before.statements) + 3
    told = [one for one in await of.read(event.events) if one.facts.get("task_id") == asked.id]
    counted = {one.type: one.facts["objects_count"] for one in told if "objects_count" in one.facts}
    assert counted == {"statements-updated": len(after.statements)}
