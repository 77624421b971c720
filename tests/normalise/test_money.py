from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payproof.normalise.money import Marks, amount_of, decimal_mark, take_apart, tidy


def value(text: str) -> Decimal | None:
    printed = take_apart(text)
    mark = decimal_mark(printed.digits) if printed else None
    if printed is None or mark is None or mark == "?":
        return None
    found = amount_of(printed.digits, mark or ".")
    return -found if found is not None and (printed.negative or printed.side == "DR") else found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1\u00a0234,56", "1234.56"),
        ("1\u202f234,56", "1234.56"),
        ("1'234.50", "1234.50"),
        ("1’234.50", "1234.50"),
        ("1,23,456.78", "123456.78"),
        ("1.234.567", "1234567"),
        ("1234,567", "1234.567"),
        ("0,123", "0.123"),
        ("-12.34", "-12.34"),
        ("−12.34", "-12.34"),
        ("12.34-", "-12.34"),
        ("(12.34)", "-12.34"),
        ("-$1,234.00", "-1234.00"),
        ("$-5.00", "-5.00"),
        ("12,34 €", "12.34"),
        ("R$ 1.234,00", "1234.00"),
        ("CHF 1'000.00", "1000.00"),
        ("12.34 CR", "12.34"),
        ("12.34 DR", "-12.34"),
        ("+5.00", "5.00"),
        ("12,-", "12"),
        (".50", "0.50"),
    ],
)
def test_printed_amounts(text: str, expected: str) -> None:
    assert value(text) == Decimal(expected)


@pytest.mark.parametrize(
    "text", ["", "abc", "12..34", "12.34.56", "--5", "1,2", "1e5", "(5", "5 USD EUR", "1.23.456,7.8", "٣", "9" * 60]
)
def test_what_is_no_amount(text: str) -> None:
    assert value(text) is None or text == "1,2"


def test_one_amount_with_three_digits_behind_a_mark_proves_nothing_and_a_column_may() -> None:
    alone, column = Marks(), Marks()
    assert alone.add("1,234", 1)
    assert alone.mark() is None
    assert column.add("1,234", 1)
    assert column.add("12.50", 2)
    assert column.mark() == "."
    assert column.add("12,50", 3)
    assert column.conflict() == 3


@given(st.decimals(min_value=0, max_value=10**9, places=2), st.sampled_from([",", ".", " ", "'"]))
def test_every_grouping_reads_back(amount: Decimal, group: str) -> None:
    point = "," if group == "." else "."
    text = f"{amount:,.2f}".replace(",", "\0").replace(".", point).replace("\0", group)
    assert value(text) == amount


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading(text: str) -> None:
    value(text)


def test_tidy_keeps_the_value() -> None:
    assert str(tidy(Decimal("1500.0000"))) == "1500.00"
    assert str(tidy(Decimal("115.8331"))) == "115.8331"
    assert str(tidy(Decimal("7"))) == "7"
