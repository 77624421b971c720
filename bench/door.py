"""(a) One task by its id, everything on; (b) the same among few and among many tasks."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from bench.figure import Figure
from bench.filling import fill
from tests.kill.programs import CLIENT_ID, PAYPROOF, SECRET, Program, free_port, settings

MILLION, MANY, FEW = 1_000_000, 100_000, 1_000
ROUNDS, SECONDS = 5, 2.0
_LIMIT = "10000000"
"""Calls a minute: the limit counts every call and never refuses one."""


class Subject:
    """A server under load, and where its paths stand."""

    def __init__(self, program: Program, port: int, paths: Path) -> None:
        self.program, self.port, self.paths = program, port, paths
        self.costs: list[float] = []

    def burden(self, seconds: float = SECONDS) -> float:
        """CPU in microseconds a request."""
        before = self.program.cpu_seconds()
        arguments = [str(self.port), str(self.paths), str(seconds), CLIENT_ID, SECRET]
        told = subprocess.run([sys.executable, "-m", "bench.load", *arguments], stdout=subprocess.PIPE, check=True)
        spent = self.program.cpu_seconds() - before
        return spent / int(json.loads(told.stdout)["requests"]) * 1e6


async def measure(place: Path, postgres: str | None, few: str | None) -> list[Figure]:
    """`postgres` and `few` are URLs of two empty databases."""
    wheres: dict[str, Path | str] = {"sqlite": place / "many", "sqlite_few": place / "few"}
    if postgres and few:
        wheres |= {"postgres": postgres, "postgres_few": few}
    paths = await _filled(place, wheres, MANY)
    with constant(place, paths["sqlite"]) as baseline:
        costs = _alternate(place, baseline, wheres, paths)
    return list(_figures(costs))


async def measure_million(place: Path, postgres: str | None, few: str | None) -> list[Figure]:
    """The same among a thousand and among a million: on SQLite, and on PostgreSQL where there is one."""
    wheres: dict[str, Path | str] = {"sqlite": place / "many", "sqlite_few": place / "few"}
    if postgres and few:
        wheres |= {"postgres": postgres, "postgres_few": few}
    paths = await _filled(place, wheres, MILLION)
    with constant(place, paths["sqlite"]) as baseline:
        costs = _alternate(place, baseline, wheres, paths)
    return [_growth(costs, name, MILLION, "< 1.3") for name in ("sqlite", "postgres") if name in costs]


async def _filled(place: Path, wheres: dict[str, Path | str], many: int) -> dict[str, Path]:
    """Databases with tasks in them; returns, for each, the file with the paths of its tasks."""
    paths = {}
    for name, where in wheres.items():
        count = FEW if name.endswith("few") else many
        ids = await fill(where / "payproof.sqlite" if isinstance(where, Path) else where, count)
        paths[name] = place / f"{name}.paths"
        paths[name].write_text("\n".join(f"/v1/tasks/{one}/" for one in ids))
    return paths


def _growth(costs: dict[str, list[float]], name: str, many: int, target: str) -> Figure:
    few = costs[f"{name}_few"]
    return Figure(
        name=f"b {FEW} → {many} tasks, {name}",
        value=median(costs[name]),
        unit="µs CPU/request",
        ratio=median(one / base for one, base in zip(costs[name], few, strict=True)),
        baseline=f"{FEW} tasks, {median(few):.0f} µs",
        target=target,
    )


def _alternate(
    place: Path, baseline: Subject, wheres: dict[str, Path | str], paths: dict[str, Path]
) -> dict[str, list[float]]:
    """All servers in turn, several times: what slows the machine for a while slows them all."""
    subjects = {"constant": baseline}
    with ExitStack() as closing:
        for name, where in wheres.items():
            subjects[name] = closing.enter_context(server(place, name, where, paths[name]))
        for one in subjects.values():
            one.burden(1.0)
        for _ in range(ROUNDS):
            for one in subjects.values():
                one.costs.append(one.burden())
    return {name: one.costs for name, one in subjects.items()}


@contextmanager
def server(place: Path, name: str, where: Path | str, paths: Path) -> Iterator[Subject]:
    """Ours on that data, with everything on."""
    port = free_port()
    chosen = {"port": str(port), "rate_limit_per_minute": _LIMIT, "engine": "false" if isinstance(where, str) else ""}
    if isinstance(where, str):
        chosen["database_url"] = where
    data = where if isinstance(where, Path) else place / name
    program = Program([*PAYPROOF, "serve"], settings(data, **chosen), place / f"{name}.log")
    program.start()
    try:
        program.await_url(f"http://127.0.0.1:{port}/readyz")
        yield Subject(program, port, paths)
    finally:
        program.end()


@contextmanager
def constant(place: Path, paths: Path) -> Iterator[Subject]:
    """The baseline on the same server."""
    port = free_port()
    program = Program([sys.executable, "-m", "bench.constant", str(port)], {}, place / "constant.log")
    program.start()
    try:
        program.await_url(f"http://127.0.0.1:{port}/")
        yield Subject(program, port, paths)
    finally:
        program.kill()


def _figures(costs: dict[str, list[float]]) -> Iterator[Figure]:
    yield Figure(name="a constant answer", value=median(costs["constant"]), unit="µs CPU/request", note="baseline")
    for name in ("sqlite", "postgres"):
        if name not in costs:
            continue
        ratio = median(one / base for one, base in zip(costs[name], costs["constant"], strict=True))
        yield Figure(
            name=f"a one of {MANY} tasks, {name}",
            value=median(costs[name]),
            unit="µs CPU/request",
            ratio=ratio,
            baseline="constant",
            target="≤ 4 (aim 3.5)" if name == "sqlite" else None,
            note="random ids; auth, rate limit and log on" + ("" if name == "sqlite" else "; our process only"),
        )
        yield _growth(costs, name, MANY, "< 1.2")
