"""Who can sign in: the published test logins, and as many generated people as anybody asks for."""

from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from payproof.world.crowd import ONE_DEPOSIT, generated
from payproof.world.employers import ACME_CLINIC, HARBOR_FOODS, MERIDIAN, NORTHWIND_SCHOOLS, SUMMIT_LOGISTICS
from payproof.world.person import Deposit, Job, Person, Place

GOOD_PASSWORD = "goodpassword"

ALIASES = {"(111)111-1111": "goodlogin", "goodlogin@domain.com": "goodlogin", "phone (111)111-1111": "goodlogin"}
"""Other spellings of a published username."""

_HOME = Place("12 Maple Avenue", "Boston", "MA", "02118")
_DEPOSITS = (
    Deposit(
        bank="First Harbor Bank",
        routing_number="011000015",
        account_number="16002600",
        account_type="Checking",
        share="80.00%",
    ),
    Deposit(
        bank="Old Colony Savings",
        routing_number="211070175",
        account_number="50031144",
        account_type="Savings",
        share="20.00%",
    ),
)


@lru_cache(maxsize=64)
def person(username: str, seed: str, since: date) -> Person | None:
    """The holder of a username, or None. `since` is the tenant's first day, for people whose dates follow it."""
    name = ALIASES.get(username, username)
    if name in _PUBLISHED:
        return _PUBLISHED[name]
    if name in _TENURE_DAYS:
        return _newcomer(name, since)
    number = name.removeprefix("person.")
    if name.startswith("person.") and number.isascii() and number.isdigit() and len(number) <= 9:
        return generated(name, seed, since)
    return None


def _of(username: str, first: str, last: str, ssn: str, born: date, *jobs: Job, middle: str = "") -> Person:
    return Person(
        username=username,
        first_name=first,
        middle_initial=middle,
        last_name=last,
        ssn=ssn,
        born=born,
        email=f"{first}.{last}@example.com".lower(),
        place=_HOME,
        jobs=jobs,
    )


_PR_ASSOCIATE = Job(
    number="4101",
    employer=MERIDIAN,
    title="PR associate",
    start=date(2023, 1, 1),
    rate=Decimal(74880),
    bonus=Decimal("2500.00"),
    overtime_percent=15,
    manager="Dana Whitfield",
    deposits=_DEPOSITS,
)
_BARISTA = Job(
    number="4201",
    employer=HARBOR_FOODS,
    title="Barista",
    kind="Part time",
    start=date(2023, 5, 15),
    basis="Hourly",
    rate=Decimal("18.75"),
    weekly_hours=Decimal(24),
    overtime_percent=10,
    health=Decimal(0),
    retirement_percent=0,
    manager="Luis Ortega",
    deposits=ONE_DEPOSIT,
)
_ANALYST = Job(
    number="4301",
    employer=SUMMIT_LOGISTICS,
    title="Operations analyst",
    start=date(2021, 9, 7),
    frequency="Semi-monthly",
    rate=Decimal(91200),
    manager="Priya Raman",
    deposits=ONE_DEPOSIT,
)
_NURSE = Job(
    number="4402",
    employer=ACME_CLINIC,
    title="Ward nurse",
    start=date(2024, 3, 4),
    basis="Hourly",
    rate=Decimal("41.20"),
    weekly_hours=Decimal(36),
    overtime_percent=30,
    deposits=ONE_DEPOSIT,
)
_TUTOR = Job(
    number="4403",
    employer=NORTHWIND_SCHOOLS,
    title="Evening tutor",
    kind="Part time",
    start=date(2022, 8, 22),
    frequency="Monthly",
    basis="Hourly",
    rate=Decimal("29.00"),
    weekly_hours=Decimal(8),
    health=Decimal(0),
    retirement_percent=0,
)
_KITCHEN = Job(
    number="4401",
    employer=HARBOR_FOODS,
    title="Kitchen assistant",
    start=date(2019, 6, 3),
    end=date(2024, 2, 23),
    basis="Hourly",
    rate=Decimal("17.10"),
    retirement_percent=0,
)


def _again(number: str, start: date, end: date | None) -> Job:
    """One of two spells of the same person at the same employer."""
    return Job(
        number=number,
        employer=SUMMIT_LOGISTICS,
        title="Dispatcher",
        start=start,
        first_hired=date(2020, 2, 3),
        end=end,
        rate=Decimal(56160),
    )


def _paid(frequency: str) -> Job:
    return Job(
        number="4101",
        employer=MERIDIAN,
        title="PR associate",
        start=date(2023, 1, 1),
        frequency=frequency,
        rate=Decimal(74880),
        manager="Dana Whitfield",
        deposits=_DEPOSITS,
    )


_JOHN = ("John", "Doe", "991919991", date(1987, 4, 12))
_PUBLISHED = {
    who.username: who
    for who in (
        _of("goodlogin", *_JOHN, _PR_ASSOCIATE, middle="Q"),
        _of("goodlogin.weekly", *_JOHN, _paid("Weekly")),
        _of("goodlogin.semi-monthly", *_JOHN, _paid("Semi-monthly")),
        _of("goodlogin.monthly", *_JOHN, _paid("Monthly")),
        _of("error.user", *_JOHN, _PR_ASSOCIATE),
        _of("refresh.user", *_JOHN, _PR_ASSOCIATE),
        _of("hourly.part-time", "Hanna", "Parker", "666382548", date(1999, 11, 2), _BARISTA),
        _of("fulltime", "Frank", "Thompson", "666382211", date(1990, 1, 28), _ANALYST),
        _of("multiple.employments", "Maria", "Ellis", "666271904", date(1985, 7, 9), _NURSE, _TUTOR, _KITCHEN),
        _of(
            "multiple.employments2",
            "Ray",
            "Hardin",
            "666271905",
            date(1982, 3, 30),
            _again("4502", date(2024, 1, 8), None),
            _again("4501", date(2020, 2, 3), date(2023, 6, 30)),
        ),
        _of("firsttimeborrower", "Alice", "Firstimer", "991919991", date(1994, 5, 5), _PR_ASSOCIATE),
        _of("fannie-test.case4", "Pitt", "Rock", "666006666", date(1979, 8, 14), _ANALYST),
        _of("fannie-test.case5", "Suzi", "Builder", "999606666", date(1981, 12, 1), _BARISTA),
        _of("fannie-test.case6", "John", "Homeowner", "999405000", date(1976, 2, 19), _PR_ASSOCIATE),
        _of("fannie-test.case7", "Lucky", "Knowscore", "999422345", date(1988, 10, 7), _ANALYST),
    )
}
PUBLISHED = tuple(_PUBLISHED)

_TENURE_DAYS = {"goodlogin.tn1": 240, "goodlogin.tn2": 75}
"""Published people who have been in their job for less than a year."""


def _newcomer(username: str, since: date) -> Person:
    job = Job(
        number="4101",
        employer=MERIDIAN,
        title="PR associate",
        start=since - timedelta(days=_TENURE_DAYS[username]),
        rate=Decimal(74880),
        deposits=_DEPOSITS,
    )
    return _of(username, *_JOHN, job)
