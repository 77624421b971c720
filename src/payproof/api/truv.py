"""The REST door under /v1/: access and a read are one transaction; a write opens its own after access."""

from collections.abc import Callable
from typing import Any

from payproof.api.access import Access, AccessRefused, Credentials, KeyUnseen
from payproof.api.answer import Answer, empty_answer, json_answer
from payproof.api.body import check_accept, take_body
from payproof.api.call import Call, Receive
from payproof.api.errors import ForeignObject, NotBuilt, NotSandbox
from payproof.api.routes import Route, truv_routes
from payproof.model.missing import NotFound
from payproof.model.tenant import Environment
from payproof.store import ReferenceGone, Store, SystemTx
from payproof.store.elsewhere import elsewhere
from payproof.store.tenant import exists

Unit = Callable[[SystemTx, Route, Call, Credentials], Any]


class TruvDoor:
    def __init__(self, store: Store, access: Access) -> None:
        self._store = store
        self._access = access
        self.routes = truv_routes()

    async def answer(self, route: Route, call: Call, receive: Receive) -> Answer:
        """The answer of a route, or one of the exceptions that `errors` knows."""
        try:
            given = self._access.credentials(call)
            return await self._admitted(route, call, given, receive)
        except AccessRefused:
            self._access.count_failure(call)
            raise
        except NotFound as missing:
            if await self._store.everywhere.read(elsewhere, call.tenant, missing.kind, missing.object_id):
                raise ForeignObject from None
            raise
        except ReferenceGone as gone:
            if await self._store.everywhere.read(exists, call.tenant.id):
                raise NotFound("object", "") from gone
            raise AccessRefused("the tenant is gone") from gone

    async def _admitted(self, route: Route, call: Call, given: Credentials, receive: Receive) -> Answer:
        if not route.is_read:
            return await self._written(route, call, given, receive)
        if not self._access.recall(call, given):
            if not (route.is_long or route.is_sandbox_only):
                return json_answer(route.status, await self._with_access(self._read, route, call, given))
            await self._with_access(self._admit, route, call, given)
        _check_environment(route, call)
        check_accept(call)
        assert route.act is not None
        tenancy = self._store.of(call.tenant)
        read = tenancy.look if route.is_one_statement else tenancy.read_long if route.is_long else tenancy.read
        return json_answer(route.status, await read(route.act, call))

    async def _written(self, route: Route, call: Call, given: Credentials, receive: Receive) -> Answer:
        """Nobody without access gets as far as the writer, or has a body read."""
        if not self._access.recall(call, given):
            await self._with_access(self._admit, route, call, given)
        _check_environment(route, call)
        if route.act is None and route.wait is None:
            raise NotBuilt
        check_accept(call)
        if route.max_bytes is not None:
            await take_body(call, receive, route.max_bytes)
        if route.wait is not None:
            body = await route.wait(self._store, call)
            if isinstance(body, Answer):
                return body
        else:
            assert route.act is not None
            body = await self._store.of(call.tenant).write(route.act, call)
        return json_answer(route.status, body) if route.status != 204 else empty_answer()

    async def _with_access(self, unit: Unit, route: Route, call: Call, given: Credentials) -> Any:
        """A unit that begins with access; where any key is accepted, one that was never seen is made first."""
        try:
            return await self._store.everywhere.read(unit, route, call, given)
        except KeyUnseen:
            await self._store.everywhere.write(self._access.make, given)
            return await self._store.everywhere.read(unit, route, call, given)

    def _read(self, tx: SystemTx, route: Route, call: Call, given: Credentials) -> Any:
        self._access.admit(tx, call, given)
        check_accept(call)
        assert route.act is not None
        return route.act(tx.of(call.tenant), call)

    def _admit(self, tx: SystemTx, route: Route, call: Call, given: Credentials) -> None:
        self._access.admit(tx, call, given)


def _check_environment(route: Route, call: Call) -> None:
    """Raises NotSandbox for a key of another environment where only sandbox keys may go."""
    if route.is_sandbox_only and call.tenant.environment is not Environment.SANDBOX:
        raise NotSandbox
