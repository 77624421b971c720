"""What an operator's tools ask: is it alive, is it ready, how is it doing."""

from collections.abc import Awaitable, Callable

from payproof.api.answer import Answer, json_answer, text_answer
from payproof.api.call import Call
from payproof.api.tally import Tally
from payproof.store import Store
from payproof.store.provider import providers

Page = Callable[[Call], Awaitable[Answer]]


async def alive_page(call: Call) -> Answer:
    return json_answer(200, {"status": "ok"})


def ready_page(store: Store, is_stopping: Callable[[], bool]) -> Page:
    """Ready means: the store answers, and nobody has told us to stop."""

    async def page(call: Call) -> Answer:
        if is_stopping():
            return json_answer(503, {"status": "stopping"}, "stopping")
        try:
            await store.everywhere.read(providers)
        except Exception as failed:
            return json_answer(503, {"status": "store does not answer"}, type(failed).__name__)
        return json_answer(200, {"status": "ready"})

    return page


def metrics_page(tally: Tally) -> Page:
    async def page(call: Call) -> Answer:
        return text_answer(200, tally.text(), "text/plain; version=0.0.4")

    return page
