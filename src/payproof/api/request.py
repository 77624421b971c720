"""A tenant's last calls at the door: kept as they are answered, and shown to whoever has the tenant's keys."""

import re
from functools import lru_cache

from payproof import clock
from payproof.api.answer import Answer
from payproof.api.body import has_body
from payproof.api.call import Call
from payproof.api.errors import RequestsUnkept
from payproof.api.recent import Recent
from payproof.contract import request as wire
from payproof.model.missing import NotFound
from payproof.model.request import NO_BODY, KeptBody, KeptRequest
from payproof.model.tenant import Environment
from payproof.store import Store

MAX_BODY = 32_768
_LOOKING = ("/v1/sandbox/requests/", "/v1/sandbox/webhook-inbox/")
"""Who looks is not to see itself looking."""
_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]{1,32}/[a-z0-9.+-]{1,64}")


async def listed(store: Store, call: Call) -> wire.RequestsBody:
    recent = _recent(call)
    wish, seconds = wire.request_wish(call.query)
    return wire.requests_body(await recent.wait(call.tenant.id, wish, seconds))


async def read(store: Store, call: Call) -> wire.RequestRecord:
    found = _recent(call).request(call.tenant.id, call.args[0])
    if found is None:
        raise NotFound("request", call.args[0])
    return wire.request_record(found)


def keep(recent: Recent, call: Call, route: str, answer: Answer, request_id: str, ms: float) -> None:
    """Only what a sandbox key called: nobody may look at the others."""
    tenant = call.granted
    if tenant is None or tenant.environment is not Environment.SANDBOX or route.startswith(_LOOKING):
        return
    kept = KeptRequest(
        id=request_id,
        at=clock.now(),
        method=call.scope["method"],
        path=call.scope["path"],
        route=route,
        query=call.scope["query_string"],
        status=answer.status,
        ms=ms,
        reason=answer.reason,
        request=_request_body(call),
        response=NO_BODY if call.scope["method"] == "HEAD" else _body(answer.body, "application/json"),
    )
    recent.keep(tenant.id, kept)


def _recent(call: Call) -> Recent:
    if call.house.recent is None:
        raise RequestsUnkept
    return call.house.recent


def _request_body(call: Call) -> KeptBody:
    if not call.body and not has_body(call.headers):
        return NO_BODY
    media_type = _media_type(call.headers.get(b"content-type", b"application/json"))
    if call.body:
        return _body(call.body, media_type)
    length = call.headers.get(b"content-length", b"")
    return KeptBody(None, media_type, int(length) if length.isdigit() and len(length) < 16 else None, "not read")


def _body(content: bytes, media_type: str) -> KeptBody:
    if not content:
        return NO_BODY
    if len(content) > MAX_BODY:
        return KeptBody(None, media_type, len(content), "too large to keep")
    return KeptBody(content, media_type, len(content))


@lru_cache(maxsize=64)
def _media_type(content_type: bytes) -> str:
    """Without its parameters, and only what looks like one: a caller may write anything there."""
    said = content_type.decode("latin-1").partition(";")[0].strip().lower()
    return said if _MEDIA_TYPE.fullmatch(said) else "unknown type"
