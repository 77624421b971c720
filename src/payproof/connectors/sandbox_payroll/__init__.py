"""The payroll portal of the pretend world, visited like any portal."""

from collections.abc import AsyncIterator, Sequence

from payproof.connectors.sandbox_payroll.read import read
from payproof.connectors.sandbox_payroll.visit import collect, login
from payproof.kit.connector import Depth
from payproof.kit.manifest import Assurance, Coverage, Kind, Manifest
from payproof.kit.visit import Visit
from payproof.model.fact import Facts
from payproof.model.product import DataSource, ProductType
from payproof.model.question import Answers, Field, FieldKind, Form, Question
from payproof.model.raw import Raw

_EMPLOYMENT = (
    "is_active",
    "job_title",
    "job_type",
    "start_date",
    "original_hire_date",
    "end_date",
    "income",
    "income_unit",
    "pay_rate",
    "pay_frequency",
    "external_last_updated",
    "manager_name",
)

MANIFEST = Manifest(
    id="sandbox_payroll",
    provider_id="truv",
    name="Truv Payroll Provider",
    kind=Kind.CREDENTIALS,
    data_source=DataSource.PAYROLL,
    products={ProductType.INCOME: Coverage.FULL, ProductType.EMPLOYMENT: Coverage.FULL},
    fields=(*_EMPLOYMENT, "profile", "company", "statements", "annual_income_summary", "w2s", "bank_accounts"),
    assurance=Assurance.SOURCE_FETCHED,
    form=Form(
        title="Sign in to Truv Payroll Provider",
        fields=(
            Field(name="username", label="Username, phone or email"),
            Field(name="password", label="Password", kind=FieldKind.PASSWORD),
            Field(name="ssn", label="Social Security number", required=False),
        ),
    ),
    mfa=("code", "selection", "question"),
    egress=("world",),
    uses_world=True,
    aliases=("truv_api",),
)


class SandboxPayroll:
    manifest = MANIFEST

    async def login(self, visit: Visit, answers: Answers) -> Question | None:
        return await login(visit, answers)

    def collect(self, visit: Visit, depth: Depth) -> AsyncIterator[Raw]:
        return collect(visit, depth)

    def read(self, raws: Sequence[Raw], depth: Depth) -> Facts:
        return read(raws, depth)


connector = SandboxPayroll()
