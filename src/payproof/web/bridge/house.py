"""What every endpoint of the widget needs: whose session it is, and which providers there are."""

from collections.abc import Sequence
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from payproof.contract.provider import ProviderRef, institution_ref, provider_ref, unknown_provider_ref
from payproof.contract.reading import decode_object
from payproof.model.bridge_token import BridgeToken
from payproof.model.id import SessionId, TenantId
from payproof.model.missing import NotFound
from payproof.model.provider import Provider
from payproof.model.session import Attempt, Session
from payproof.model.tenant import Tenant
from payproof.services.provider import open_to
from payproof.store import Store, SystemTx
from payproof.store import bridge_token as tokens
from payproof.store import session as sessions
from payproof.store.institution import institution
from payproof.store.key import tenant


class NotYourSession(Exception):
    """No bearer, or one that is no session's."""


class BodyTooLarge(Exception):
    """The body passes the limit."""


class House:
    def __init__(self, store: Store, providers: Sequence[Provider], *, smoke_tests: bool) -> None:
        self.store = store
        self._providers = tuple(providers)
        self._smoke_tests = smoke_tests
        self._by_id = {provider.id: provider for provider in providers}

    def providers(self, owner: Tenant) -> list[Provider]:
        return open_to(self._providers, owner, smoke_tests=self._smoke_tests)

    async def ref(self, provider_id: str, request: Request) -> ProviderRef:
        installed = self._by_id.get(provider_id)
        if installed is not None:
            return provider_ref(installed, base_of(request))
        found = await self.store.everywhere.read(institution, provider_id)
        return institution_ref(found, base_of(request)) if found else unknown_provider_ref(provider_id)

    async def session(self, request: Request) -> tuple[Tenant, Session]:
        """The session named in the path. Raises NotFound."""
        found = await self.store.everywhere.read(_session, request.path_params["session_id"])
        if found is None:
            raise NotFound("session", "")
        return found

    async def bearer(self, request: Request) -> tuple[Tenant, Session]:
        """The session in the Authorization header. Raises NotYourSession."""
        scheme, _, session_id = request.headers.get("authorization", "").partition(" ")
        found = None
        if scheme.lower() == "bearer":
            found = await self.store.everywhere.read(_session, session_id.strip())
        if found is None:
            raise NotYourSession
        return found

    async def token(self, text: str) -> tuple[Tenant, BridgeToken] | None:
        """The bridge token and whose it is."""
        return await self.store.everywhere.read(_token, text)


def base_of(request: Request) -> str:
    """The public address, as the outermost door found it."""
    base: str = request.scope.get("payproof", {}).get("base", "")
    return base


def answer(status: int, body: Any) -> Response:
    return Response(msgspec.json.encode(body), status, media_type="application/json")


def check_announced(request: Request, limit: int) -> None:
    """Before anything of a body is read: its length, where the caller says it. Raises BodyTooLarge."""
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length[:18]) > limit:
        raise BodyTooLarge


async def read_object(request: Request, limit: int) -> dict[str, Any]:
    """The JSON object in the body, whatever its content type says. Raises InvalidParams, BodyTooLarge."""
    check_announced(request, limit)
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise BodyTooLarge
        parts.append(part)
    return decode_object(b"".join(parts))


def found_attempt(attempt: Attempt | None) -> Attempt:
    """Raises NotFound for an attempt of another session."""
    if attempt is None:
        raise NotFound("attempt", "")
    return attempt


def _session(tx: SystemTx, session_id: str) -> tuple[Tenant, Session] | None:
    owner = _owner(tx, sessions.tenant_of_session(tx, session_id))
    found = sessions.session(tx.of(owner), SessionId(session_id)) if owner else None
    return (owner, found) if owner and found else None


def _token(tx: SystemTx, text: str) -> tuple[Tenant, BridgeToken] | None:
    owner = _owner(tx, tokens.tenant_of_bridge_token(tx, text))
    found = tokens.bridge_token(tx.of(owner), text) if owner else None
    return (owner, found) if owner and found else None


def _owner(tx: SystemTx, tenant_id: str | None) -> Tenant | None:
    return tenant(tx, TenantId(tenant_id)) if tenant_id else None
