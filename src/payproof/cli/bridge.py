"""The widget's calls, made by the command line in its place."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from payproof.cli.asking import good, reached
from payproof.cli.ending import Stop
from payproof.contract.session import AttemptBody, FinishBody, OfferedProvider, OfferedProviders, SessionBody
from payproof.net.caller import Caller, Part, Reply
from payproof.net.http import RequestFailed

T = TypeVar("T")


class Bridge:
    """One session of the widget. Every refusal and every silence of the server is a `Stop`."""

    def __init__(self, caller: Caller, session: SessionBody) -> None:
        self._caller = caller
        self._path = f"/bridge/v1/sessions/{session.id}/"
        self._bearer = {"authorization": f"Bearer {session.id}"}
        self.session = session

    async def providers(self) -> list[OfferedProvider]:
        return (await _call(self._caller, OfferedProviders, "GET", self._path + "providers/")).results

    async def start(self, provider_id: str, answers: Mapping[str, str]) -> AttemptBody:
        wish = {"provider_id": provider_id, "answers": dict(answers)}
        return await _call(self._caller, AttemptBody, "POST", self._path + "attempts/", wish)

    async def answer(self, attempt: AttemptBody, answers: Mapping[str, str]) -> AttemptBody:
        question = attempt.question.id if attempt.question else None
        body = {"question_id": question, "answers": dict(answers)}
        path = f"/bridge/v1/attempts/{attempt.id}/answers/"
        return await _call(self._caller, AttemptBody, "POST", path, body, headers=self._bearer)

    async def hand_over(self, attempt: AttemptBody, parts: Sequence[Part]) -> AttemptBody:
        path = f"/bridge/v1/attempts/{attempt.id}/files/"
        sending = self._caller.send_files(path, parts, headers=self._bearer)
        return _read(AttemptBody, await reached(self._caller.base_url, sending))

    async def news(self) -> AsyncIterator[AttemptBody]:
        """Attempts as they change, also over a restart of the server."""
        try:
            async for event in self._caller.events(self._path + "events/"):
                if event.name == "attempt":
                    yield msgspec.json.decode(event.data, type=AttemptBody)
        except RequestFailed as failed:
            raise Stop(f"lost the server at {self._caller.base_url}: {failed}") from None

    async def finish(self) -> FinishBody:
        return await _call(self._caller, FinishBody, "POST", self._path + "finish/")


async def open_session(caller: Caller, bridge_token: str) -> Bridge:
    session = await _call(caller, SessionBody, "POST", "/bridge/v1/sessions/", {"bridge_token": bridge_token})
    return Bridge(caller, session)


async def _call(caller: Caller, kind: type[T], method: str, path: str, body: Any = None, **more: Any) -> T:
    return _read(kind, await reached(caller.base_url, caller.call(method, path, body, **more)))


def _read(kind: type[T], reply: Reply) -> T:
    found = good(reply).read(kind)
    if found is None:
        raise Stop("the server gives an answer that is not payproof's: is --url right?")
    return found
