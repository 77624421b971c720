"""The people of the pretend world and the jobs they hold."""

from datetime import date
from decimal import Decimal
from functools import cached_property

from msgspec import Struct

from payproof.world.calendar import PERIODS
from payproof.world.money import cents


class Place(Struct, frozen=True):
    street: str
    city: str
    state: str
    zip: str

    def __str__(self) -> str:
        return f"{self.street}, {self.city}, {self.state} {self.zip}"


class Employer(Struct, frozen=True, kw_only=True):
    name: str
    ein: str
    phone: str
    place: Place


class Deposit(Struct, frozen=True, kw_only=True):
    """Where a part of the net pay goes."""

    bank: str
    routing_number: str
    account_number: str
    account_type: str
    """Checking or Savings."""
    share: str
    """`Entire pay`, `20.00%` or `$150.00`."""


class Job(Struct, frozen=True, kw_only=True, dict=True):
    number: str
    """The portal's own id of the employment."""
    employer: Employer
    title: str
    kind: str = "Full time"
    start: date
    first_hired: date | None = None
    end: date | None = None
    frequency: str = "Biweekly"
    """Weekly, Biweekly, Semi-monthly or Monthly."""
    basis: str = "Salary"
    """Salary or Hourly."""
    rate: Decimal
    """Dollars a year, or an hour."""
    weekly_hours: Decimal = Decimal(40)
    overtime_percent: int = 0
    """How many of a hundred pay periods have overtime."""
    bonus: Decimal = Decimal(0)
    """Paid once a year, with the first pay of March."""
    commission: Decimal = Decimal(0)
    """The most that a pay period brings."""
    health: Decimal = Decimal("84.50")
    retirement_percent: int = 4
    manager: str = ""
    deposits: tuple[Deposit, ...] = ()

    @property
    def per_period(self) -> Decimal:
        """What a full pay period brings, without extras."""
        per_year = self.rate if self.basis == "Salary" else self.rate * self.weekly_hours * 52
        return (per_year / PERIODS[self.frequency]).quantize(Decimal("0.01"))

    @cached_property
    def full_hours(self) -> Decimal:
        """Of a full pay period."""
        return cents(self.weekly_hours * 52 / PERIODS[self.frequency])

    @cached_property
    def full_pay(self) -> Decimal:
        """A salary's part for a full pay period, to be rounded."""
        return self.rate / PERIODS[self.frequency]

    @cached_property
    def hourly(self) -> Decimal:
        return self.rate if self.basis == "Hourly" else cents(self.rate / 52 / self.weekly_hours)

    @cached_property
    def overtime(self) -> Decimal:
        """An hour of it."""
        return cents(self.hourly * Decimal("1.5"))

    def is_active(self, today: date) -> bool:
        return self.end is None or self.end >= today


class Person(Struct, frozen=True, kw_only=True):
    username: str
    first_name: str
    middle_initial: str = ""
    last_name: str
    ssn: str
    born: date
    email: str
    place: Place
    jobs: tuple[Job, ...]
    locks: bool = False
    """Whether wrong passwords lock the account. Published logins never do."""

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.first_name, self.middle_initial, self.last_name) if part)
