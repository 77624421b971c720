"""One golden body for each documented shape. `make golden` writes them anew."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from payproof.contract import (
    account,
    bridge_token,
    company,
    connection,
    error,
    link,
    provider,
    refresh,
    report,
    session,
    task,
    tenant,
    tenant_clock,
    user,
    webhook,
    webhook_inbox,
    webhook_request,
)
from payproof.contract.cursor import cursor_page
from payproof.contract.event import webhook_body
from payproof.contract.key import key_body
from payproof.contract.page import Address, PageWish, page
from payproof.contract.reading import InvalidParams, Problem
from payproof.model.company import MappingStatus, SuccessRate
from payproof.model.connection import Connection
from payproof.model.id import ClientId, TenantId
from payproof.model.key import AccessKey
from payproof.model.product import ProductType
from payproof.model.question import Form
from payproof.model.secret import Secret
from payproof.model.session import Attempt
from payproof.model.task import TaskStatus
from payproof.model.tenant import Environment, MadeTenant, Tenant
from payproof.model.tenant_clock import Clock
from payproof.model.webhook_request import Place
from payproof.services.company import SANDBOX_FEATURES
from tests.contract import samples
from tests.contract.samples import (
    BASE,
    COMPANY,
    INSTITUTION,
    LINK,
    PROVIDER,
    REFRESH,
    REPORT,
    TASK,
    TOKEN,
    USER,
    WEBHOOK,
    hex_of,
)

GOLDEN = Path(__file__).parent / "golden"
REF = provider.provider_ref(PROVIDER, BASE)
LINKS = [link.link_body(LINK, REF, BASE)]
FORM_ASKED = msgspec.structs.replace(samples.ASKED, question=Form(fields=samples.FORM.fields[:1]))
KEY = AccessKey(
    id=hex_of("0"),
    tenant=Tenant(TenantId("t"), ClientId("c"), Environment.SANDBOX),
    created_at=samples.BEGAN,
)
MADE = MadeTenant(tenant=KEY.tenant, name="worker 1", made_by=TenantId("m"), created_at=samples.BEGAN)
CLOCK = Clock(
    id=TenantId(hex_of("0")),
    now=samples.BEGAN,
    frozen_at=samples.BEGAN,
    offset=timedelta(days=-3, microseconds=500),
    target=samples.BEGAN + timedelta(days=181),
)
CONNECTION = Connection(
    task=msgspec.structs.replace(TASK, status=TaskStatus.DONE, error_message=None),
    public_token=hex_of("2"),
    access_token=hex_of("3"),
)


def _links_page() -> Any:
    address = Address(f"{BASE}/v1/links/", {"user_id": USER.id, "page": "2", "page_size": "1"})
    return page(PageWish(2, 1), address, 3, [link.link_body(LINK, REF, BASE, is_token_shown=True)])


def _transactions() -> Any:
    return account.TransactionsBody(
        1, None, None, [account.account_body(samples.ACCOUNT)], [account.transaction_body(samples.TRANSACTION)]
    )


def _requests_page() -> Any:
    address = Address(f"{BASE}/v1/webhook-requests/", {"status_code": "503", "page_size": "1"})
    request = samples.WEBHOOK_REQUEST
    place = Place(request.created_at, request.position)
    record = webhook_request.request_record(request)
    return cursor_page(address, "t", place, 1, [place, place], [record, record])


def _inbox() -> Any:
    delivery = webhook_inbox.inbox_delivery(samples.DELIVERY.event, Secret("sandbox-secret"))
    return webhook_inbox.InboxBody(results=[delivery], next="42")


BODIES: dict[str, Callable[[], Any]] = {
    "user": lambda: user.user_body(USER),
    "user_listed": lambda: user.user_listed(USER, LINKS),
    "user_detail": lambda: user.user_detail(USER, LINKS),
    "bridge_token": lambda: bridge_token.token_body(TOKEN),
    "link": lambda: link.link_body(LINK, REF, BASE),
    "links_page": _links_page,
    "exchange": lambda: link.exchange_body(LINK),
    "task": lambda: task.task_body(TASK, REF),
    "refresh": lambda: refresh.refresh_body(REFRESH),
    "income_report": lambda: report.income_report(REPORT, BASE),
    "employment_report": lambda: report.employment_report(REPORT),
    "account": lambda: account.account_body(samples.ACCOUNT),
    "transactions": _transactions,
    "webhook": lambda: webhook.webhook_shown(WEBHOOK, Environment.SANDBOX),
    "webhook_requests_page": _requests_page,
    "webhook_inbox": _inbox,
    "webhook_payload": lambda: msgspec.Raw(webhook_body(samples.DELIVERY.event, samples.DELIVERY.id)),
    "company": lambda: company.company_body(COMPANY, BASE, MappingStatus.VERIFIED, SuccessRate.HIGH, 0.9),
    "company_detail": lambda: company.company_detail(
        COMPANY, BASE, MappingStatus.VERIFIED, SuccessRate.HIGH, SANDBOX_FEATURES
    ),
    "company_unknown": lambda: company.unknown_company("Nobody & Sons", "nobody.example"),
    "provider": lambda: provider.provider_body(INSTITUTION, PROVIDER, BASE, asked=ProductType.ASSETS),
    "provider_unconnected": lambda: provider.provider_body(INSTITUTION, None, BASE),
    "key": lambda: key_body(KEY),
    "session": lambda: session.session_body(samples.SESSION, TOKEN, BASE, provider_id="acme", company=COMPANY),
    "finish": lambda: session.FinishBody(hex_of("1"), TASK.id, LINK.id, session.EmployerName(COMPANY.name)),
    "session_provider": lambda: session.offered_provider(PROVIDER, BASE),
    "attempt_challenge": lambda: session.attempt_body(samples.ATTEMPT, REF),
    "attempt_form": lambda: session.attempt_body(Attempt(task=TASK, asked=FORM_ASKED), REF),
    "tenant": lambda: tenant.tenant_body(MADE),
    "tenant_new": lambda: tenant.new_tenant_body(MADE, Secret("sandbox-" + "1" * 40)),
    "clock_ready": lambda: tenant_clock.clock_body(msgspec.structs.replace(CLOCK, target=None, frozen_at=None)),
    "clock_advancing": lambda: tenant_clock.clock_body(CLOCK),
    "connection": lambda: connection.connection_body(CONNECTION),
    "connection_failed": lambda: connection.connection_body(Connection(task=TASK)),
    "error_400": lambda: error.incorrect_parameters(
        InvalidParams(Problem("env_type", "Webhook url for sandbox already registered"))
    ),
    "error_400_refresh_limit": error.refresh_limit,
    "error_401": error.authentication_failed,
    "error_403": error.not_authenticated,
    "error_404": lambda: error.NOT_FOUND,
    "error_404_cursor": lambda: error.INVALID_CURSOR,
    "error_410": error.expired_token,
    "error_429": lambda: error.throttled(17),
    "error_500": lambda: error.server_error(hex_of("0")),
    "error_501": lambda: error.NOT_BUILT,
}


@pytest.mark.parametrize("name", BODIES)
def test_golden_body(name: str) -> None:
    body = msgspec.json.format(msgspec.json.encode(BODIES[name]()), indent=2) + b"\n"
    path = GOLDEN / f"{name}.json"
    if os.environ.get("PAYPROOF_GOLDEN") == "write":
        path.write_bytes(body)
    assert body == path.read_bytes()


def test_no_golden_body_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(BODIES)
