"""What one pay day brings: earnings, deductions and their totals of the year so far."""

from decimal import Decimal
from functools import cached_property

from msgspec import Struct

from payproof.world.calendar import Period

_EXTRAS = ("Overtime", "Bonus", "Commission")
_NOTHING = Decimal(0)


class Earned(Struct, frozen=True):
    amount: Decimal
    rate: Decimal | None = None
    units: Decimal | None = None


_EARLIER = Earned(Decimal("0.00"))


class Line(Struct, frozen=True, kw_only=True):
    name: str
    amount: Decimal
    ytd: Decimal
    rate: Decimal | None = None
    units: Decimal | None = None


class Statement(Struct, frozen=True, kw_only=True, dict=True):
    """Amounts by name. Most statements of a history are never shown: lines are made when somebody asks."""

    check: str
    period: Period
    gross: Decimal
    earned: dict[str, Earned]
    earned_ytd: dict[str, Decimal]
    withheld: dict[str, Decimal]
    withheld_ytd: dict[str, Decimal]

    @cached_property
    def earnings(self) -> tuple[Line, ...]:
        """Extras of earlier periods of the year are nothing now, but part of the year to date."""
        earlier = {name: _EARLIER for name in _EXTRAS if name in self.earned_ytd and name not in self.earned}
        return tuple(
            Line(name=name, amount=pay.amount, ytd=self.earned_ytd[name], rate=pay.rate, units=pay.units)
            for name, pay in (self.earned | earlier).items()
        )

    @cached_property
    def deductions(self) -> tuple[Line, ...]:
        return tuple(
            Line(name=name, amount=amount, ytd=self.withheld_ytd[name]) for name, amount in self.withheld.items()
        )

    @property
    def hours(self) -> Decimal:
        return sum((pay.units for pay in self.earned.values() if pay.units is not None), _NOTHING)

    @property
    def gross_ytd(self) -> Decimal:
        return sum(self.earned_ytd.values(), _NOTHING)

    @property
    def deducted(self) -> Decimal:
        return sum(self.withheld.values(), _NOTHING)

    @property
    def deducted_ytd(self) -> Decimal:
        return sum(self.withheld_ytd.values(), _NOTHING)

    @property
    def net(self) -> Decimal:
        return self.gross - self.deducted

    @property
    def net_ytd(self) -> Decimal:
        return self.gross_ytd - self.deducted_ytd
