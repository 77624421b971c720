"""Every path and method that Truv documents, by where it is documented: it is in our OpenAPI, or says it is to come.

The lists are written by hand from the documentation, so that forgetting one in the code does not forget it here.
"""

import re
from itertools import chain

import msgspec
import pytest

from payproof.config import Settings
from payproof.contract.openapi import truv_document
from payproof.contract.unbuilt import unbuilt_paths
from payproof.store import Store
from tests.api.caller import Caller, Sink, fresh_caller
from tests.api.conftest import door_over

BUILT = {
    "users": "GET POST /v1/users/, GET PATCH DELETE /v1/users/{user_id}/",
    "bridge tokens, both forms": "POST /v1/users/{user_id}/tokens/, POST /v1/bridge-tokens/",
    "link access tokens": "POST /v1/link-access-tokens/",
    "keys": "POST /v1/keys/, POST /v1/keys/deactivate/",
    "employers": ("GET /v1/company-mappings-search/, GET POST /v1/companies/, GET /v1/companies/{company_mapping_id}/"),
    "providers": (
        "GET /v1/providers/, GET /v1/providers/{provider_id}/, GET /v1/payroll-providers/supported/{product_type}/"
    ),
    "links, the second as it was called once": (
        "GET /v1/links/, GET DELETE /v1/links/{link_id}/, DELETE /v1/link/{link_id}/"
    ),
    "refresh": "POST /v1/refresh/tasks/, GET /v1/refresh/tasks/{task_id}/",
    "tasks": "GET /v1/tasks/, GET /v1/tasks/{id}/",
    "webhooks": ("GET POST /v1/webhooks/, GET PATCH DELETE /v1/webhooks/{webhook_id}/, GET /v1/webhook-requests/"),
    "reports of a link, by clients' own words": (
        "GET /v1/links/{link_id}/income/report/, GET /v1/links/{link_id}/employment/report/,"
        " POST /v1/links/reports/income/, POST /v1/link/reports/income/,"
        " POST /v1/links/reports/employment/, POST /v1/link/reports/employment/"
    ),
    "transactions": "GET /v1/links/{link_id}/accounts/, GET /v1/links/{link_id}/transactions/",
}
"""Sections 1 to 6 of the contract."""

TO_COME = {
    "orders": (
        "POST /v1/orders/, POST /v1/orders/batch/, GET /v1/orders/batch/{id}/, POST /v1/orders/lookup/,"
        " GET POST PATCH /v1/orders/{id}/, POST /v1/orders/{id}/refresh/, POST /v1/orders/{id}/cancel/,"
        " POST /v1/orders/{id}/employers/, GET /v1/orders/{id}/events/, GET /v1/orders/{id}/certifications/,"
        " GET /v1/orders/{id}/invoice/"
    ),
    "templates": "GET POST /v1/templates/, GET PATCH DELETE /v1/templates/{template_id}/",
    "scenarios of the sandbox, and its documents": (
        "GET POST /v1/sandbox/scenarios/, POST /v1/sandbox/scenarios/resolve/,"
        " GET PATCH PUT DELETE /v1/sandbox/scenarios/{scenario_id}/, POST /v1/sandbox/documents/,"
        " GET /v1/permalink/{file}/"
    ),
    "deposits": (
        "GET /v1/links/{link_id}/direct_deposit/report/, GET /v1/links/{link_id}/pll/report/,"
        " GET /v1/users/{user_id}/deposit_switch/report/"
    ),
    "insurance": (
        "GET /v1/links/{link_id}/insurance/report/, GET /v1/links/{link_id}/insurance/report/auto/,"
        " GET /v1/links/{link_id}/insurance/report/home/"
    ),
    "reports of a person": (
        "GET POST /v1/users/{user_id}/reports/, GET /v1/users/{user_id}/reports/{report_id}/,"
        " GET POST /v1/users/{user_id}/assets/reports/, GET /v1/users/{user_id}/assets/reports/{report_id}/,"
        " GET POST /v1/users/{user_id}/income_insights/reports/,"
        " GET /v1/users/{user_id}/income_insights/reports/{report_id}/"
    ),
    "parts of a link": (
        "GET /v1/links/{link_id}/employments/, GET /v1/links/{link_id}/employment/,"
        " GET /v1/links/{link_id}/identity/, GET /v1/links/{link_id}/shifts/, GET /v1/links/{link_id}/statements/,"
        " GET /v1/links/{link_id}/statements/{statement_id}/, GET /v1/links/{link_id}/tax/,"
        " GET /v1/links/{link_id}/tax/{tax_id}/, GET /v1/links/{link_id}/parsed-documents/,"
        " GET /v1/links/{link_id}/parsed-documents/{doc_id}/, GET /v1/links/{link_id}/documents/,"
        " GET /v1/links/{link_id}/bank_accounts/"
    ),
    "a bank's, beyond accounts and transactions": (
        "GET /v1/links/{link_id}/bank_statements/, GET /v1/links/{link_id}/liabilities/,"
        " GET /v1/links/{link_id}/income/transactions/reports/, GET /v1/links/{link_id}/auth/,"
        " GET /v1/links/{link_id}/balances/, GET /v1/links/{link_id}/investments/"
    ),
    "employers as customers": (
        "POST /v1/link/reports/admin/, POST /v1/links/reports/admin/, POST /v1/administrators/payrolls/,"
        " GET /v1/administrators/payrolls/{report_id}/"
    ),
    "documents": (
        "GET POST /v1/documents/collections/, GET /v1/documents/collections/{collection_id}/,"
        " POST /v1/documents/collections/{collection_id}/upload/,"
        " GET /v1/documents/collections/{collection_id}/upload/{uploaded_file_id}/,"
        " GET POST /v1/documents/collections/{collection_id}/finalize/"
    ),
    "scoring": "POST /v1/scoring_attributes/reports/, GET /v1/scoring_attributes/reports/{report_id}/",
}
"""What belongs to later products, also where sections 1 to 6 mention it."""

