"""People nobody wrote down: everything about them is drawn from the seed and their number."""

from datetime import date, timedelta
from decimal import Decimal

from payproof.world.draw import draw, pick
from payproof.world.employers import EMPLOYERS
from payproof.world.person import Deposit, Job, Person, Place

ONE_DEPOSIT = (
    Deposit(
        bank="First Harbor Bank",
        routing_number="011000015",
        account_number="16447713",
        account_type="Checking",
        share="Entire pay",
    ),
)

_FIRST = ("Ada", "Ben", "Carla", "Devon", "Elena", "Felix", "Grace", "Hugo", "Ines", "Jonas", "Kira", "Leon", "Mona")
_LAST = ("Abbott", "Brooks", "Castillo", "Dalton", "Everett", "Foster", "Grant", "Hayes", "Irwin", "Jensen", "Keller")
_STREETS = ("Oak Street", "Cedar Lane", "River Road", "Park Avenue", "Hill Street", "Lake Drive")
_TITLES = ("Account clerk", "Machinist", "Teacher", "Store lead", "Field engineer", "Dental assistant", "Driver")


def generated(username: str, seed: str, since: date) -> Person:
    """The person with this username in the world of this seed. Wrong passwords lock their account."""
    who = (seed, username)
    hourly = draw(3, *who, "basis") == 0
    job = Job(
        number=str(5000 + draw(4000, *who, "job")),
        employer=pick(EMPLOYERS, *who, "employer"),
        title=pick(_TITLES, *who, "title"),
        kind="Part time" if hourly and draw(2, *who, "kind") else "Full time",
        start=date(since.year - 1, 1, 1) - timedelta(days=draw(3000, *who, "start")),
        frequency=pick(("Weekly", "Biweekly", "Biweekly", "Semi-monthly", "Monthly"), *who, "frequency"),
        basis="Hourly" if hourly else "Salary",
        rate=Decimal(16 + draw(25, *who, "rate")) if hourly else Decimal(1000 * (38 + draw(90, *who, "rate"))),
        overtime_percent=draw(30, *who, "overtime"),
        commission=Decimal(100 * draw(8, *who, "commission")) if draw(5, *who, "sells") == 0 else Decimal(0),
        deposits=ONE_DEPOSIT,
    )
    first, last = pick(_FIRST, *who, "first"), pick(_LAST, *who, "last")
    return Person(
        username=username,
        first_name=first,
        last_name=last,
        ssn=f"9{draw(100, *who, 'area'):02d}{50 + draw(16, *who, 'group'):02d}{draw(10000, *who, 'serial'):04d}",
        born=date(1960, 1, 1) + timedelta(days=draw(15000, *who, "born")),
        email=f"{first}.{last}.{username.removeprefix('person.')}@example.com".lower(),
        place=Place(f"{1 + draw(990, *who, 'house')} {pick(_STREETS, *who, 'street')}", "Springfield", "IL", "62704"),
        jobs=(job,),
        locks=True,
    )
