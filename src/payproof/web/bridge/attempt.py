"""Attempts at the door: started in a session, then answered by whoever holds it."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from payproof.contract import session as wire
from payproof.contract.bridge import ANSWERS
from payproof.model.provider import Provider
from payproof.model.question import FieldKind, Form
from payproof.model.secret import Secret
from payproof.model.session import Attempt, Session
from payproof.model.tenant import Tenant
from payproof.services import attempt as service
from payproof.services.provider import provider_named
from payproof.services.session import token_of
from payproof.store import Tx
from payproof.web.bridge.house import House, answer, found_attempt, read_object
from payproof.web.bridge.upload import Limits, take_files


class Attempts:
    def __init__(self, house: House) -> None:
        self._house = house

    async def create(self, request: Request) -> Response:
        tenant, session = await self._house.session(request)
        provider_id, answers = wire.attempt_wish(await read_object(request, ANSWERS))
        providers = self._house.providers(tenant)
        attempt = await self._house.store.of(tenant).write(_start, session, providers, provider_id, answers)
        return await self._answer(201, attempt, request)

    async def read(self, request: Request) -> Response:
        tenant, session = await self._house.bearer(request)
        found = await self._look(request, tenant, session)
        return await self._answer(200, found, request)

    async def answer(self, request: Request) -> Response:
        tenant, session = await self._house.bearer(request)
        question_id, answers = wire.answer_wish(await read_object(request, ANSWERS))
        attempt = await self._house.store.of(tenant).write(
            service.answer_question, session, request.path_params["attempt_id"], question_id, answers
        )
        return await self._answer(202, found_attempt(attempt), request)

    async def take_files(self, request: Request) -> Response:
        """Whoever has no such attempt sends its files in vain: they are not read."""
        tenant, session = await self._house.bearer(request)
        found = await self._look(request, tenant, session)
        files = await take_files(request, _limits(found))
        attempt = await self._house.store.of(tenant).write(service.hand_over_files, session, found.task.id, files)
        return await self._answer(202, found_attempt(attempt), request)

    async def _look(self, request: Request, tenant: Tenant, session: Session) -> Attempt:
        attempt_id = request.path_params["attempt_id"]
        return found_attempt(await self._house.store.of(tenant).read(service.attempt, session, attempt_id))

    async def _answer(self, status: int, attempt: Attempt, request: Request) -> Response:
        return answer(status, wire.attempt_body(attempt, await self._house.ref(attempt.task.provider_id, request)))


def _start(
    tx: Tx, session: Session, providers: Sequence[Provider], provider_id: str, answers: dict[str, Secret]
) -> Attempt:
    """The token may bind the session to one provider or to some data sources, but not to its product: a provider that
    does not give it ends the task in `not_supported`, as one without a connector does."""
    provider = provider_named(tx, providers, provider_id)
    if provider is None:
        raise wire.unknown_provider()
    wish = token_of(tx, session).wish
    is_bound_elsewhere = wish.provider_id is not None and wish.provider_id != provider.id
    if is_bound_elsewhere or (wish.data_sources and provider.data_source not in wish.data_sources):
        raise wire.unknown_provider()
    return service.start_attempt(tx, session, provider, answers if provider.is_connected else {})


def _limits(attempt: Attempt) -> Limits:
    """As many and as large files as the open question allows."""
    question = attempt.asked.question if attempt.asked else None
    fields = question.fields if isinstance(question, Form) else ()
    for field in fields:
        if field.kind is FieldKind.FILE:
            return Limits(field.max_files, field.max_bytes or Limits().bytes_each)
    return Limits()
