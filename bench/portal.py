"""(c2) The pretend payroll portal over HTTP, with one webhook: the whole way of a task."""

import asyncio
import json
import sys
import time
from pathlib import Path

from bench.figure import Figure
from tests.kill.caller import Caller
from tests.kill.person import Person, Story
from tests.kill.programs import Program
from tests.kill.script import PLAIN
from tests.kill.stage import Stage

TASKS, AT_ONCE = 200, 16


async def measure(place: Path, postgres: str | None) -> list[Figure]:
    figures = await _figures(place, "sqlite", None)
    if postgres:
        figures += await _figures(place, "postgres", postgres)
    return figures


async def _figures(place: Path, name: str, database: str | None) -> list[Figure]:
    """The share of each kind of work comes from samples of the stack, taken while the tasks run."""
    here = place / name
    here.mkdir()
    with Stage(here, database) as stage:
        command = [sys.executable, "-m", "bench.profiled", str(here / "profile.json"), "serve"]
        stage.server = Program(command, stage.settings(), here / "server.log")
        await asyncio.to_thread(stage.start_server)
        wall, cpu = await _run(stage)
        stage.server.end()
        profile = json.loads((here / "profile.json").read_text())
    return [
        Figure(
            name=f"c2 portal over HTTP, {name}",
            value=TASKS / wall,
            unit="tasks/s",
            note=f"{cpu / TASKS * 1000:.1f} ms CPU a task; {_shares(profile['kinds'])}",
        )
    ]


async def _run(stage: Stage) -> tuple[float, float]:
    """Seconds of the wall and of the server's CPU, from the first attempt to the last webhook."""
    caller = Caller(stage.url)
    people = Person(caller)
    wish = {"name": "witness", "webhook_url": stage.witness_url, "env_type": "sandbox"}
    await people.connect(await people.arrive(PLAIN[0]))
    await caller.post("/v1/webhooks/", wish)
    stories = [await people.arrive(PLAIN[0]) for _ in range(TASKS)]
    began, cpu = time.perf_counter(), stage.server.cpu_seconds()
    places = asyncio.Semaphore(AT_ONCE)

    async def one(story: Story) -> None:
        async with places:
            await people.connect(story)

    await asyncio.gather(*(one(story) for story in stories))
    await _until_told(stage)
    assert all(story.status == "done" for story in stories), {story.status for story in stories}
    await caller.close()
    return time.perf_counter() - began, stage.server.cpu_seconds() - cpu


async def _until_told(stage: Stage) -> None:
    """Until the witness has heard of every ending."""
    for _ in range(3000):
        stage.heard.look()
        if sum('"status":"done"' in line["body"] for line in stage.heard.all) >= TASKS:
            return
        await asyncio.sleep(0.02)
    raise TimeoutError("webhooks are missing")


def _shares(kinds: dict[str, int]) -> str:
    total = sum(kinds.values()) or 1
    return ", ".join(f"{kind} {count / total:.0%}" for kind, count in sorted(kinds.items(), key=lambda one: -one[1]))
