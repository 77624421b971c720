"""One noun of each kind, with every field said, for the golden bodies."""

from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec

from payproof.model import company as directory
from payproof.model.account import Account, AccountType, StoredAccount, StoredTransaction, Transaction, TransactionType
from payproof.model.bridge_token import BridgeToken, BridgeTokenWish
from payproof.model.employment import (
    W2,
    Address,
    Allocation,
    AnnualSummary,
    Company,
    Deduction,
    Earning,
    Employment,
    IncomeUnit,
    JobType,
    PayCategory,
    PayFrequency,
    PayStatement,
    Profile,
    StoredEmployment,
    StoredStatement,
)
from payproof.model.event import Event, EventType
from payproof.model.id import DeliveryId, EventId, LinkId, QuestionId, SessionId, TaskId, UserId, WebhookId
from payproof.model.institution import Institution
from payproof.model.link import Link
from payproof.model.product import DataSource, ProductType
from payproof.model.provider import Provider
from payproof.model.question import Challenge, ChallengeKind, Field, FieldKind, Form, Option
from payproof.model.report import LinkReport
from payproof.model.session import Asked, Attempt, Session
from payproof.model.task import Task, TaskStatus
from payproof.model.user import User
from payproof.model.webhook import Delivery, DeliveryStatus, Webhook
from payproof.model.webhook_request import WebhookRequest

BEGAN = datetime(2026, 6, 18, 1, 43, 32, 553366, UTC)
ENDED = datetime(2026, 6, 18, 1, 45, 2, 118, UTC)
BASE = "http://localhost:8000"


def hex_of(digit: str) -> str:
    return digit * 32


USER_ID = UserId(hex_of("a"))
LINK_ID = LinkId(hex_of("b"))
TASK_ID = TaskId(hex_of("c"))

