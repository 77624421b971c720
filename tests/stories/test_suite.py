"""A suite of somebody's tests against payproof, two at a time; `python -m bench --only h` runs a thousand of them."""

from bench.standin import cpu_seconds, passed, run_suite
from tests.stories.server import Dev

TESTS = 50
MOST_CPU_MS = 200
"""Of the server, for each test: three times what it is on a machine that does nothing else."""


def test_every_test_has_a_world_of_its_own_and_is_cheap(dev: Dev) -> None:
    before = cpu_seconds(dev.process.pid)
    said = run_suite(dev.url, seed="story", tests=TESTS)
    assert passed(said) == TESTS, said
    assert (cpu_seconds(dev.process.pid) - before) * 1000 / TESTS < MOST_CPU_MS
