"""The traps that each break a public client, by their numbers in the list of what clients need.

`HELD` says which tests fail when a rule is broken: those here, and where others held it already, those. What waits for
a path that is not built is in `WAITING`, and asks for its test as soon as the path is there.
"""

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from payproof.api.answer import encode
from payproof.testing.client import Client
from tests.clients.quickstart import ALL, HOST, Keys, is_signed
from tests.clients.wire import Answer, Wire

TESTS = Path(__file__).parent.parent
GOLDEN = sorted(path for room in ("contract", "stories") for path in (TESTS / room / "golden").glob("*.json"))
FLOW = "clients/test_quickstart.py::test_from_the_first_call_to_the_links_end"
HERE = "clients/test_traps.py::"
HELD = {
    "T1": [
        FLOW,
        HERE + "test_t1_a_query_may_follow_with_and_without_the_slash",
        "api/test_every_operation.py::test_with_and_without_the_slash_and_never_elsewhere",
    ],
    "T2": [HERE + "test_t2_reports_by_access_token_have_two_spellings"],
    "T4": [
        FLOW,
        HERE + "test_t4_no_percent_sign_in_an_answer_whatever_was_said",
        HERE + "test_t4_no_percent_sign_in_a_golden_body",
        HERE + "test_t4_addresses_of_files_have_no_percent_sign",
    ],
    "T5": [HERE + "test_t5_webhooks_are_registered_as_the_demo_apps_do_at_their_start"],
    "T6": [
        FLOW,
        HERE + "test_t6_only_tasks_and_orders_have_a_status_and_all_is_signed",
        "contract/test_wire.py::test_a_webhook_adds_no_status_where_the_event_has_none",
    ],
    "T7": [
        FLOW,
        "net/test_http.py::test_a_private_address_is_refused_before_a_byte_is_sent",
        "api/test_refusals.py::test_production_takes_only_https_webhooks",
    ],
    "T9": [FLOW],
    "T10": [FLOW, HERE + "test_t10_a_bridge_token_has_no_id"],
    "T11": [HERE + "test_t11_every_account_that_clients_send_is_taken"],
    "T12": [
        FLOW,
        HERE + "test_t12_every_host_is_answered_with_its_own_addresses",
        "web/bridge/test_every_operation.py::test_a_browser_gets_leave_before_it_asks",
    ],
    "T13": [
        HERE + "test_t13_bad_keys_are_refused",
        "api/test_refusals.py::test_malformed_keys_are_401",
        "api/test_refusals.py::test_a_deactivated_key_ends_at_once",
    ],
    "T17": [FLOW, HERE + "test_t17_nothing_but_the_two_headers_lets_in_or_keeps_out"],
    "T18": [FLOW],
}
WAITING = {
    "POST /v1/administrators/payrolls/": "T1",
    "POST /v1/links/reports/admin/": "T2",
    "POST /v1/link/reports/admin/": "T2",
    "GET /v1/links/ffff/direct_deposit/report/": "T3",
    "GET /v1/users/ffff/deposit_switch/report/": "T3",
    "POST /v1/orders/": "T6, T9, T10, T11 and T16",
    "POST /v1/users/ffff/reports/": "T18",
    "GET /bridge.js": "T8 and T9",
}
EVENTS = [
    "task-status-updated", "order-status-updated", "order-created", "order-refresh-failed", "link-connected",
    "link-disconnected", "link-deleted", "employment-created", "employment-updated", "profile-created",
    "profile-updated", "statements-created", "statements-updated", "shifts-created", "shifts-updated",
    "bank-accounts-created", "bank-accounts-updated",
]  # fmt: skip


@pytest.fixture
def speech(wire: Wire, keys: Keys) -> "Speech":
    return Speech(wire, keys)


class Speech:
    """Calls as one of the quickstarts, for which it does not matter which."""

    def __init__(self, wire: Wire, keys: Keys) -> None:
        self._wire = wire
        self._keys = keys

    async def call(self, method: str, path: str, body: Any = None) -> Answer:
        return await self._wire.send(ALL["node"].call(self._keys, method, path, body))

    async def good(self, method: str, path: str, body: Any = None) -> Any:
        answer = await self.call(method, path, body)
        assert answer.status in (200, 201), answer
        return answer.json

    async def user(self, **said: str) -> str:
        return str((await self.good("POST", "users/", {"external_user_id": "qs-1", **said}))["id"])


async def _connected(client: Client, user_id: str) -> dict[str, Any]:
    wish = {"user_id": user_id, "product_type": "income", "username": "goodlogin", "password": "goodpassword"}
    made: dict[str, Any] = await client.post("/v1/sandbox/connections/", wish)
    return made


