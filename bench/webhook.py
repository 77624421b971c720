"""(f) From the commit of an event to the first attempt to deliver it, with a dead endpoint beside."""

import asyncio
import json
import socket
from contextlib import closing
from datetime import datetime
from pathlib import Path

from bench.figure import Figure
from bench.scripting import plugin
from tests.kill.caller import Caller
from tests.kill.person import Person, Story
from tests.kill.programs import PAYPROOF, Program
from tests.kill.script import Script
from tests.kill.stage import Stage

TASKS, A_SECOND = 60, 4
SCRIPT = Script(provider="scripted", username="plain", password="x", path=("done",))


async def measure(place: Path, postgres: str | None) -> list[Figure]:
    figures = await _figures(place, "sqlite", None)
    if postgres:
        figures += await _figures(place, "postgres", postgres)
    return figures


async def _figures(place: Path, name: str, database: str | None) -> list[Figure]:
    here = place / name
    here.mkdir()
    with closing(socket.create_server(("127.0.0.1", 0))) as dead, Stage(here, database) as stage:
        stage.server = Program([*PAYPROOF, "serve"], plugin(here) | stage.settings(), here / "server.log")
        await asyncio.to_thread(stage.start_server)
        await _run(stage, f"http://127.0.0.1:{dead.getsockname()[1]}/")
        delays = sorted(_delay(line) for line in stage.heard.all)
    note = f"{len(delays)} events, {TASKS} tasks at {A_SECOND} a second; the other endpoint never answers"
    return [
        Figure(
            name=f"f event to first attempt, {what}, {name}",
            value=delays[int(len(delays) * share)] * 1000,
            unit="ms",
            target="< 50" if share == 0.5 else None,
            note=note,
        )
        for what, share in (("p50", 0.5), ("p99", 0.99))
    ]


async def _run(stage: Stage, dead_url: str) -> None:
    caller = Caller(stage.url)
    people = Person(caller)
    await people.connect(await people.arrive(SCRIPT))
    for name, url in (("dead", dead_url), ("witness", stage.witness_url)):
        await caller.post("/v1/webhooks/", {"name": name, "webhook_url": url, "env_type": "sandbox"})
    stories = [await people.arrive(SCRIPT) for _ in range(TASKS)]
    under_way = []
    for story in stories:
        under_way.append(asyncio.create_task(people.connect(story)))
        await asyncio.sleep(1 / A_SECOND)
    await asyncio.gather(*under_way)
    await _until_told(stage, stories)
    await caller.close()


async def _until_told(stage: Stage, stories: list[Story]) -> None:
    for _ in range(1500):
        stage.heard.look()
        if sum('"status":"done"' in line["body"] for line in stage.heard.all) >= len(stories):
            return
        await asyncio.sleep(0.02)
    raise TimeoutError("webhooks are missing")


def _delay(line: dict[str, object]) -> float:
    """Seconds from the event's own time, which is a little before its commit, to its arrival."""
    created = datetime.fromisoformat(json.loads(str(line["body"]))["event_created_at"])
    return float(str(line["at"])) - created.timestamp()
