"""Sessions of the widget at the door."""

from starlette.requests import Request
from starlette.responses import Response

from payproof.contract import session as wire
from payproof.contract.reading import invalid, read
from payproof.model.bridge_token import BridgeToken
from payproof.model.session import Session
from payproof.services import session as service
from payproof.services.provider import offered
from payproof.store import Tx
from payproof.web.bridge.house import House, answer, base_of, read_object


class Sessions:
    def __init__(self, house: House) -> None:
        self._house = house

    async def create(self, request: Request) -> Response:
        asked = read(wire.SessionRequest, await read_object(request))
        found = await self._house.token(asked.bridge_token)
        if found is None:
            raise invalid("bridge_token", "There is no such token.")
        tenant, token = found
        session = await self._house.store.of(tenant).write(service.open_session, token)
        return answer(201, wire.session_body(session, token))

    async def providers(self, request: Request) -> Response:
        tenant, session = await self._house.session(request)
        token = await self._house.store.of(tenant).read(_token, session)
        found = offered(self._house.providers(tenant), token.wish)
        base = base_of(request)
        return answer(200, wire.OfferedProviders([wire.offered_provider(one, base) for one in found]))

    async def finish(self, request: Request) -> Response:
        tenant, session = await self._house.session(request)
        public_token, task = await self._house.store.of(tenant).write(service.finish_session, session)
        return answer(200, wire.FinishBody(public_token, task.id, task.link_id or ""))


def _token(tx: Tx, session: Session) -> BridgeToken:
    return service.token_of(tx, session)
