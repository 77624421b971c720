"""A job's years: totals for the annual summary, and the boxes of the W-2."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from msgspec import Struct

from payproof.world.statement import Statement


class Year(Struct, frozen=True, kw_only=True):
    """Sums over the statements paid in one calendar year."""

    year: int
    gross: Decimal
    net: Decimal
    earned: dict[str, Decimal]
    withheld: dict[str, Decimal]

    @property
    def wages(self) -> Decimal:
        """Box 1: pay without what goes to the pension plan and the health plan before tax."""
        return self.medicare_wages - self.withheld.get("401(k)", Decimal(0))

    @property
    def medicare_wages(self) -> Decimal:
        """Boxes 3 and 5: pay without the health plan."""
        return self.gross - self.withheld.get("Health insurance", Decimal(0))


def years(history: Iterable[Statement]) -> tuple[Year, ...]:
    """Newest first, the current year included as far as it has been paid."""
    last = {statement.period.pay_on.year: statement for statement in history}
    return tuple(
        Year(
            year=year,
            gross=statement.gross_ytd,
            net=statement.net_ytd,
            earned={line.name: line.ytd for line in statement.earnings},
            withheld={line.name: line.ytd for line in statement.deductions},
        )
        for year, statement in sorted(last.items(), reverse=True)
    )


def full_years(history: Iterable[Statement], today: date) -> tuple[Year, ...]:
    """The years that are over, newest first: those with a W-2."""
    return tuple(year for year in years(history) if year.year < today.year)
