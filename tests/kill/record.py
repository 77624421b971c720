"""What was killed when, and what it hit."""

import time
from collections import Counter
from dataclasses import dataclass, field

from tests.kill.phase import Phase

MOST_STRIKES = 3
"""A task is given up at its fifth try without progress: nobody is struck so often at the same place."""


@dataclass
class Kill:
    wanted: Phase
    hit: Phase | None
    held: dict[str, str] = field(default_factory=dict)
    """The tasks on which the server was at work, and the status of each."""
    posted: Counter[str] = field(default_factory=Counter)
    """How often the portal had seen each task's password by then."""
    at: float = field(default_factory=time.monotonic)

    @property
    def stranded(self) -> set[str]:
        """Tasks whose sign-in was under way."""
        return {task for task, status in self.held.items() if status == "login"}


class Record:
    def __init__(self) -> None:
        self.kills: list[Kill] = []

    def histogram(self) -> dict[Phase, int]:
        counts = Counter(kill.hit for kill in self.kills)
        return {phase: counts[phase] for phase in Phase}

    def rarest(self) -> list[Phase]:
        """The phases that were hit least often."""
        counts = self.histogram()
        return [phase for phase in Phase if counts[phase] == min(counts.values())]

    def struck(self) -> set[str]:
        """Tasks that were struck so often in one status that it is enough."""
        times = Counter(one for kill in self.kills for one in kill.held.items())
        return {task for (task, _), count in times.items() if count >= MOST_STRIKES}

    def told(self) -> str:
        lines = [f"{count:4} {'#' * count} {phase}" for phase, count in self.histogram().items()]
        missed = sum(kill.hit is None for kill in self.kills)
        return "\n".join([f"{len(self.kills)} kills, {missed} of them hit nothing", *lines])
