"""Every exception that means something to the widget, and the refusal it becomes."""

from collections.abc import Callable
from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from payproof.contract import error
from payproof.contract.reading import WHOLE, InvalidParams, Problem
from payproof.model.bridge_token import TokenExpired
from payproof.model.missing import NotFound
from payproof.model.session import AnswerRefused
from payproof.services.session import NothingConnected
from payproof.store.sealing import KeyGone
from payproof.web.bridge.house import BodyTooLarge, NotYourSession

_PREFLIGHT = {
    "access-control-allow-methods": "GET, POST",
    "access-control-allow-headers": "authorization, content-type, last-event-id",
    "access-control-max-age": "86400",
}
_NOT_CONNECTED = InvalidParams(Problem(WHOLE, "Nothing is connected in this session yet."))


def _invalid(request: Request, refused: InvalidParams) -> Response:
    fields = ", ".join(problem.field for problem in refused.problems)
    return _refused(request, 400, error.incorrect_parameters(refused), f"invalid: {fields[:200]}")


def _answer_refused(request: Request, refused: AnswerRefused) -> Response:
    return _invalid(request, InvalidParams(*(Problem(name, why) for name, why in refused.fields.items())))


def _by_status(request: Request, refused: HTTPException) -> Response:
    """Starlette's own: no such path, or no such method there."""
    if refused.status_code != 405:
        return _refused(request, 404, error.NOT_FOUND, "no such path")
    allowed = {"allow": f"{(refused.headers or {}).get('Allow', '')}, OPTIONS"}
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=allowed | _PREFLIGHT)
    return _refused(request, 405, error.method_not_allowed(request.method), "method not allowed", allowed)


def _always(status: int, body: Any, reason: str) -> Callable[[Request, Any], Response]:
    return lambda request, _: _refused(request, status, body, reason)


def _refused(request: Request, status: int, body: Any, reason: str, headers: Any = None) -> Response:
    request.scope.get("payproof", {})["reason"] = reason
    return Response(msgspec.json.encode(body), status, headers, media_type="application/json")


def _fault(request: Request, failed: Exception) -> Response:
    request_id = request.scope.get("payproof", {}).get("request_id", "")
    return _refused(request, 500, error.server_error(request_id), type(failed).__name__)


REFUSALS: dict[Any, Callable[[Request, Any], Response]] = {
    InvalidParams: _invalid,
    AnswerRefused: _answer_refused,
    HTTPException: _by_status,
    NothingConnected: lambda request, _: _invalid(request, _NOT_CONNECTED),
    NotYourSession: _always(401, error.authentication_failed(), "no session"),
    KeyGone: _always(404, error.NOT_FOUND, "the person is gone"),
    NotFound: _always(404, error.NOT_FOUND, "not found"),
    TokenExpired: _always(410, error.expired_token(), "expired token"),
    BodyTooLarge: _always(413, error.TOO_LARGE, "body too large"),
    ClientDisconnect: _always(400, error.cut_off(), "body cut off"),
    Exception: _fault,
}
