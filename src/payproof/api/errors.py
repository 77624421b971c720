"""Every exception that means something to a caller, and the refusal it becomes."""

from collections.abc import Callable
from typing import Any

from payproof.api.access import AccessRefused
from payproof.api.answer import Answer, Header, json_answer
from payproof.api.limit import Throttled
from payproof.contract import error, tenant_clock
from payproof.contract.cursor import InvalidCursor
from payproof.contract.page import InvalidPage
from payproof.contract.reading import InvalidParams, Problem
from payproof.contract.webhook import url_taken
from payproof.model.bridge_token import TokenExpired
from payproof.model.missing import NotFound
from payproof.model.refresh import RefreshLimitExceeded
from payproof.model.replay import ReplayRefused
from payproof.model.tenant import Environment
from payproof.model.webhook import UrlTaken
from payproof.services.bridge_token import WishRefused
from payproof.services.key import TooManyKeys
from payproof.services.link import UnknownToken
from payproof.services.tenant_clock import OnItsWay, TooFar
from payproof.store.sealing import KeyGone
from payproof.store.tenant_clock import ClockBackward


class ForeignObject(Exception):
    """The client's own object, in another environment than the key's."""


class NotBuilt(Exception):
    """A documented path that is still to come."""


class NotSandbox(Exception):
    """A path for sandbox keys only, called with another environment's key."""


class NoSuchPath(Exception):
    """Nothing is documented there."""


class MethodNotAllowed(Exception):
    def __init__(self, method: str, allowed: tuple[str, ...]) -> None:
        self.method = method
        self.allowed = allowed
        super().__init__(method)


class MethodsAsked(Exception):
    """OPTIONS: not a refusal, but known as late as one. It tells nothing about who may call."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        self.allowed = allowed
        super().__init__()


class RequestsUnkept(Exception):
    """This server keeps no calls to be looked at."""


class NotAcceptable(Exception):
    """The caller does not take JSON."""


class UnsupportedMediaType(Exception):
    """The body is not JSON."""


class CutOff(Exception):
    """The body ended before it was whole: the caller left, or what it sends makes no sense."""


class TooLarge(Exception):
    """The body passes the limit."""


def refusal(failed: Exception, environment: Environment | None) -> Answer | None:
    """The answer to an exception; None for one that is a fault of ours."""
    find = _REFUSALS.get(type(failed))
    if find is not None:
        return find(failed)
    if isinstance(failed, UrlTaken) and environment is not None:
        return _invalid(url_taken(environment))
    return None


def server_error(request_id: str, reason: str) -> Answer:
    return json_answer(500, error.server_error(request_id), reason)


def _invalid(refused: InvalidParams) -> Answer:
    fields = ", ".join(problem.field for problem in refused.problems)
    return json_answer(400, error.incorrect_parameters(refused), f"invalid: {fields[:200]}")


def _wish_refused(refused: WishRefused) -> Answer:
    return _invalid(InvalidParams(*(Problem(field, why) for field, why in refused.fields.items())))


def _throttled(refused: Throttled) -> Answer:
    retry = (b"retry-after", str(refused.seconds).encode())
    return json_answer(429, error.throttled(refused.seconds), "throttled", retry)


def _method_not_allowed(refused: MethodNotAllowed) -> Answer:
    return json_answer(405, error.method_not_allowed(refused.method), "method not allowed", _allow(refused.allowed))


def _methods_asked(asked: MethodsAsked) -> Answer:
    return Answer(204, b"", [_allow(asked.allowed)])


def _allow(methods: tuple[str, ...]) -> Header:
    return (b"allow", ", ".join(methods).encode())


_REFUSALS: dict[type[Exception], Callable[[Any], Answer]] = {
    InvalidParams: _invalid,
    WishRefused: _wish_refused,
    ReplayRefused: lambda refused: _invalid(InvalidParams(Problem(refused.field, refused.why))),
    UnknownToken: lambda refused: _invalid(InvalidParams(Problem(refused.kind, "There is no such token."))),
    TooManyKeys: lambda _: _invalid(InvalidParams(Problem("env_type", "There are two live keys already."))),
    CutOff: lambda _: json_answer(400, error.cut_off(), "body cut off"),
    RefreshLimitExceeded: lambda _: json_answer(400, error.refresh_limit(), "refresh limit"),
    ClockBackward: lambda told: _invalid(tenant_clock.backward(told)),
    OnItsWay: lambda told: _invalid(tenant_clock.on_its_way(told)),
    TooFar: lambda told: _invalid(tenant_clock.too_far(told)),
    AccessRefused: lambda refused: json_answer(401, error.authentication_failed(), refused.reason),
    ForeignObject: lambda _: json_answer(403, error.not_authenticated(), "object of another environment"),
    NotSandbox: lambda _: json_answer(403, error.env_not_sandbox(), "not a sandbox key"),
    KeyGone: lambda _: json_answer(404, error.NOT_FOUND, "the person is gone"),
    NotFound: lambda refused: json_answer(404, error.NOT_FOUND, f"no such {refused.kind}"),
    NoSuchPath: lambda _: json_answer(404, error.NOT_FOUND, "no such path"),
    RequestsUnkept: lambda _: json_answer(404, error.REQUESTS_UNKEPT, "requests are not kept"),
    InvalidPage: lambda _: json_answer(404, error.INVALID_PAGE, "no such page"),
    InvalidCursor: lambda _: json_answer(404, error.INVALID_CURSOR, "no such cursor"),
    MethodNotAllowed: _method_not_allowed,
    MethodsAsked: _methods_asked,
    NotAcceptable: lambda _: json_answer(406, error.NOT_ACCEPTABLE, "not acceptable"),
    TokenExpired: lambda _: json_answer(410, error.expired_token(), "expired token"),
    TooLarge: lambda _: json_answer(413, error.TOO_LARGE, "body too large"),
    UnsupportedMediaType: lambda _: json_answer(415, error.unsupported_media_type(), "unsupported media type"),
    Throttled: _throttled,
    NotBuilt: lambda _: json_answer(501, error.NOT_BUILT, "not built yet"),
}
