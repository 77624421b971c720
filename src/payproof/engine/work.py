"""What a workflow holds while it does a job: every write goes through here and checks the fence."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from payproof.model.job import Lease
from payproof.model.tenant import Tenant
from payproof.store import Store, Tx, job
from payproof.store.job import Held, Standing

P = ParamSpec("P")
T = TypeVar("T")


def nothing(tx: Tx) -> None:
    """The outcome of a step that has none to write: the job is given back, and that is all."""


class Work:
    """One leased job. A step reads, calls the outside world, and commits exactly one outcome.

    `commit` goes on under the same lease; `finish`, `postpone`, `go_on_in` and `bury` give it back and end the step.
    All raise LeaseLost, writing nothing, once the lease has been voided.
    """

    def __init__(self, store: Store, lease: Lease) -> None:
        self._tenancy = store.of(lease.tenant)
        self._held = Held(lease, lease.turn)
        self.given: Any = None
        """What the last `commit` returned, for the next step: so that it need not read what it wrote itself.

        None when there was no commit, and when somebody has asked for the work meanwhile.
        """
        self.is_over = False
        """The lease was given back: nothing more may be done."""

    @property
    def subject(self) -> str:
        return self._held.lease.subject

    @property
    def tenant(self) -> Tenant:
        return self._held.lease.tenant

    @property
    def has_progress(self) -> bool:
        """An outcome was committed under this lease."""
        return self._held.has_progress

    async def read(self, fn: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._tenancy.read(fn, *args, **kwargs)

    async def read_long(self, fn: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """For reads of many or large rows."""
        return await self._tenancy.read_long(fn, *args, **kwargs)

    async def note(self, fn: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Commit something on the way, such as the intention of a call; not an outcome."""

        def unit(tx: Tx) -> T:
            job.check_fence(tx, self._held)
            return fn(tx, *args, **kwargs)

        return await self._tenancy.write(unit)

    async def commit(self, fn: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> None:
        """Commit an outcome and go on: wishes made until now are seen by the next step, and so is what `fn` returns."""

        def unit(tx: Tx) -> tuple[int, T]:
            standing = job.check_fence(tx, self._held)
            job.go_on(tx, self._held)
            return standing.turn, fn(tx, *args, **kwargs)

        turn, result = await self._tenancy.write(unit)
        self.given = result if turn == self._held.turn else None
        self._held.turn = turn
        self._held.has_progress = True

    async def finish(self, fn: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Commit the last outcome."""

        def unit(tx: Tx, standing: Standing) -> T:
            result = fn(tx, *args, **kwargs)
            job.finish(tx, self._held, standing)
            return result

        return await self._last(unit)

    async def postpone(
        self,
        at: datetime,
        fn: Callable[Concatenate[Tx, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Commit an outcome and look again at tenant time `at`, or at once if the work was asked for meanwhile."""

        def unit(tx: Tx, standing: Standing) -> T:
            result = fn(tx, *args, **kwargs)
            job.postpone(tx, self._held, standing, at)
            return result

        return await self._last(unit)

    async def look_again(
        self,
        wall: datetime,
        fn: Callable[Concatenate[Tx, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Commit an outcome and look again at that moment of the wall; for work that no tenant's clock governs."""

        def unit(tx: Tx, standing: Standing) -> T:
            result = fn(tx, *args, **kwargs)
            job.postpone(tx, self._held, standing, tx.now, wall=wall)
            return result

        return await self._last(unit)

    async def go_on_in(self, lane: str) -> None:
        """Give the lease back, to go on at once but in another lane."""

        def unit(tx: Tx, standing: Standing) -> None:
            job.postpone(tx, self._held, standing, tx.now, lane=lane)

        await self._last(unit)

    async def bury(self, fn: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Commit that this job is given up; it stays visible as dead."""

        def unit(tx: Tx, standing: Standing) -> T:
            result = fn(tx, *args, **kwargs)
            job.bury(tx, self._held, standing)
            return result

        return await self._last(unit)

    async def _last(self, unit: Callable[[Tx, Standing], T]) -> T:
        result = await self._tenancy.write(lambda tx: unit(tx, job.check_fence(tx, self._held)))
        self.is_over = True
        return result


class Workflow(Protocol):
    """A story told in steps, one per call."""

    async def step(self, work: Work) -> None:
        """Commit one outcome. Run again at once unless it gave the lease back."""
        ...

    async def give_up(self, work: Work) -> None:
        """Too many tries without outcome: `bury` the job, and end what hangs on it."""
        ...
