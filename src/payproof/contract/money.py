"""Money and times as the wire writes them: decimals as text, legacy moments with a space."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, overload

from msgspec import Meta

Money = Annotated[str, Meta(pattern=r"^-?[0-9]+\.[0-9]{2,}$", extra_json_schema={"format": "decimal"})]
"""A decimal number as text, with two digits after the point or as many as the source gave beyond that."""

Moment = Annotated[datetime, Meta(tz=True)]
"""A moment in UTC, written in ISO 8601 with a `Z`."""

_CENT = Decimal("0.01")


@overload
def money(amount: Decimal) -> str: ...
@overload
def money(amount: None) -> None: ...
@overload
def money(amount: Decimal | None) -> str | None: ...
def money(amount: Decimal | None) -> str | None:
    """`1935.7` as `"1935.70"`; never an exponent, never fewer than two digits after the point."""
    if amount is None:
        return None
    exponent = amount.as_tuple().exponent
    if isinstance(exponent, int) and exponent > -2:
        amount = amount.quantize(_CENT)
    return format(amount, "f")


def legacy_moment(moment: datetime | None) -> str | None:
    """The form of the deprecated `completed_at`: `2021-04-06 11:30:00+00:00`."""
    return None if moment is None else str(moment.astimezone(UTC))


def exact_moment(moment: datetime) -> str:
    """Always six digits of a second and a `Z`, as webhooks write `event_created_at`."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def offset_moment(moment: datetime) -> str:
    """Always six digits of a second and `+00:00`, as webhooks write `updated_at`."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
