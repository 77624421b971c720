"""Who waits for news of a task or a tenant: woken after commit, by this process or, on PostgreSQL, by any other."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager


class Changes:
    """`with changes.watch(task_ids) as changed: await changed.wait()`; look at the store after each wake-up."""

    def __init__(self) -> None:
        self.is_over = False
        """Nobody should wait any longer: the process ends."""
        self._watchers: dict[str, set[asyncio.Event]] = defaultdict(set)

    def ring(self, subject: str) -> None:
        for watcher in self._watchers.get(subject, ()):
            watcher.set()

    def ring_all(self) -> None:
        """Whatever was missed."""
        for subject in self._watchers:
            self.ring(subject)

    def stop(self) -> None:
        """Send everybody home."""
        self.is_over = True
        self.ring_all()

    @contextmanager
    def watch(self, subjects: Iterable[str]) -> Iterator[asyncio.Event]:
        """`subjects` are ids of tasks, of sessions, and of tenants, whose news are their events."""
        changed = asyncio.Event()
        watched = list(subjects)
        for subject in watched:
            self._watchers[subject].add(changed)
        try:
            yield changed
        finally:
            for subject in watched:
                self._watchers[subject].discard(changed)
                if not self._watchers[subject]:
                    del self._watchers[subject]
