"""(d) Ten thousand tasks that wait for a person: what they cost, and how soon each goes on."""

import asyncio
import random
import time
from collections.abc import Sequence
from pathlib import Path

from bench.figure import Figure
from bench.scripting import begin_many, opened, plugin, work_off
from tests.kill.caller import Caller
from tests.kill.programs import PAYPROOF, Program, free_port, settings

PARKED, IDLE_SECONDS, RESUMED = 10_000, 20, 40


class _Server:
    def __init__(self, place: Path, name: str, database: str | None, environ: dict[str, str]) -> None:
        self.port = free_port()
        chosen = {"port": str(self.port)} | ({"database_url": database} if database else {})
        self.program = Program([*PAYPROOF, "serve"], environ | settings(place / name, **chosen), place / f"{name}.log")

    def start(self) -> None:
        self.program.start()
        self.program.await_url(f"http://127.0.0.1:{self.port}/readyz")


async def measure(
    place: Path, databases: list[str | None], *, count: int = PARKED, idle_seconds: int = IDLE_SECONDS
) -> list[Figure]:
    """`databases` are the URLs of two empty databases, or two times None for SQLite."""
    name = "postgres" if databases[0] else "sqlite"
    where = databases[0] or place / "parked" / "payproof.sqlite"
    async with opened(where) as (store, tenant):
        begun = await begin_many(store, tenant, "ask", count)
        await work_off(store)
    environ = plugin(place)
    full = _Server(place, "parked", databases[0], environ)
    empty = _Server(place, "empty", databases[1], environ)
    waiting = [(session.id, attempt.task.id) for session, attempt in begun]
    random.shuffle(waiting)
    try:
        full.start()
        empty.start()
        cost = await _costs(f"d {count} parked", name, full.program, empty.program, idle_seconds)
        first = await _resume(full, waiting[:RESUMED])
        full.program.kill()
        full.start()
        second = await _resume(full, waiting[RESUMED : 2 * RESUMED])
    finally:
        full.program.kill()
        empty.program.kill()
    return [*cost, _latency(name, "", first), _latency(name, " after kill -9 and restart", second)]


async def _costs(what: str, name: str, full: Program, empty: Program, seconds: int) -> list[Figure]:
    await asyncio.sleep(3)
    memory = full.resident_mb() - empty.resident_mb()
    before = full.cpu_seconds(), empty.cpu_seconds()
    await asyncio.sleep(seconds)
    idle = [(now - then) / seconds * 100 for now, then in zip(_cpu(full, empty), before, strict=True)]
    note = f"{full.resident_mb():.0f} MB, {full.threads()} threads; without them {empty.threads()}"
    return [
        Figure(name=f"{what}, memory, {name}", value=memory, unit="MB more", target="< 150", note=note),
        Figure(
            name=f"{what}, idle, {name}",
            value=idle[0],
            unit="% of a core",
            target="< 2",
            note=f"without them {idle[1]:.2f} %",
        ),
    ]


def _cpu(*programs: Program) -> list[float]:
    return [one.cpu_seconds() for one in programs]


async def _resume(server: _Server, waiting: Sequence[tuple[str, str]]) -> list[float]:
    """Seconds from each answer to the task's ending, one after the other."""
    caller = Caller(f"http://127.0.0.1:{server.port}")
    spent = []
    for session, task in waiting:
        bearer = {"Authorization": f"Bearer {session}"}
        began = time.perf_counter()
        await caller.post(f"/bridge/v1/attempts/{task}/answers/", {"answers": {"answer": "yes"}}, headers=bearer)
        for _ in range(4000):
            if (await caller.get(f"/bridge/v1/attempts/{task}/", headers=bearer))["is_final"]:
                break
            await asyncio.sleep(0.005)
        spent.append(time.perf_counter() - began)
    await caller.close()
    return spent


def _latency(name: str, when: str, spent: list[float]) -> Figure:
    note = f"slowest of {len(spent)}: {max(spent) * 1000:.0f} ms"
    value = sorted(spent)[len(spent) // 2] * 1000
    return Figure(name=f"d answer to done{when}, {name}", value=value, unit="ms", target="< 1000", note=note)
