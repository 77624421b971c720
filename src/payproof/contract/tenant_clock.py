"""A tenant's clock on the wire: an addition of ours."""

import re
from datetime import datetime, timedelta
from typing import Annotated, Any, TypeVar

from msgspec import Meta, Struct

from payproof.contract.money import Moment
from payproof.contract.operation import Operation, get, post
from payproof.contract.page import Page
from payproof.contract.reading import WHOLE, InvalidParams, Problem, invalid, read
from payproof.contract.waiting import WaitQuery
from payproof.model.tenant_clock import Clock, ClockStatus

Span = int | float | Annotated[str, Meta(max_length=64)]
"""Seconds, or words such as `181 days`, or ISO 8601 such as `P181D`."""

T = TypeVar("T", bound=Struct)

_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
_WORDS = re.compile(r"([0-9]{1,10}) *(second|minute|hour|day|week)s?", re.IGNORECASE)
_ISO = re.compile(
    r"P(?:([0-9]{1,10})W)?(?:([0-9]{1,10})D)?(?:T(?:([0-9]{1,10})H)?(?:([0-9]{1,10})M)?(?:([0-9]{1,10})S)?)?"
)
_ISO_SECONDS = (604_800, 86_400, 3600, 60, 1)
_MOST_SECONDS = 10**10


class ClockRequest(Struct, frozen=True, kw_only=True):
    """At most one of the two; with neither the clock stands at its present."""

    frozen_at: Moment | None = None
    offset: Span | None = None
    """How far ahead of the wall it is to tick."""


class FreezeRequest(Struct, frozen=True, kw_only=True):
    at: Moment | None = None


class AdvanceRequest(Struct, frozen=True, kw_only=True):
    """One of the two."""

    to: Moment | None = None
    by: Span | None = None


class ClockBody(Struct, frozen=True, kw_only=True):
    id: str
    status: ClockStatus
    now: Moment
    frozen_at: Moment | None
    """Null while it ticks."""
    offset: float
    """Seconds ahead of the wall."""
    target: Moment | None
    """Where it is advancing to."""


class ClockWish(Struct, frozen=True):
    frozen_at: datetime | None
    offset: timedelta | None


class AdvanceWish(Struct, frozen=True):
    to: datetime | None
    by: timedelta | None


def clock_wish(data: dict[str, Any]) -> ClockWish:
    """Raises `InvalidParams`."""
    asked, offset = _read(ClockRequest, data, "offset")
    if asked.frozen_at is not None and offset is not None:
        raise InvalidParams(*(Problem(name, "Say frozen_at or offset, not both.") for name in ("frozen_at", "offset")))
    return ClockWish(asked.frozen_at, offset)


def freeze_wish(data: dict[str, Any]) -> datetime | None:
    """Raises `InvalidParams`."""
    return read(FreezeRequest, data).at


def advance_wish(data: dict[str, Any]) -> AdvanceWish:
    """Raises `InvalidParams`."""
    asked, by = _read(AdvanceRequest, data, "by")
    if (asked.to is None) == (by is None):
        raise InvalidParams(*(Problem(name, "Say either to or by.") for name in ("to", "by")))
    return AdvanceWish(asked.to, by)


def clock_body(clock: Clock) -> ClockBody:
    return ClockBody(
        id=clock.id,
        status=clock.status,
        now=clock.now,
        frozen_at=clock.frozen_at,
        offset=clock.offset / timedelta(seconds=1),
        target=clock.target,
    )


def backward(told: Exception) -> InvalidParams:
    return invalid(WHOLE, f"A clock never goes back: {told}.")


def on_its_way(told: Exception) -> InvalidParams:
    return invalid(WHOLE, f"The clock is on its way to {told} already.")


def too_far(told: Exception) -> InvalidParams:
    return invalid(WHOLE, str(told))


def _read(kind: type[T], data: dict[str, Any], field: str) -> tuple[T, timedelta | None]:
    """What was asked, and the span in that field. Raises `InvalidParams` with all that is wrong."""
    problems: list[Problem] = []
    span = _span(data.get(field))
    if data.get(field) is not None and span is None:
        how = "Say seconds, words such as 181 days, or ISO 8601 such as P181D; from zero up."
        problems.append(Problem(field, how))
    try:
        asked = read(kind, {name: value for name, value in data.items() if name != field})
    except InvalidParams as refused:
        raise InvalidParams(*refused.problems, *problems) from None
    if problems:
        raise InvalidParams(*problems)
    return asked, span


def _span(said: Any) -> timedelta | None:
    """None for what is no span, or none that goes forward."""
    seconds = _seconds(said)
    return None if seconds is None or not 0 <= seconds < _MOST_SECONDS else timedelta(seconds=seconds)


def _seconds(said: Any) -> float | None:
    if isinstance(said, int | float) and not isinstance(said, bool):
        return said
    if not isinstance(said, str):
        return None
    words, iso = _WORDS.fullmatch(said.strip()), _ISO.fullmatch(said.strip())
    if words:
        return int(words[1]) * _UNITS[words[2].lower()]
    if iso and any(iso.groups()):
        return sum(int(count or 0) * unit for count, unit in zip(iso.groups(), _ISO_SECONDS, strict=True))
    return None


_CLOCKS = "/v1/sandbox/clocks/"
_CLOCK = _CLOCKS + "{clock_id}/"

OPERATIONS: tuple[Operation, ...] = (
    get(
        "sandbox_clocks_list",
        _CLOCKS,
        "Sandbox",
        "List the tenant's clock: there is exactly one (an addition of ours)",
        Page[ClockBody],
        is_paged=True,
        refusals=(404,),
    ),
    post(
        "sandbox_clocks_create",
        _CLOCKS,
        "Sandbox",
        "Set the tenant's clock: frozen, or ticking ahead of the wall (an addition of ours)",
        ClockBody,
        request=ClockRequest,
    ),
    get(
        "sandbox_clocks_read",
        _CLOCK,
        "Sandbox",
        "Look at the clock, or wait until it is ready (an addition of ours)",
        ClockBody,
        query=WaitQuery,
        refusals=(400, 404),
    ),
    post(
        "sandbox_clocks_freeze",
        _CLOCK + "freeze/",
        "Sandbox",
        "Let the clock stand; an advance ends here (an addition of ours)",
        ClockBody,
        status=200,
        request=FreezeRequest,
        refusals=(400, 404),
    ),
    post(
        "sandbox_clocks_advance",
        _CLOCK + "advance/",
        "Sandbox",
        "Let time pass, with all that falls due on the way (an addition of ours)",
        ClockBody,
        status=202,
        request=AdvanceRequest,
        query=WaitQuery,
        refusals=(400, 404),
    ),
    Operation(
        name="sandbox_clocks_delete",
        method="DELETE",
        path=_CLOCK,
        tag="Sandbox",
        summary="Let the clock tick again from where it is (an addition of ours)",
        status=204,
        refusals=(404,),
    ),
)