@pytest.mark.parametrize("test", sorted({test for tests in HELD.values() for test in tests}))
def test_every_test_that_is_to_hold_a_trap_is_there(test: str) -> None:
    file, _, name = test.partition("::")
    tree = ast.parse((TESTS / file).read_text())
    assert name in {one.name for one in tree.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_trap_is_held_or_waits() -> None:
    told = {number for words in WAITING.values() for number in words.replace(",", "").split() if number != "and"}
    assert {*HELD} | told == {f"T{number}" for number in (*range(1, 14), 16, 17, 18)}


@pytest.mark.parametrize("path", WAITING)
async def test_what_waits_is_not_built(path: str, wire: Wire, keys: Keys) -> None:
    """Whoever builds it holds its traps by a test in `HELD`, and takes it from `WAITING`."""
    method, _, target = path.partition(" ")
    request = ALL["node"].call(keys, method, "", {}).replace(b" /v1/ ", f" {target} ".encode(), 1)
    assert (await wire.send(request)).status == (501 if target.startswith("/v1/") else 404)


async def test_t1_a_query_may_follow_with_and_without_the_slash(speech: Speech) -> None:
    for slash in ("", "/"):
        found = await speech.good("GET", f"company-mappings-search{slash}?query=Home&product_type=pll")
        detail = await speech.good("GET", f"companies/{found[0]['company_mapping_id']}{slash}?product_type=pll")
        assert detail["name"] == found[0]["name"]


@pytest.mark.parametrize("product", ["employment", "income"])
async def test_t2_reports_by_access_token_have_two_spellings(product: str, speech: Speech, client: Client) -> None:
    made = await _connected(client, await speech.user())
    by_id = await speech.good("GET", f"links/{made['link_id']}/{product}/report")
    for spelling in ("link", "links"):
        told = await speech.good("POST", f"{spelling}/reports/{product}/", {"access_token": made["access_token"]})
        assert _without_files(told) == _without_files(by_id)


def _without_files(report: Any) -> Any:
    """Each reader of a report has addresses of their own."""
    if isinstance(report, dict):
        return {name: _without_files(value) for name, value in report.items() if name != "file"}
    return [_without_files(one) for one in report] if isinstance(report, list) else report


async def test_t4_no_percent_sign_in_an_answer_whatever_was_said(speech: Speech) -> None:
    """The wire itself looks for one."""
    said = {"first_name": "100%", "last_name": "%s", "email": "a%2Fb@example.com", "phone": "%d%"}
    user_id = await speech.user(**said)
    assert {
        name: value for name, value in (await speech.good("GET", f"users/{user_id}")).items() if name in said
    } == said
    wish = {"product_type": "income", "tracking_info": "50%", "client_name": "%v"}
    assert (await speech.good("POST", f"users/{user_id}/tokens/", wish))["tracking_info"] == "50%"
    await speech.good("POST", "users/", {"external_user_id": "qs-1", "first_name": "another"})
    listed = await speech.good("GET", "users/?page_size=1&external_user_id=qs-1&of=a%2Fb%25")
    assert listed["next"].endswith("&of=a%2Fb%25&page=2")
    hook = {"name": "%", "webhook_url": "http://127.0.0.1:9/a%2Fb?c=%25", "env_type": "sandbox"}
    assert (await speech.good("POST", "webhooks/", hook))["webhook_url"] == hook["webhook_url"]
    for method, path in (("GET", "users/%25"), ("%", "users/"), ("GET", "users/?created_at__gte=%25")):
        assert (await speech.call(method, path)).status in (400, 404, 405)


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_t4_no_percent_sign_in_a_golden_body(golden: Path) -> None:
    body = json.loads(golden.read_bytes())
    assert b"%" not in encode(body)
    assert json.loads(encode(body)) == body


async def test_t4_addresses_of_files_have_no_percent_sign(speech: Speech, client: Client, wire: Wire) -> None:
    made = await _connected(client, await speech.user())
    report = await speech.good("GET", f"links/{made['link_id']}/income/report")
    addresses = [text for text in _texts(report) if text.startswith("http")]
    assert len(addresses) > 3
    assert not [address for address in addresses if "%" in address]
    path = addresses[0].removeprefix(f"http://{HOST}")
    file = await wire.exchange(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
    assert (file.status, file.content[:5]) == (200, b"%PDF-")


def _texts(body: Any) -> list[str]:
    if isinstance(body, dict | list):
        return [text for one in (body.values() if isinstance(body, dict) else body) for text in _texts(one)]
    return [body] if isinstance(body, str) else []


async def test_t5_webhooks_are_registered_as_the_demo_apps_do_at_their_start(speech: Speech) -> None:
    hook = {"name": "demo-apps", "webhook_url": "https://demo.example/api/webhooks/truv", "env_type": "sandbox"}
    for _ in range(2):
        for old in (await speech.good("GET", "webhooks/"))["results"]:
            assert (old["name"], old["env_type"]) == ("demo-apps", "sandbox")
            assert (await speech.call("DELETE", f"webhooks/{old['id']}/")).status in (200, 202, 204)
        made = await speech.call("POST", "webhooks/", hook | {"events": EVENTS})
        assert made.status == 201
        assert made.json["id"]
    listed = await speech.call("GET", "webhooks/")
    assert listed.status == 200
    assert [(one["id"], one["events"]) for one in listed.json["results"]] == [(made.json["id"], EVENTS)]


async def test_t6_only_tasks_and_orders_have_a_status_and_all_is_signed(
    speech: Speech, client: Client, keys: Keys
) -> None:
    await _connected(client, await speech.user())
    heard = (await client.get("/v1/sandbox/webhook-inbox/"))["results"]
    assert {one["event_type"].partition("-")[0] for one in heard} >= {"task", "link", "employment", "statements"}
    for one in heard:
        headers = {name.lower(): value for name, value in one["headers"].items()}
        assert is_signed(headers, one["body"].encode(), keys.secret)
        assert headers["content-type"] == "application/json"
        payload = json.loads(one["body"])
        assert payload["event_type"] == one["event_type"]
        assert ("status" in payload) == one["event_type"].startswith(("task-", "order-"))


@pytest.mark.parametrize("form", ["users/{}/tokens/", "bridge-tokens/"])
async def test_t10_a_bridge_token_has_no_id(form: str, speech: Speech) -> None:
    """A page takes what has one for an order."""
    user_id = await speech.user()
    wish = {"product_type": "employment", "user": {"id": user_id}}
    assert "id" not in await speech.good("POST", form.format(user_id), wish)


async def test_t11_every_account_that_clients_send_is_taken(speech: Speech) -> None:
    account = {"account_number": "16002600", "account_type": "checking", "bank_name": "Truv, Bank, and Sons"}
    wish = {"product_type": "pll", "tracking_info": "1338-0111-A"}
    amount = {"deposit_type": "amount", "deposit_value": "100"}
    path = f"users/{await speech.user()}/tokens/"
    for routing_number in ("12345678", "123456789", "42345621134"):
        await speech.good("POST", path, wish | {"account": {**account, "routing_number": routing_number, **amount}})
    account["routing_number"] = "12345678"
    for value in ("100", "150.00", 100, 100.5):
        await speech.good("POST", path, wish | {"account": {**account, **amount, "deposit_value": value}})
    more = {"action": "create", "account_type": "savings", "whatever": [1]}
    for name in ({}, {"client_name": ""}, {"client_name": None}):
        switch = {"product_type": "deposit_switch", "account": account | more, **name}
        assert (await speech.good("POST", path, switch))["client_name"] in ("", None)


@pytest.mark.parametrize("host", [HOST, "my.truv.com", "10.1.2.3:8443", "[::1]:9", "verify.bank.example"])
async def test_t12_every_host_is_answered_with_its_own_addresses(host: str, wire: Wire, keys: Keys) -> None:
    async def to_host(method: str, path: str, body: Any = None) -> Answer:
        request = ALL["node"].call(keys, method, path, body)
        return await wire.send(request.replace(f"Host: {HOST}".encode(), f"Host: {host}".encode()))

    for name in ("one", "two"):
        assert (await to_host("POST", "users/", {"external_user_id": name})).status == 201
    assert (await to_host("GET", "users/?page_size=1")).json["next"] == f"http://{host}/v1/users/?page_size=1&page=2"


async def test_t13_bad_keys_are_refused(wire: Wire, keys: Keys) -> None:
    turned = keys.secret[:-1] + ("0" if keys.secret[-1] != "0" else "1")
    strangers = (
        Keys(keys.client_id, turned),
        Keys("f" * 32, keys.secret),
        Keys(keys.client_id, keys.secret.replace("sandbox-", "prod-")),
        Keys(keys.client_id, "your-secret-here"),
        Keys("", ""),
    )
    for stranger in strangers:
        assert (await wire.send(ALL["node"].call(stranger, "GET", "webhooks/"))).status in (401, 403)
    assert (await wire.send(ALL["node"].call(keys, "GET", "webhooks/"))).status == 200


async def test_t17_nothing_but_the_two_headers_lets_in_or_keeps_out(wire: Wire, keys: Keys) -> None:
    async def ask(*lines: str) -> int:
        head = "\r\n".join(["GET /v1/users/ HTTP/1.1", "Host: x", *lines, "", ""])
        return (await wire.send(head.encode())).status

    known = (f"X-Access-Client-Id: {keys.client_id}", f"X-Access-Secret: {keys.secret}")
    assert await ask(*known) == 200
    for other in (f"Bearer {keys.secret}", "Basic Zm9vOmJhcg==", "nonsense", ""):
        assert await ask(*known, f"Authorization: {other}") == 200
        assert await ask(f"Authorization: {other}") == 401
    assert await ask(known[0], f"Authorization: Bearer {keys.secret}") == 401
    assert await ask(*(line.upper().partition(":")[0] + ":" + line.partition(":")[2] for line in known)) == 200