OURS = {
    "GET /v1/companies/mapping/",
    "POST /v1/webhooks/{webhook_id}/ping/",
    "POST /v1/webhook-requests/replay/",
}
"""Additions outside /v1/sandbox/; in there everything built is one."""

Pair = tuple[str, str]


def pairs(lists: dict[str, str]) -> set[Pair]:
    """Methods and paths."""
    lines = [line.split() for line in chain.from_iterable(text.split(", ") for text in lists.values())]
    return {(method, path) for *methods, path in lines for method in methods}


def described() -> set[Pair]:
    paths = msgspec.json.decode(truv_document())["paths"]
    return {(method.upper(), path) for path, methods in paths.items() for method in methods}


@pytest.fixture
def caller(shared_store: Store, settings: Settings, sink: Sink) -> Caller:
    return fresh_caller(door_over(shared_store, settings, sink))


def test_what_is_documented_is_built_or_to_come() -> None:
    assert pairs(BUILT) <= described()
    assert pairs(TO_COME) == {*unbuilt_paths()}


def test_what_is_not_documented_is_known_to_be_ours() -> None:
    more = {f"{method} {path}" for method, path in described() - pairs(BUILT)}
    assert {one for one in more if " /v1/sandbox/" not in one} == OURS


@pytest.mark.parametrize(("method", "path"), sorted(pairs(TO_COME)))
async def test_what_is_to_come_says_so_to_whoever_has_access(caller: Caller, method: str, path: str) -> None:
    there = re.sub("{.*?}", "f" * 32, path)
    for asked in (there, there.rstrip("/")):
        reply = await caller.call(method, asked, {} if method != "GET" else None)
        assert (reply.status, reply.json) == (501, {"detail": "Not built yet."})
    assert (await caller.as_(None, None).call(method, there)).status == 401


@pytest.mark.parametrize(("method", "path"), sorted(pairs(BUILT)))
async def test_what_is_built_is_found(caller: Caller, method: str, path: str) -> None:
    there = re.sub("{.*?}", "f" * 32, path)
    for asked in (there, there.rstrip("/")):
        reply = await caller.call(method, asked, {} if method != "GET" else None)
        assert reply.status not in (405, 501)
        assert reply.status != 404 or "{" in path
