"""The loop that claims due jobs and runs their steps, one per kind of job."""

import asyncio
import os
import secrets
from collections.abc import Mapping
from datetime import timedelta

import structlog

from payproof.engine.step import run_steps
from payproof.engine.work import Workflow
from payproof.model.job import JobKind, Lease
from payproof.store import Store, lease

SWEEP_SECONDS = 3.0
RENEW_SECONDS = 5.0
BUSY_SECONDS = 0.02
"""How soon to look again where others hold what is due."""
GRACE_SECONDS = 0.5
"""How long running steps may take to end when the engine stops; then they are cancelled and their leases voided."""
CAPACITY = {JobKind.VERIFY: 64, JobKind.DELIVER: 256, JobKind.ADVANCE: 8, JobKind.FORGET: 4}
"""How many steps of a kind run at once in one process."""

log = structlog.get_logger("payproof.engine")


class Engine:
    """Run with `await engine.run(stop)`; any number of processes on PostgreSQL, exactly one on SQLite."""

    def __init__(
        self, store: Store, workflows: Mapping[JobKind, Workflow], *, capacity: Mapping[JobKind, int] = CAPACITY
    ) -> None:
        self._store = store
        self._workflows = workflows
        self._capacity = capacity
        self._worker = f"{os.getpid()}-{secrets.token_hex(6)}"
        self._running: dict[asyncio.Task[None], Lease] = {}
        self._crowded: set[JobKind] = set()
        """Kinds of which more may be due than there was room for: to be claimed when a step ends."""

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then end the steps in hand and give their leases back."""
        if not self._store.is_postgres:
            await self._store.everywhere.write(lease.void_all)
        loops = [asyncio.create_task(self._hand_out(kind, stop)) for kind in self._workflows]
        loops += [asyncio.create_task(self._sweep(stop)), asyncio.create_task(self._renew(stop))]
        await stop.wait()
        for kind in self._workflows:
            self._store.bell(kind).set()
        _, late = await asyncio.wait(loops, timeout=GRACE_SECONDS)
        for one in late:
            one.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        await self._end_steps()

    async def _hand_out(self, kind: JobKind, stop: asyncio.Event) -> None:
        bell = self._store.bell(kind)
        while not stop.is_set():
            bell.clear()
            try:
                pause = await self._claim(kind)
            except Exception:
                log.exception("claim_failed", kind=kind)
                pause = 0.5
            await _wait(bell, pause)

    async def _claim(self, kind: JobKind) -> float:
        """Lease what is due as far as there is room; returns for how many seconds there is nothing to do.

        Room is given again a good part at a time: a claim costs about the same for one job and for ten.
        """
        capacity = self._capacity.get(kind, 8)
        free = capacity - sum(one.kind == kind for one in self._running.values())
        if free <= 0 or free < capacity // 4:
            self._crowded.add(kind)
            return SWEEP_SECONDS
        self._crowded.discard(kind)
        due = await self._store.everywhere.read(lease.next_due, kind)
        if due is None:
            return SWEEP_SECONDS
        wait = (due - self._store.wall()) / timedelta(seconds=1)
        if wait > 0:
            return min(wait, SWEEP_SECONDS)
        claimed = await self._store.everywhere.write(lease.claim, kind, self._worker, free)
        for one in claimed:
            step = asyncio.create_task(run_steps(self._store, self._workflows[kind], one))
            self._running[step] = one
            step.add_done_callback(self._ended)
        return 0.0 if claimed else BUSY_SECONDS

    def _ended(self, step: asyncio.Task[None]) -> None:
        kind = self._running.pop(step).kind
        if kind in self._crowded:
            self._store.bell(kind).set()

    async def _sweep(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                if await self._store.everywhere.read(lease.needs_sweep):
                    await self._store.everywhere.write(lease.sweep)
            except Exception:
                log.exception("sweep_failed")
            await _wait(stop, SWEEP_SECONDS)

    async def _renew(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await _wait(stop, RENEW_SECONDS)
            try:
                if self._running:
                    await self._store.everywhere.write(lease.renew, self._worker, list(self._running.values()))
            except Exception:
                log.exception("renew_failed")

    async def _end_steps(self) -> None:
        late = list(self._running)
        if late:
            _, still = await asyncio.wait(late, timeout=GRACE_SECONDS)
            for step in still:
                step.cancel()
            await asyncio.gather(*still, return_exceptions=True)
        try:
            async with asyncio.timeout(GRACE_SECONDS):
                await self._store.everywhere.write(lease.void_worker, self._worker)
        except Exception:
            log.exception("void_failed")


async def _wait(event: asyncio.Event, seconds: float) -> None:
    if seconds <= 0:
        await asyncio.sleep(0)
        return
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
