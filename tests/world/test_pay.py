"""Pay is the same every time, adds up, and only grows as days go by."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payproof.world.calendar import PERIODS, periods
from payproof.world.cast import PUBLISHED, person
from payproof.world.pay import pay_history
from payproof.world.year import full_years

TODAY = date(2026, 6, 18)
days = st.dates(date(2024, 6, 1), date(2029, 12, 31))


@given(days, st.sampled_from([*PUBLISHED, "person.5", "person.6", "person.7"]))
def test_a_statement_never_changes_when_days_go_by(today: date, username: str) -> None:
    who = person(username, "payproof", TODAY)
    assert who is not None
    for job in who.jobs:
        before = pay_history("payproof", username, job, today)
        after = pay_history("payproof", username, job, today + timedelta(days=20))
        kept = {statement.check: statement for statement in after}
        assert all(kept.get(statement.check, statement) == statement for statement in before)
        assert not before or before[-1].period.pay_on <= today
        assert len({statement.check for statement in after}) == len(after)
        assert all(statement.net > 0 and statement.gross >= statement.net for statement in after)


@given(days, st.sampled_from(sorted(PERIODS)))
def test_pay_periods_follow_each_other_without_gap(first: date, frequency: str) -> None:
    found = list(periods(frequency, first, first + timedelta(days=730)))
    assert all(later.start == earlier.end + timedelta(days=1) for earlier, later in pairwise(found))
    assert abs(len(found) - 2 * PERIODS[frequency]) <= 2


def test_the_year_to_date_starts_again_in_january() -> None:
    who = person("goodlogin", "payproof", TODAY)
    assert who is not None
    history = pay_history("payproof", "goodlogin", who.jobs[0], TODAY)
    firsts = [
        s for s, before in zip(history[1:], history, strict=False) if s.period.pay_on.year != before.period.pay_on.year
    ]
    assert len(firsts) == 3
    assert all(statement.gross_ytd == statement.gross for statement in firsts)
    assert [year.year for year in full_years(history, TODAY)] == [2025, 2024, 2023]


def test_another_seed_is_another_world() -> None:
    one, other = person("person.4", "one", TODAY), person("person.4", "other", TODAY)
    assert one is not None
    assert one != other
    assert one == person("person.4", "one", TODAY)


@pytest.mark.parametrize("username", ["", "nobody", "person.", "person.x", "person.²", "person.9999999999"])
def test_nobody_else_lives_here(username: str) -> None:
    assert person(username, "payproof", TODAY) is None


def test_a_full_period_of_a_salary_is_its_share_of_the_year() -> None:
    who = person("goodlogin", "payproof", TODAY)
    assert who is not None
    assert who.jobs[0].per_period == Decimal("2880.00")
