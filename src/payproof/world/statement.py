"""What one pay day brings: earnings, deductions and their totals of the year so far."""

from decimal import Decimal
from functools import cached_property

from msgspec import Struct

from payproof.world.calendar import Period


class Line(Struct, frozen=True, kw_only=True):
    name: str
    amount: Decimal
    ytd: Decimal
    rate: Decimal | None = None
    units: Decimal | None = None


class Statement(Struct, frozen=True, kw_only=True, dict=True):
    """Sums are added up once."""

    check: str
    period: Period
    hours: Decimal
    earnings: tuple[Line, ...]
    deductions: tuple[Line, ...]

    def earning(self, name: str) -> Line | None:
        return next((line for line in self.earnings if line.name == name), None)

    def deduction(self, name: str) -> Line | None:
        return next((line for line in self.deductions if line.name == name), None)

    @cached_property
    def gross(self) -> Decimal:
        return sum((line.amount for line in self.earnings), Decimal(0))

    @cached_property
    def gross_ytd(self) -> Decimal:
        return sum((line.ytd for line in self.earnings), Decimal(0))

    @cached_property
    def deducted(self) -> Decimal:
        return sum((line.amount for line in self.deductions), Decimal(0))

    @cached_property
    def deducted_ytd(self) -> Decimal:
        return sum((line.ytd for line in self.deductions), Decimal(0))

    @cached_property
    def net(self) -> Decimal:
        return self.gross - self.deducted

    @cached_property
    def net_ytd(self) -> Decimal:
        return self.gross_ytd - self.deducted_ytd
