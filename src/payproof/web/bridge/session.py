"""Sessions of the widget at the door."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from payproof.contract import session as wire
from payproof.contract.operation import NOTE
from payproof.contract.reading import invalid, read
from payproof.model.bridge_token import BridgeToken
from payproof.model.company import Company
from payproof.model.provider import Provider
from payproof.model.session import Session
from payproof.services import session as service
from payproof.services.company import known_company
from payproof.services.provider import employers_provider, offered
from payproof.store import Tx
from payproof.store.link import link
from payproof.web.bridge.house import House, answer, base_of, read_object


class Sessions:
    def __init__(self, house: House) -> None:
        self._house = house

    async def create(self, request: Request) -> Response:
        asked = read(wire.SessionRequest, await read_object(request, NOTE))
        found = await self._house.token(asked.bridge_token)
        if found is None:
            raise invalid("bridge_token", "There is no such token.")
        tenant, token = found
        opened = await self._house.store.of(tenant).write(_open, token, self._house.providers(tenant))
        session, provider_id, company = opened
        body = wire.session_body(session, token, base_of(request), provider_id=provider_id, company=company)
        return answer(201, body)

    async def providers(self, request: Request) -> Response:
        tenant, session = await self._house.session(request)
        found = await self._house.store.of(tenant).read(_offered, session, self._house.providers(tenant))
        base = base_of(request)
        return answer(200, wire.OfferedProviders([wire.offered_provider(one, base) for one in found]))

    async def finish(self, request: Request) -> Response:
        tenant, session = await self._house.session(request)
        return answer(200, await self._house.store.of(tenant).write(_finish, session))


def _open(tx: Tx, token: BridgeToken, providers: Sequence[Provider]) -> tuple[Session, str | None, Company | None]:
    """The session, and where its token leads."""
    wish = token.wish
    led_to = None if wish.provider_id else employers_provider(tx, providers, wish)
    company = known_company(tx, wish.company_mapping_id) if wish.company_mapping_id else None
    return service.open_session(tx, token), led_to.id if led_to else wish.provider_id, company


def _offered(tx: Tx, session: Session, providers: Sequence[Provider]) -> list[Provider]:
    return offered(tx, providers, service.token_of(tx, session).wish)


def _finish(tx: Tx, session: Session) -> wire.FinishBody:
    public_token, task = service.finish_session(tx, session)
    found = link(tx, task.link_id) if task.link_id else None
    employer = wire.EmployerName(found.company.name) if found and found.company else None
    return wire.FinishBody(public_token, task.id, task.link_id or "", employer)
