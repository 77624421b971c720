"""(e) From the command to the first answer; and what `--help` costs."""

import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from bench.figure import Figure
from tests.kill.programs import PAYPROOF, Program, free_port, settings

TIMES = 5


async def measure(place: Path) -> list[Figure]:
    python = median(_children_cpu([sys.executable, "-c", "pass"]) for _ in range(TIMES))
    help_cpu = median(_children_cpu([*PAYPROOF, "--help"]) for _ in range(TIMES))
    starts = [_start(place / str(number)) for number in range(TIMES)]
    again = [_start(place / "0") for _ in range(TIMES)]
    return [
        _figure("e start to ready, new data", starts),
        _figure("e start to ready, known data", again),
        Figure(
            name="e payproof --help",
            value=help_cpu,
            unit="s CPU",
            ratio=help_cpu / python,
            baseline="python -c pass",
            target="< 0.2",
        ),
    ]


def _figure(name: str, starts: list[tuple[float, float]]) -> Figure:
    cpu = median(cpu for _, cpu in starts)
    return Figure(
        name=name,
        value=median(wall for wall, _ in starts),
        unit="s",
        target="< 1.5",
        note=f"{cpu:.2f} s CPU until then",
    )


def _start(place: Path) -> tuple[float, float]:
    """Seconds of the wall until `/readyz` says 200, and of CPU until then."""
    place.mkdir(exist_ok=True)
    port = free_port()
    server = Program([*PAYPROOF, "serve"], settings(place / "data", port=str(port)), place / "log")
    began = time.perf_counter()
    server.start()
    try:
        server.await_url(f"http://127.0.0.1:{port}/readyz", look_every=0.005)
        return time.perf_counter() - began, server.cpu_seconds()
    finally:
        server.end()


def _children_cpu(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True, env=os.environ | {"PYTHONDONTWRITEBYTECODE": ""})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
