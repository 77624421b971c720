"""A tenant's last calls on the wire: an addition of ours."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import parse_qsl

import msgspec
from msgspec import Meta, Struct

from payproof.contract.money import Moment
from payproof.contract.operation import Operation, get
from payproof.contract.page import DEFAULT_SIZE, MAX_SIZE, page_size
from payproof.contract.reading import read_query
from payproof.contract.striking import strike, strike_path, strike_query
from payproof.contract.waiting import WaitQuery
from payproof.model.request import KeptBody, KeptRequest, Position, RecentRequests, RequestWish

LATEST = "latest"


_AFTER = f"^({LATEST}|[0-9a-f]{{1,16}}-[0-9]{{1,12}})$"


class RequestRecord(Struct, frozen=True, kw_only=True):
    """One call and its answer. Secrets are struck out as `****`."""

    id: str
    at: Moment
    method: str
    path: str
    route: str
    query: dict[str, str]
    status: int
    ms: float
    reason: str | None
    """What our log says of a refusal."""
    request_body: Any
    """The JSON value; null where there was none, and where the note says why it is not shown."""
    request_body_note: str | None
    response_body: Any
    response_body_note: str | None


class RequestsBody(Struct, frozen=True):
    results: list[RequestRecord]
    """Newest last."""
    next: str
    """Where to go on, as `after`."""
    missed: int
    """Calls that came after the position asked for and are not kept any more."""


class RequestQuery(WaitQuery, frozen=True, kw_only=True):
    request_id: Annotated[str | None, Meta(description="Only the call with this `X-Request-Id`.")] = None
    after: Annotated[
        Annotated[
            str, Meta(pattern=_AFTER, extra={"refusal": f"Not a position: take `next` of an answer, or `{LATEST}`."})
        ]
        | None,
        Meta(description="The `next` of an earlier answer: what came later, oldest first. Without it, the last calls."),
    ] = None
    page_size: Annotated[int, Meta(ge=1, le=MAX_SIZE)] = DEFAULT_SIZE


def request_wish(pairs: Mapping[str, str]) -> tuple[RequestWish, float]:
    """The wish, and how many seconds it may wait. Raises `InvalidParams`."""
    query = read_query(RequestQuery, {**pairs, "page_size": str(page_size(pairs))})
    is_from_now = query.after == LATEST
    after = _position(query.after) if query.after and not is_from_now else None
    wish = RequestWish(request_id=query.request_id, after=after, is_from_now=is_from_now, limit=query.page_size)
    return wish, query.wait


def requests_body(recent: RecentRequests) -> RequestsBody:
    results = [request_record(one) for one in recent.found]
    return RequestsBody(results, f"{recent.next.series}-{recent.next.number}", recent.missed)


def request_record(kept: KeptRequest) -> RequestRecord:
    said, said_note = _shown(kept.request)
    answered, answered_note = _shown(kept.response)
    return RequestRecord(
        id=kept.id,
        at=kept.at,
        method=kept.method,
        path=strike_path(kept.path, kept.route),
        route=kept.route,
        query=strike_query(dict(parse_qsl(kept.query.decode("latin-1"), keep_blank_values=True))),
        status=kept.status,
        ms=kept.ms,
        reason=kept.reason,
        request_body=said,
        request_body_note=said_note,
        response_body=answered,
        response_body_note=answered_note,
    )


def _shown(body: KeptBody) -> tuple[Any, str | None]:
    """The value, or a note of what there is instead: a text that is no JSON has no names to strike secrets by."""
    if body.content is None:
        return None, _note(body, body.why) if body.why else None
    try:
        return strike(msgspec.json.decode(body.content)), None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None, _note(body, "not JSON")


def _note(body: KeptBody, why: str) -> str:
    size = "of unknown size" if body.size is None else f"{body.size} bytes"
    return f"{body.media_type}, {size}, {why}"


def _position(text: str) -> Position:
    series, _, number = text.partition("-")
    return Position(series, int(number))


_REQUESTS = "/v1/sandbox/requests/"

OPERATIONS: tuple[Operation, ...] = (
    get(
        "sandbox_requests_list",
        _REQUESTS,
        "Sandbox",
        "Show the last calls with their answers, as this process has kept them; waits for one (an addition of ours)",
        RequestsBody,
        query=RequestQuery,
        refusals=(404,),
    ),
    get(
        "sandbox_requests_read",
        _REQUESTS + "{request_id}/",
        "Sandbox",
        "Show one of the last calls, by its X-Request-Id (an addition of ours)",
        RequestRecord,
        refusals=(404,),
    ),
)
