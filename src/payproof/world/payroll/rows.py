"""The rows of the portal's tables as HTML. Amounts, days and numbers only: there is nothing to escape."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import chain

from msgspec import Struct

from payproof.world.payroll.show import day, money
from payproof.world.statement import Statement
from payproof.world.year import Year


class Table(Struct, frozen=True):
    """A table whose columns depend on what there is."""

    names: list[str]
    rows: str


def pay_dates(statements: Iterable[Statement]) -> str:
    return _rows((s.check, *_days(s), money(s.gross), money(s.net)) for s in statements)


def totals(number: str, statements: Iterable[Statement]) -> str:
    return _rows(
        (
            f'<a href="{number}/statement-{s.check}.pdf">{s.check}</a>',
            *_days(s),
            str(s.hours),
            money(s.gross),
            money(s.gross_ytd),
            money(s.net),
            money(s.net_ytd),
        )
        for s in statements
    )


def earnings(statements: Iterable[Statement]) -> Table:
    return _table(
        {
            s.check: {
                line.name: (money(line.rate), str(line.units or ""), money(line.amount), money(line.ytd))
                for line in s.earnings
            }
            for s in statements
        },
        ("", "", "", ""),
    )


def deductions(statements: Iterable[Statement]) -> Table:
    return _table(
        {s.check: {line.name: (money(line.amount), money(line.ytd)) for line in s.deductions} for s in statements},
        ("", ""),
    )


def annual(years: Iterable[Year]) -> str:
    shown = ("Regular", "Overtime", "Bonus", "Commission")
    return _rows(
        (str(y.year), money(y.gross), money(y.net), *(money(y.earned.get(name, Decimal(0))) for name in shown))
        for y in years
    )


def w2s(number: str, years: Iterable[Year]) -> str:
    return _rows(
        (
            f'<a href="{number}/w2-{y.year}.pdf">{y.year}</a>',
            money(y.wages),
            money(y.withheld["Federal income tax"]),
            money(y.medicare_wages),
            money(y.withheld["Social Security tax"]),
            money(y.medicare_wages),
            money(y.withheld["Medicare tax"]),
        )
        for y in years
    )


def _table(found: dict[str, dict[str, tuple[str, ...]]], empty: tuple[str, ...]) -> Table:
    """Of the cells by check and name."""
    names = list(dict.fromkeys(name for cells in found.values() for name in cells))
    return Table(
        names, _rows((check, *chain(*(cells.get(name, empty) for name in names))) for check, cells in found.items())
    )


def _days(statement: Statement) -> tuple[str, str, str]:
    period = statement.period
    return day(period.pay_on), day(period.start), day(period.end)


def _rows(rows: Iterable[Iterable[str]]) -> str:
    return "".join(f"<tr><th>{'<td>'.join(row)}\n" for row in rows)
