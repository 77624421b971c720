"""The story of what a deleted link or person had: deleted piece by piece, so that nobody's write waits for it."""

from payproof.engine.work import Work, nothing
from payproof.store.removal import purge


class Purge:
    """Handles jobs of kind `purge`; the subject is the link, or the person."""

    async def step(self, work: Work) -> None:
        if work.given is False:
            await work.finish(nothing)
        else:
            await work.commit(purge, work.subject)

    async def give_up(self, work: Work) -> None:
        await work.bury(nothing)
