"""Holding an answer back until something has happened: woken by what changes, with a look now and then."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TypeVar

from payproof import clock
from payproof.store import Store

LOOK_SECONDS = 1.0
"""A look at the store even when nobody rang: a ring may be lost with a connection."""

T = TypeVar("T")


async def until(
    store: Store,
    subjects: Sequence[str],
    look: Callable[[], Awaitable[T]],
    is_enough: Callable[[T], bool],
    *,
    seconds: float,
) -> T:
    """What there is to be seen once it `is_enough`, or after so many seconds, or when the server stops.

    `subjects` are those whose changes wake us, by id.
    """
    deadline = clock.monotonic() + seconds
    with store.changes.watch(subjects) as changed:
        while True:
            changed.clear()
            found = await look()
            left = deadline - clock.monotonic()
            if is_enough(found) or left <= 0 or store.changes.is_over:
                return found
            with suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), min(left, LOOK_SECONDS))