FORM = Form(
    title="Sign in to Acme Payroll",
    fields=(
        Field(name="username", label="User name", hint="Often your email"),
        Field(name="password", label="Password", kind=FieldKind.PASSWORD),
        Field(
            name="region",
            label="Region",
            kind=FieldKind.SELECT,
            required=False,
            options=(Option("us", "United States", "USD 1,000.00"),),
        ),
    ),
)
PROVIDER = Provider(
    id="acme",
    connector_id="acme_payroll",
    name="Acme Payroll",
    data_source=DataSource.PAYROLL,
    products=(ProductType.INCOME, ProductType.EMPLOYMENT),
    form=FORM,
    kind="credentials",
)
INSTITUTION = Institution(id="acme", name="Acme Payroll", domain="acme.example", data_source=DataSource.PAYROLL)
COMPANY = directory.Company(id=hex_of("4"), name="Facebook Demo", domain="facebook.com")
USER = User(
    id=USER_ID,
    external_user_id="client-7",
    first_name="Ada",
    last_name="Lee",
    email="ada@example.com",
    phone="+14155554193",
    ssn="222233333",
    created_at=BEGAN,
    updated_at=ENDED,
)
TOKEN = BridgeToken(
    token=hex_of("d"),
    user_id=USER_ID,
    wish=BridgeTokenWish(
        product_type=ProductType.INCOME,
        tracking_info="1338-0111-A",
        client_name="Example Lender",
        allowed_products=(ProductType.INCOME,),
        data_sources=(DataSource.PAYROLL,),
    ),
    created_at=BEGAN,
    expires_at=ENDED,
)
TASK = Task(
    id=TASK_ID,
    user_id=USER_ID,
    link_id=LINK_ID,
    session_id=SessionId(hex_of("e")),
    provider_id="acme",
    product_type=ProductType.INCOME,
    data_source=DataSource.PAYROLL,
    status=TaskStatus.LOGIN_ERROR,
    version=3,
    error_message="Invalid credentials provided",
    tracking_info="1338-0111-A",
    bridge_token=hex_of("d"),
    created_at=BEGAN,
    updated_at=ENDED,
    deadline_at=ENDED,
)
REFRESH = msgspec.structs.replace(TASK, status=TaskStatus.DONE, session_id=None, bridge_token=None, is_refresh=True)
LINK = Link(
    id=LINK_ID,
    user_id=USER_ID,
    user_external_id="client-7",
    provider_id="acme",
    data_source=DataSource.PAYROLL,
    initial_product_type=ProductType.INCOME,
    allowed_products=(ProductType.INCOME,),
    tracking_info="1338-0111-A",
    company_mapping_id=COMPANY.id,
    company=COMPANY,
    link_hash=hex_of("f"),
    access_token="0123456789abcdef0123456789ab7610",
    status=TaskStatus.DONE,
    last_task_id=TASK_ID,
    finished_at=ENDED,
    created_at=BEGAN,
    updated_at=ENDED,
)
STATEMENT = PayStatement(
    key="1001",
    check_number="1001",
    pay_date=date(2026, 6, 12),
    period_start=date(2026, 5, 25),
    period_end=date(2026, 6, 7),
    net_pay=Decimal("1935.77"),
    gross_pay=Decimal("2880"),
    gross_pay_ytd=Decimal("34560.5"),
    regular=Decimal("2880.00"),
    hours=Decimal("80"),
    basis_of_pay="S",
    earnings=(
        Earning(
            name="Regular",
            amount=Decimal("2880"),
            category=PayCategory.REGULAR,
            rate=Decimal("36.125"),
            units=Decimal("80"),
        ),
    ),
    deductions=(Deduction(name="Social Security Tax", amount=Decimal("178.56"), category="socialsec"),),
    raw_key="stub/1001.pdf",
    md5sum="0fae66a91aaa263678291c143aad2a19",
    missing_data_fields=("net_pay_ytd",),
)
EMPLOYMENT = Employment(
    key="1",
    is_active=True,
    job_title="PR associate",
    job_type=JobType.FULL_TIME,
    start_date=date(2023, 1, 1),
    original_hire_date=date(2021, 2, 3),
    income=Decimal("74880"),
    income_unit=IncomeUnit.YEARLY,
    pay_rate=Decimal("2880"),
    pay_frequency=PayFrequency.BIWEEKLY,
    external_last_updated=date(2026, 6, 1),
    derived_fields=("is_active", "pay_rate"),
    missing_data_fields=("w2s", "manager_name"),
    profile=Profile(
        first_name="Ada",
        last_name="Lee",
        full_name="Ada Lee",
        email="ada@example.com",
        ssn="222233333",
        date_of_birth=date(1987, 4, 12),
        home_address=Address(street="12 Maple Avenue", city="Boston", state="MA", zip="02118", country="US"),
    ),
    company=Company(name="Meridian Media", address=Address(city="Boston"), phone="6175550142", ein="12-3456789"),
    annual_income_summary=(AnnualSummary(year=2025, gross_pay=Decimal("74880"), net_pay=Decimal("50331.02")),),
    allocations=(
        Allocation(
            account_number="16002600",
            routing_number="123456789",
            bank_name="First Harbor Bank",
            account_type="C",
            deposit_type="P",
            deposit_value=Decimal("80"),
        ),
        Allocation(
            account_number="50031144",
            routing_number="123456789",
            bank_name="Old Colony, N.A.",
            account_type="S",
            deposit_type="E",
        ),
    ),
    w2s=(
        W2(year=2025, wages=Decimal("74880"), federal_tax=Decimal("8166.65"), raw_key="w2/2025.pdf", md5sum="9" * 32),
    ),
)
REPORT = LinkReport(
    link=LINK,
    employments=(
        StoredEmployment(
            hex_of("1"), hex_of("2"), EMPLOYMENT, (StoredStatement(hex_of("3"), STATEMENT),), BEGAN, ENDED
        ),
    ),
    files={"stub/1001.pdf": hex_of("4")},
)
ACCOUNT = StoredAccount(
    hex_of("5"),
    Account(
        key="1/2",
        type=AccountType.SAVINGS,
        subtype="MONEY_MARKET",
        mask="6789",
        currency_code="USD",
        balance=Decimal("2457.9"),
    ),
    BEGAN,
    ENDED,
)
TRANSACTION = StoredTransaction(
    hex_of("6"),
    ACCOUNT.id,
    Transaction(
        key="A1",
        external_id="A1",
        amount=Decimal("1500"),
        type=TransactionType.CREDIT,
        currency_code="USD",
        description="ACME PAYROLL 100% OK",
        memo="June",
        merchant_category_code=6011,
        check_number="77",
        posted_on=date(2026, 2, 5),
    ),
    BEGAN,
    ENDED,
)
WEBHOOK = Webhook(
    id=WebhookId(hex_of("7")),
    name="mine",
    webhook_url="https://example.com/hook",
    events=(EventType.TASK_STATUS_UPDATED,),
    enabled=True,
    created_at=BEGAN,
    updated_at=ENDED,
)
DELIVERY = Delivery(
    id=DeliveryId(hex_of("8")),
    webhook_id=WEBHOOK.id,
    webhook_url=WEBHOOK.webhook_url,
    event=Event(
        id=EventId(hex_of("9")),
        type=EventType.TASK_STATUS_UPDATED,
        created_at=datetime(2024, 7, 11, 21, 43, 8, tzinfo=UTC),
        user_id=USER_ID,
        facts={
            "task_id": TASK_ID,
            "link_id": LINK_ID,
            "product": "income",
            "data_source": "payroll",
            "tracking_info": None,
            "status": "parse",
            "template_id": None,
            "updated_at": "2024-07-11T21:43:08.075540Z",
        },
    ),
    body=None,
    status=DeliveryStatus.PENDING,
    tries=0,
    first_tried_at=None,
)
WEBHOOK_REQUEST = WebhookRequest(
    position=7,
    attempt=2,
    delivery=DELIVERY,
    webhook_url=WEBHOOK.webhook_url,
    status_code=503,
    error_message="The webhook answered 503.",
    latency_ms=41,
    created_at=ENDED,
)
SESSION = Session(id=SessionId(hex_of("e")), user_id=USER_ID, bridge_token=TOKEN.token, created_at=BEGAN)
ASKED = Asked(
    id=QuestionId(hex_of("0")),
    task_id=TASK_ID,
    question=Challenge(
        kind=ChallengeKind.SELECTION,
        label="Where shall the code go?",
        options=(Option("sms", "Text message"), Option("mail", "Email")),
        expires_at=ENDED,
        attempts_left=1,
    ),
    asked_at=BEGAN,
)
ATTEMPT = Attempt(task=TASK, asked=ASKED)
