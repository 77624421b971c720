"""A connector that touches no network: it asks what it is told to ask and gives one employment or account."""

from collections.abc import AsyncIterator, Sequence
from datetime import date
from decimal import Decimal

from payproof.kit.connector import Depth
from payproof.kit.failure import LoginRefused, MfaRefused
from payproof.kit.manifest import Assurance, Coverage, Kind, Manifest
from payproof.kit.visit import Visit
from payproof.model.employment import Company, Employment, PayStatement
from payproof.model.fact import Facts
from payproof.model.product import DataSource, ProductType
from payproof.model.question import Answers, Challenge, ChallengeKind, Field, FieldKind, Form, Question, Wait
from payproof.model.raw import Raw

MANIFEST = Manifest(
    id="scripted",
    provider_id="scripted",
    name="Scripted Provider",
    kind=Kind.CREDENTIALS,
    data_source=DataSource.PAYROLL,
    products={ProductType.INCOME: Coverage.FULL, ProductType.EMPLOYMENT: Coverage.FULL},
    fields=("company",),
    assurance=Assurance.SOURCE_FETCHED,
    form=Form(
        fields=(
            Field(name="username", label="User name"),
            Field(name="password", label="Password", kind=FieldKind.PASSWORD),
        )
    ),
)


class Scripted:
    """The user name is the script: `ask`, `wait`, `refuse` in any number, separated by `.`; other words are ignored.

    Every question is answered rightly with `yes`; anything else ends in `mfa_error`.
    """

    manifest = MANIFEST

    async def login(self, visit: Visit, answers: Answers) -> Question | None:
        script = [word for word in answers.form["username"].reveal().split(".") if word in ("ask", "wait", "refuse")]
        done: int = visit.memory.get("done", 0)
        if answers.reply is not None:
            if answers.reply["answer"].reveal() != "yes":
                raise MfaRefused
            done += 1
        elif visit.memory.get("waited"):
            done += 1
        visit.memory["waited"] = False
        visit.memory["done"] = done
        if done >= len(script):
            return None
        match script[done]:
            case "refuse":
                raise LoginRefused
            case "wait":
                visit.memory["waited"] = True
                return Wait(seconds=5)
            case _:
                return Challenge(kind=ChallengeKind.CODE, label=f"Code {done + 1}")

    async def collect(self, visit: Visit, depth: Depth) -> AsyncIterator[Raw]:
        yield Raw(key=depth, media_type="text/plain", body=depth.encode())

    def read(self, raws: Sequence[Raw], depth: Depth) -> Facts:
        stub = PayStatement(key="1", pay_date=date(2026, 1, 2), gross_pay=Decimal("1000.00"))
        statements = (stub,) if depth is Depth.FULL else ()
        return Facts(employments=(Employment(key="job", company=Company(name="Example Ltd"), statements=statements),))
