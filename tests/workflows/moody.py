"""A scripted source with moods: what it holds and how it receives visitors is up to the test."""

from collections.abc import AsyncIterator, Sequence
from datetime import date
from decimal import Decimal

from payproof.kit.connector import Depth
from payproof.kit.failure import Failure
from payproof.kit.visit import Visit
from payproof.model.account import Account
from payproof.model.employment import Allocation, Company, Employment, PayStatement
from payproof.model.fact import Facts
from payproof.model.question import Answers, Question
from payproof.model.raw import Raw
from payproof.testing.scripted import Scripted


class Moody(Scripted):
    def __init__(self) -> None:
        self.refuses: Failure | None = None
        """Raised at the door."""
        self.breaks: Failure | None = None
        """Raised when everything is collected."""
        self.jobs = {"job": 1}
        """Employments, and how many statements each has."""
        self.accounts: tuple[Account, ...] = ()
        self.heard: list[dict[str, str]] = []
        """What was typed at each sign-in."""

    async def login(self, visit: Visit, answers: Answers) -> Question | None:
        self.heard.append({name: value.reveal() for name, value in answers.form.items()})
        if self.refuses is not None:
            raise self.refuses
        return await super().login(visit, answers)

    async def collect(self, visit: Visit, depth: Depth) -> AsyncIterator[Raw]:
        if depth is Depth.FULL and self.breaks is not None:
            raise self.breaks
        yield Raw(key=depth, media_type="text/plain", body=depth.encode())

    def read(self, raws: Sequence[Raw], depth: Depth) -> Facts:
        is_full = depth is Depth.FULL
        return Facts(
            employments=tuple(
                Employment(
                    key=name,
                    company=Company(name="Example Ltd"),
                    statements=tuple(map(stub, range(count))) if is_full else (),
                    allocations=(ALLOCATION,) if is_full else (),
                )
                for name, count in self.jobs.items()
            ),
            accounts=self.accounts,
        )


ALLOCATION = Allocation(
    account_number="1", routing_number="2", bank_name="Bank", account_type="C", deposit_type="E", account_name=None
)


def stub(number: int) -> PayStatement:
    return PayStatement(key=str(number), pay_date=date(2026, 1, 2), gross_pay=Decimal("1000.00"))
