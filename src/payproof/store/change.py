"""Who waits for a task to change: woken after commit, by this process or, on PostgreSQL, by any other."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager


class Changes:
    """`with changes.watch(task_ids) as changed: await changed.wait()`; look at the store after each wake-up."""

    def __init__(self) -> None:
        self._watchers: dict[str, set[asyncio.Event]] = defaultdict(set)

    def ring(self, task_id: str) -> None:
        for watcher in self._watchers.get(task_id, ()):
            watcher.set()

    @contextmanager
    def watch(self, subjects: Iterable[str]) -> Iterator[asyncio.Event]:
        """`subjects` are task ids or session ids."""
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
