"""The tenant's time is an exact, reversible function of the wall's."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from payproof.clock import TenantClock, from_micros, now, to_micros

moments = st.integers(0, 7_258_118_400_000_000).map(from_micros)
"""From 1970 to 2200."""
offsets = st.integers(-(10**15), 10**15)


@given(moments)
def test_micros_and_back_loses_nothing(at: datetime) -> None:
    assert from_micros(to_micros(at)) == at


def test_micros_are_the_same_in_every_zone() -> None:
    at = datetime(2026, 3, 8, 12, tzinfo=UTC)
    assert to_micros(at.astimezone(timezone(timedelta(hours=-7)))) == to_micros(at)


def test_now_is_aware() -> None:
    assert now().utcoffset() == timedelta(0)


@given(moments, offsets)
def test_a_ticking_clock_reaches_a_moment_when_wall_of_says(wall: datetime, offset_us: int) -> None:
    ticking = TenantClock(offset_us=offset_us)
    due = ticking.at(wall) + timedelta(hours=1)
    reached = ticking.wall_of(due, wall)
    assert reached is not None
    assert ticking.at(reached) == due


def test_a_frozen_clock_stands_still() -> None:
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    frozen = TenantClock(offset_us=0, frozen_at_us=to_micros(noon))
    assert frozen.at(noon + timedelta(days=3)) == noon


def test_a_frozen_clock_never_reaches_what_lies_ahead() -> None:
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    wall = noon + timedelta(days=3)
    frozen = TenantClock(offset_us=0, frozen_at_us=to_micros(noon))
    assert frozen.wall_of(noon + timedelta(microseconds=1), wall) is None
    assert frozen.wall_of(noon, wall) == wall
