"""Refreshes and deletions are killed at any moment: no password goes out three times, nothing is told twice or left."""

import asyncio
import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.canary.test_deletion import look
from tests.kill.caller import Caller
from tests.kill.person import Person
from tests.kill.programs import CLIENT_ID, SECRET
from tests.kill.script import Script
from tests.kill.stage import Stage

pytestmark = pytest.mark.kill

ENDINGS = {"done": "done", "login_error": "login_error", "unavailable": "unavailable"}
DONE = ("new", "login", "parse", "full_parse", "done")
PATIENCE = 600


async def test_refreshes_outlast_kills_on_sqlite(tmp_path: Path) -> None:
    await _go(Stage(tmp_path), rounds=3)


async def test_refreshes_outlast_kills_on_postgres(tmp_path: Path, postgres_database: str) -> None:
    await _go(Stage(tmp_path, postgres_database), rounds=1)


async def _go(stage: Stage, *, rounds: int) -> None:
    with stage:
        stage.start_server()
        caller = Caller(stage.url)
        await caller.post("/v1/webhooks/", {"name": "w", "webhook_url": stage.witness_url, "env_type": "sandbox"})
        for _ in range(rounds):
            held = {password: await _connect(caller, password) for password in ENDINGS}
            tasks = {password: await _refresh(caller, token) for password, (token, _) in held.items()}
            await _kill_on_password(stage, set(tasks.values()))
            for password, task_id in tasks.items():
                assert (await _until_final(caller, task_id))["status"] == ENDINGS[password]
        _check_portal(stage)
        await _check_told(stage)
        await _delete_everybody(stage, caller)
        await caller.close()


async def _connect(caller: Caller, password: str) -> tuple[str, str]:
    """The access token and the link."""
    people = Person(caller)
    story = await people.arrive(Script(username="refresh.user", password=password, path=DONE))
    await people.connect(story)
    assert story.status == "done"
    finished = await caller.post(f"/bridge/v1/sessions/{story.session_id}/finish/")
    made = await caller.post("/v1/link-access-tokens/", {"public_token": finished["public_token"]})
    return made["access_token"], made["link_id"]


async def _refresh(caller: Caller, access_token: str) -> str:
    return str((await caller.post("/v1/refresh/tasks/", {"access_token": access_token}))["task_id"])


async def _kill_on_password(stage: Stage, tasks: set[str]) -> None:
    met = await stage.portal_log.until(
        lambda line: line["event"] == "password_posted" and line["task"] in tasks, seconds=5
    )
    assert met is not None
    await asyncio.sleep(random.uniform(0, 0.004))
    stage.kill_server()
    await asyncio.to_thread(stage.start_server)


async def _until_final(caller: Caller, task_id: str) -> dict[str, Any]:
    for _ in range(PATIENCE):
        found: dict[str, Any] = await caller.get(f"/v1/refresh/tasks/{task_id}/")
        if found["status"] not in ("new", "login", "mfa", "parse", "full_parse"):
            return found
        await asyncio.sleep(0.1)
    raise AssertionError(found)


def _check_portal(stage: Stage) -> None:
    stage.portal_log.look()
    posted = Counter(line["task"] for line in stage.portal_log.all if line["event"] == "password_posted")
    assert posted
    assert max(posted.values()) <= 2


async def _check_told(stage: Stage) -> None:
    """Each announcement once, by its own id, and one lost connection for each refused password."""
    [(owed,)] = look(stage, "SELECT COUNT(*) FROM event")
    heard: dict[str, dict[str, Any]] = {}
    for _ in range(PATIENCE):
        stage.heard.look()
        heard = {(body := json.loads(line["body"]))["webhook_id"]: body for line in stage.heard.all}
        if len(heard) == owed:
            break
        await asyncio.sleep(0.1)
    assert len(heard) == owed
    about = Counter(
        (one["event_type"], one.get("task_id"), one["link_id"], one.get("status"), one.get("object_id"))
        for one in heard.values()
        if not one["event_type"].startswith(("statements", "bank"))
    )
    assert set(about.values()) == {1}
    lost = [one for one in heard.values() if one["event_type"] == "link-disconnected"]
    refused = [one for one in heard.values() if one.get("status") == "login_error"]
    assert {one["link_id"] for one in lost} == {one["link_id"] for one in refused}
    assert len(lost) == len(refused)


async def _delete_everybody(stage: Stage, caller: Caller) -> None:
    users = [one["id"] for one in (await caller.get("/v1/users/"))["results"]]
    for user_id in users:
        await asyncio.to_thread(_delete, stage.url, user_id)
    stage.kill_server()
    await asyncio.to_thread(stage.start_server)
    for _ in range(PATIENCE):
        if not look(stage, "SELECT subject FROM job WHERE kind = 'purge'"):
            break
        await asyncio.sleep(0.1)
    for table in ("raw", "employment", "pay_statement", "data_key", "session"):
        assert look(stage, f"SELECT COUNT(*) FROM {table}") == [(0,)], table


def _delete(url: str, user_id: str) -> None:
    keys = {"X-Access-Client-Id": CLIENT_ID, "X-Access-Secret": SECRET}
    assert httpx2.delete(f"{url}/v1/users/{user_id}/", headers=keys).status_code == 204
