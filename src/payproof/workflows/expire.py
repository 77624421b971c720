"""The story of what has been kept long enough: deleted piece by piece, then again when there is something."""

from payproof.engine.work import Work, nothing
from payproof.store.expiry import expire, next_expiry


class Expire:
    """Handles jobs of kind `expire`; the subject is the tenant. Whoever adds an event asks for it."""

    async def step(self, work: Work) -> None:
        if work.given is not False:
            await work.commit(expire)
            return
        again = await work.read(next_expiry)
        if again is None:
            await work.finish(nothing)
        else:
            await work.postpone(again, nothing)

    async def give_up(self, work: Work) -> None:
        await work.bury(nothing)
