"""(h) What a test costs the stand-in: a tenant of its own, a connection, a webhook, a clock that goes on."""

import asyncio
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from statistics import median, quantiles

from bench.figure import Figure
from payproof.testing.standin import Keys, Server
from tests.kill.programs import PAYPROOF, Program, cpu_seconds_of, descendants, free_port

TESTS, RUNS = 1000, 5
TENANTS = 200
SUITE = Path(__file__).parent / "standin_suite.py"


async def measure(place: Path) -> list[Figure]:
    return await asyncio.to_thread(_measure, place)


def _measure(place: Path) -> list[Figure]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    server = Program([*PAYPROOF, "dev", "--port", str(port), "--data", str(place / "data")], {}, place / "log")
    server.start()
    try:
        server.await_url(f"{url}/readyz")
        return [*_runs(server.pid, url), _tenants(server.pid, url)]
    finally:
        server.end()


def _runs(server: int, url: str) -> list[Figure]:
    """Each run's tenants have seeds of their own, which no run before it had."""
    cpu: list[float] = []
    wall: list[float] = []
    failed = 0
    for number in range(RUNS):
        before, began = cpu_seconds(server), time.perf_counter()
        said = run_suite(url, seed=f"run-{number}", tests=TESTS)
        wall.append(time.perf_counter() - began)
        cpu.append((cpu_seconds(server) - before) / TESTS * 1000)
        failed += TESTS - passed(said)
        sys.stdout.write("" if passed(said) == TESTS else said[-3000:])
    note = f"each run: {', '.join(f'{one:.1f}' for one in cpu)} ms; wall: {', '.join(f'{one:.0f}' for one in wall)} s"
    name = f"h CPU of the server a test, {TESTS} tests by 2 workers"
    return [
        Figure(name=name, value=median(cpu), unit="ms", target="< 60", note=note),
        Figure(name=f"h tests that did not pass, {RUNS} runs", value=failed, unit="", target="0"),
    ]


def run_suite(url: str, *, seed: str, tests: int) -> str:
    """What pytest said, with two workers; `seed` is the beginning of the tenants' seeds."""
    plugins = ["-p", "xdist", "-p", "payproof.testing.plugin", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--tb=short", *plugins]
    place = ["-c", os.devnull, f"--rootdir={SUITE.parent}", str(SUITE)]
    settings = {"PAYPROOF_BASE_URL": url, "STANDIN_SEED": seed, "STANDIN_TESTS": str(tests)}
    environment = os.environ | settings | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run([*command, *place], capture_output=True, text=True, env=environment, check=False).stdout


def passed(said: str) -> int:
    """How many tests, by the last line."""
    found = re.search(r"(\d+) passed", said.strip().rpartition("\n")[2])
    return int(found[1]) if found else 0


def _tenants(server: int, url: str) -> Figure:
    """One after the other; the wall as the test that asks sees it."""
    asking = Server(url, Keys())
    spans: list[float] = []
    before = cpu_seconds(server)
    for number in range(TENANTS):
        began = time.perf_counter()
        asking.new_tenant(seed=f"tenant-{number}")
        spans.append(time.perf_counter() - began)
    cpu = (cpu_seconds(server) - before) / TENANTS
    asking.calling.close()
    return Figure(
        name="h a tenant is made",
        value=median(spans) * 1000,
        unit="ms",
        target="< 20",
        note=f"p99 {quantiles(spans, n=100)[98] * 1000:.1f} ms; {cpu * 1000:.1f} ms CPU",
    )


def cpu_seconds(server: int) -> float:
    """Of a server and whatever it has started."""
    return sum(cpu_seconds_of(pid) for pid in (server, *descendants(server)))
