from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payproof.normalise.dates import FIXED, ofx_day, readings

DAY = date(2026, 3, 12)


@pytest.mark.parametrize(
    "text",
    [
        *("2026-03-12", "2026/3/12", "2026.03.12.", "20260312", "2026-03-12T10:11:12Z", "2026-03-12 10:11:12.123456"),
        *(
            "12 Mar 2026",
            "12-Mar-26",
            "12Mar2026",
            "Mar 12, 2026",
            "March 12th, 2026",
            "Thu 12 Mar 2026",
            "12. März 2026",
        ),
        *("12 de marzo de 2026", "12 mars 2026", "12 março 2026", "12 marzo 2026", "12 maart 2026", "2026-Mar-12"),
        "12 Mar 2026 14:30",
    ],
)
def test_days_of_one_reading(text: str) -> None:
    assert readings(text) == {FIXED: DAY}


def test_days_of_several_orders() -> None:
    assert readings("03/04/2026") == {"dmy": date(2026, 4, 3), "mdy": date(2026, 3, 4)}
    assert readings("03.04.26") == {"dmy": date(2026, 4, 3)}
    assert readings("13-04-26") == {"dmy": date(2026, 4, 13)}
    assert readings("99/12/31") == {"ymd": date(1999, 12, 31)}


@pytest.mark.parametrize(
    "text", ["", "2026-02-30", "31/02/2026", "00/00/0000", "12/03", "March 2026", "1.234,56", "1" * 99]
)
def test_what_is_no_day(text: str) -> None:
    assert readings(text) == {}


@pytest.mark.parametrize(
    "text",
    [
        *("20260312", "202603121200", "20260312120000", "20260312120000.000", "20260312120000.000[-5:EST]"),
        *("20260312202000.000[-4:EST]", "20260312120000[-:EST]", "20260312093914:014", "20260312[0:GMT]", "2026-03-12"),
        "20260312T120000",
    ],
)
def test_ofx_days_keep_the_printed_day(text: str) -> None:
    assert ofx_day(text) == DAY


@pytest.mark.parametrize(
    "text", ["", "00000000", "20260231", "201120000000", "2026", "20260312x", "12/03/2026", "18991231"]
)
def test_what_is_no_ofx_day(text: str) -> None:
    assert ofx_day(text) is None


@given(st.integers(0, 40_000))
def test_every_day_reads_back(days: int) -> None:
    on = date(1970, 1, 1) + timedelta(days=days)
    assert ofx_day(f"{on:%Y%m%d}120000") == on
    assert readings(f"{on:%d/%m/%Y}")["dmy"] == on
    assert readings(f"{on:%d %B %Y}") == {FIXED: on}


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading(text: str) -> None:
    readings(text)
    ofx_day(text)
