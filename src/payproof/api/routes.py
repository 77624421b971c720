"""From a method and a path to what is to be done. The slash at the end is optional and nothing is redirected."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from msgspec import Struct

from payproof.api import (
    account,
    bridge_token,
    company,
    connection,
    key,
    link,
    provider,
    refresh,
    replay,
    report,
    request,
    task,
    tenant,
    tenant_clock,
    user,
    webhook,
    webhook_inbox,
    webhook_request,
)
from payproof.api.call import Call
from payproof.api.errors import MethodNotAllowed, MethodsAsked, NoSuchPath
from payproof.contract import truv
from payproof.contract.operation import Operation
from payproof.contract.unbuilt import unbuilt_paths
from payproof.store import Store, Tx

Act = Callable[[Tx, Call], Any]
Wait = Callable[[Store, Call], Awaitable[Any]]

READS: dict[str, Act] = {
    "users_list": user.listed,
    "users_read": user.read,
    "links_list": link.listed,
    "links_read": link.read,
    "refresh_tasks_read": refresh.read,
    "tasks_list": task.listed,
    "tasks_read": task.read,
    "links_accounts": account.listed,
    "links_transactions": account.transactions_listed,
    "webhooks_list": webhook.listed,
    "webhooks_read": webhook.read,
    "webhook_requests_list": webhook_request.listed,
    "company_mappings_search": company.searched,
    "companies_list": company.listed,
    "companies_mapping": company.mapping,
    "companies_read": company.read,
    "providers_list": provider.listed,
    "providers_read": provider.read,
    "payroll_providers_supported": provider.supported,
    "links_employment_report": report.employment,
    "sandbox_tenants_list": tenant.listed,
    "sandbox_clocks_list": tenant_clock.listed,
}
"""What each operation does, where it only reads."""

ONE_STATEMENT = frozenset(
    {"refresh_tasks_read", "tasks_read", "webhooks_read", "providers_read", "payroll_providers_supported"}
)
"""Reads that are one statement at most: those need no transaction around them."""

LONG = frozenset(
    {
        *("users_list", "links_list", "tasks_list", "links_transactions"),
        *("company_mappings_search", "companies_list", "companies_mapping", "providers_list", "webhook_requests_list"),
    }
)
"""Reads that may touch many rows, be it only to count them: those go beside the loop."""

WRITES: dict[str, Act] = {
    "users_create": user.create,
    "users_update": user.update,
    "users_delete": user.delete,
    "links_delete": link.delete,
    "link_delete": link.delete,
    "users_tokens": bridge_token.create,
    "bridge_tokens_create": bridge_token.create_for,
    "link_access_tokens_create": link.exchange,
    "refresh_tasks_create": refresh.create,
    "links_income_report": report.income,
    "links_reports_income": report.income_by_token,
    "link_reports_income": report.income_by_token,
    "links_reports_employment": report.employment_by_token,
    "link_reports_employment": report.employment_by_token,
    "webhooks_create": webhook.create,
    "webhooks_update": webhook.update,
    "webhooks_delete": webhook.delete,
    "webhook_requests_replay": replay.create,
    "keys_create": key.create,
    "keys_deactivate": key.deactivate,
    "sandbox_clocks_create": tenant_clock.create,
    "sandbox_clocks_freeze": tenant_clock.freeze,
    "sandbox_clocks_delete": tenant_clock.delete,
}

WAITS: dict[str, Wait] = {
    "sandbox_requests_list": request.listed,
    "sandbox_requests_read": request.read,
    "companies_match": company.match,
    "sandbox_tenants_create": tenant.create,
    "sandbox_tenants_delete": tenant.delete,
    "webhooks_ping": webhook.ping,
    "sandbox_webhook_inbox_list": webhook_inbox.listed,
    "sandbox_clocks_read": tenant_clock.read,
    "sandbox_clocks_advance": tenant_clock.advance,
    "sandbox_connections_create": connection.create,
}
"""What opens its own transactions, because it waits between them; its body, if any, is taken in before."""

_SANDBOX = "/v1/sandbox/"


class Route(Struct, frozen=True):
    pattern: str
    """The path with its names: what the log shows, since ids may be secrets."""
    act: Act | None
    """None for what is documented but not built."""
    status: int = 200
    max_bytes: int | None = None
    """How much of a body is read; None where none is."""
    is_read: bool = False
    is_one_statement: bool = False
    is_long: bool = False
    wait: Wait | None = None
    is_sandbox_only: bool = False


class _Node:
    __slots__ = ("children", "routes", "wildcard")

    def __init__(self) -> None:
        self.children: dict[str, _Node] = {}
        self.wildcard: _Node | None = None
        self.routes: dict[str, Route] = {}


class Routes:
    """A tree over the parts of the path; a literal part wins over a name."""

    def __init__(self, routes: Iterable[tuple[str, Route]]) -> None:
        """Pairs of method and route."""
        self._root = _Node()
        for method, route in routes:
            self._add(method, route)

    def find(self, method: str, path: str) -> tuple[Route, tuple[str, ...]]:
        """The route, and what stands for its names. Raises NoSuchPath, MethodsAsked, MethodNotAllowed."""
        node = self._root
        args: tuple[str, ...] = ()
        parts = path.split("/")
        for part in parts[1:-1] if parts[-1] == "" else parts[1:]:
            child = node.children.get(part)
            if child is None:
                child = node.wildcard
                if child is None or not part:
                    raise NoSuchPath
                args = (*args, part)
            node = child
        route = node.routes.get("GET" if method == "HEAD" else method)
        if route is None:
            if not node.routes:
                raise NoSuchPath
            if method == "OPTIONS":
                raise MethodsAsked(_allowed(node.routes))
            raise MethodNotAllowed(method, _allowed(node.routes))
        return route, args

    def _add(self, method: str, route: Route) -> None:
        node = self._root
        for part in route.pattern.strip("/").split("/"):
            if part.startswith("{"):
                node.wildcard = node.wildcard or _Node()
                node = node.wildcard
            else:
                node = node.children.setdefault(part, _Node())
        node.routes[method] = route


def _allowed(methods: Iterable[str]) -> tuple[str, ...]:
    """What may be asked there, the two included that go without saying."""
    more = ("HEAD", "OPTIONS") if "GET" in methods else ("OPTIONS",)
    return (*sorted(methods), *more)


def truv_routes() -> Routes:
    """All documented operations, built or not."""
    routes = [(operation.method, _route(operation)) for operation in truv.OPERATIONS]
    unbuilt = [
        (method, Route(path, None, is_sandbox_only=path.startswith(_SANDBOX))) for method, path in unbuilt_paths()
    ]
    return Routes([*unbuilt, *routes])


def _route(operation: Operation) -> Route:
    name = operation.name
    return Route(
        operation.path,
        READS.get(name) or WRITES.get(name),
        operation.status,
        operation.max_bytes if operation.has_body else None,
        is_read=name in READS,
        is_one_statement=name in ONE_STATEMENT,
        is_long=name in LONG,
        wait=WAITS.get(name),
        is_sandbox_only=operation.path.startswith(_SANDBOX),
    )
