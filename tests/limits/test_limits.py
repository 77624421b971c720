"""What we promise to cost. A busy machine costs more, so these fail only at twice the figure."""

from pathlib import Path
from statistics import median

import pytest

from bench import door, parked, start
from bench.figure import Figure
from bench.filling import fill

pytestmark = pytest.mark.limit  # they measure, and need a quiet machine


def _told(capsys: pytest.CaptureFixture[str], *figures: Figure) -> None:
    with capsys.disabled():
        for one in figures:
            print(f"\n{one.name}: {one.value:.3g} {one.unit} {one.note}")  # noqa: T201


async def test_help_and_start_are_cheap(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = {one.name: one for one in await start.measure(tmp_path)}
    _told(capsys, *figures.values())
    assert figures["e payproof --help"].value < 2 * 0.2
    assert figures["e start to ready, known data"].cpu_seconds < 2 * 1.5


async def test_reading_a_task_costs_a_few_constant_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ids = await fill(tmp_path / "data" / "payproof.sqlite", 1000)
    paths = tmp_path / "paths"
    paths.write_text("\n".join(f"/v1/tasks/{one}/" for one in ids))
    ratios = []
    with door.constant(tmp_path, paths) as baseline, door.server(tmp_path, "tasks", tmp_path / "data", paths) as ours:
        baseline.burden(0.5), ours.burden(0.5)
        for _ in range(3):
            base = baseline.burden(1.0)
            ratios.append(ours.burden(1.0) / base)
    _told(capsys, Figure(name="one task against a constant answer", value=median(ratios), unit="×"))
    assert median(ratios) < 2 * 4


async def test_parked_tasks_cost_a_row_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = {one.name: one for one in await parked.measure(tmp_path, [None, None], count=1000, idle_seconds=5)}
    _told(capsys, *figures.values())
    assert figures["d 1000 parked, memory, sqlite"].value < 2 * 150 / 10
    assert figures["d 1000 parked, idle, sqlite"].value < 2 * 2
