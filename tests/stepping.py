"""Several stories in one loop, of which only the one that is told to goes on: from transaction to transaction.

An actor runs on a store with a gate before each transaction. It may be killed right after one of its commits, so that
it never learns of it, and it may be left standing at a gate for as long as the test likes.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, cast

from payproof.model.tenant import Tenant
from payproof.store import Store
from payproof.store.store import Everywhere, Tenancy


class Killed(BaseException):
    """The process is gone: nothing in it catches this."""


class Actor:
    """One story. `step` lets it through one gate and returns when it stands at the next or has ended."""

    def __init__(self, store: Store, name: str) -> None:
        self.name = name
        self.store = cast(Store, _GatedStore(store, self))
        self.commits = 0
        self.dies_after_commit = False
        self._may_pass = asyncio.Event()
        self._stands = asyncio.Event()
        self._task: asyncio.Task[Any] | None = None

    def start(self, story: Coroutine[Any, Any, Any]) -> None:
        """The story begins with the first `step`."""
        self._story = story
        self._task = asyncio.create_task(self._tell(story))

    @property
    def is_over(self) -> bool:
        return self._task is None or self._task.done()

    async def step(self) -> None:
        self._stands.clear()
        self._may_pass.set()
        await self._stands.wait()

    async def run(self) -> None:
        """To its end."""
        while not self.is_over:
            await self.step()

    async def kill(self) -> None:
        """Where it stands."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait([self._task])
            self._story.close()

    def result(self) -> Any:
        assert self._task is not None
        return self._task.result()

    async def gate(self) -> None:
        self._stands.set()
        await self._may_pass.wait()
        self._may_pass.clear()

    async def _tell(self, story: Coroutine[Any, Any, Any]) -> Any:
        try:
            await self.gate()
            return await story
        except Killed:
            return None
        finally:
            self._stands.set()


class _Gated:
    """A tenancy, or everywhere, behind an actor's gate."""

    def __init__(self, behind: Tenancy | Everywhere, actor: Actor) -> None:
        self._behind: Any = behind
        self._actor = actor

    async def read(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        await self._actor.gate()
        return await self._behind.read(fn, *args, **kwargs)

    read_long = look = read

    async def write(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        await self._actor.gate()
        result = await self._behind.write(fn, *args, **kwargs)
        self._actor.commits += 1
        if self._actor.dies_after_commit:
            raise Killed
        return result


class _GatedStore:
    def __init__(self, store: Store, actor: Actor) -> None:
        self._store = store
        self._actor = actor
        self.everywhere = _Gated(store.everywhere, actor)
        self.wall = store.wall

    def of(self, tenant: Tenant) -> _Gated:
        return _Gated(self._store.of(tenant), self._actor)
