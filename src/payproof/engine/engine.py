"""The loop that claims due jobs and runs their steps, one per kind of job."""

import asyncio
import os
import secrets
from collections.abc import Mapping
from datetime import timedelta

import structlog

from payproof import clock
from payproof.engine.work import Work, Workflow
from payproof.model.job import JobKind, Lease, LeaseLost
from payproof.model.task import StaleTask
from payproof.store import Store, job

SWEEP_SECONDS = 3.0
RENEW_SECONDS = 5.0
GRACE_SECONDS = 0.5
"""How long running steps may take to end when the engine stops; then they are cancelled and their leases voided."""
CAPACITY = {JobKind.VERIFY: 32, JobKind.DELIVER: 64, JobKind.ADVANCE: 8}
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

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then end the steps in hand and give their leases back."""
        if not self._store.is_postgres:
            await self._store.everywhere.write(job.sweep, all_leases=True)
        loops = [asyncio.create_task(self._hand_out(kind)) for kind in self._workflows]
        loops += [asyncio.create_task(self._sweep()), asyncio.create_task(self._renew())]
        await stop.wait()
        for one in loops:
            one.cancel()
        await asyncio.gather(*loops, return_exceptions=True)
        await self._end_steps()

    async def _hand_out(self, kind: JobKind) -> None:
        bell = asyncio.Event()
        self._store.bells.add(bell)
        try:
            while True:
                bell.clear()
                try:
                    pause = await self._claim(kind, bell)
                except Exception:
                    log.exception("claim_failed", kind=kind)
                    pause = 0.5
                await _wait(bell, pause)
        finally:
            self._store.bells.discard(bell)

    async def _claim(self, kind: JobKind, bell: asyncio.Event) -> float:
        """Lease what is due as far as there is room; returns for how many seconds there is nothing to do."""
        free = self._capacity.get(kind, 8) - sum(lease.kind == kind for lease in self._running.values())
        if free <= 0:
            return SWEEP_SECONDS
        due = await self._store.everywhere.read(job.next_due, kind)
        if due is None:
            return SWEEP_SECONDS
        wait = (due - clock.now()) / timedelta(seconds=1)
        if wait > 0:
            return min(wait, SWEEP_SECONDS)
        for lease in await self._store.everywhere.write(job.claim, kind, self._worker, free):
            step = asyncio.create_task(self._run(lease))
            self._running[step] = lease
            step.add_done_callback(lambda ended: self._ended(ended, bell))
        return 0.0

    def _ended(self, step: asyncio.Task[None], bell: asyncio.Event) -> None:
        self._running.pop(step, None)
        bell.set()

    async def _run(self, lease: Lease) -> None:
        """All steps under one lease."""
        workflow = self._workflows[lease.kind]
        work = Work(self._store, lease)
        try:
            if lease.tries > job.LAST_TRY:
                await workflow.give_up(work)
            while not work.is_over:
                await self._step(workflow, work)
        except LeaseLost:
            log.warning("lease_lost", kind=lease.kind, subject=lease.subject)
        except Exception:
            log.exception("step_failed", kind=lease.kind, subject=lease.subject, tries=lease.tries)
            await self._failed(workflow, work, lease)

    async def _step(self, workflow: Workflow, work: Work) -> None:
        for _ in range(20):
            try:
                return await workflow.step(work)
            except StaleTask:
                continue  # somebody changed the task meanwhile: read it again
        raise StaleTask(work.subject)

    async def _failed(self, workflow: Workflow, work: Work, lease: Lease) -> None:
        try:
            if lease.tries >= job.LAST_TRY:
                await workflow.give_up(work)
            else:
                await self._store.everywhere.write(job.void, lease)
        except Exception:
            log.exception("void_failed", kind=lease.kind, subject=lease.subject)

    async def _sweep(self) -> None:
        while True:
            try:
                if await self._store.everywhere.read(job.needs_sweep):
                    await self._store.everywhere.write(job.sweep)
            except Exception:
                log.exception("sweep_failed")
            await asyncio.sleep(SWEEP_SECONDS)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            try:
                if self._running:
                    await self._store.everywhere.write(job.renew, self._worker)
            except Exception:
                log.exception("renew_failed")

    async def _end_steps(self) -> None:
        if not self._running:
            return
        leases = list(self._running.values())
        _, late = await asyncio.wait(list(self._running), timeout=GRACE_SECONDS)
        for step in late:
            step.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        for lease in leases:
            await self._store.everywhere.write(job.void, lease)


async def _wait(bell: asyncio.Event, seconds: float) -> None:
    if seconds <= 0:
        await asyncio.sleep(0)
        return
    try:
        async with asyncio.timeout(seconds):
            await bell.wait()
    except TimeoutError:
        return
