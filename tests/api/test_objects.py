"""The documented objects over the door, field by field."""

import hashlib
from datetime import timedelta

import pytest

from payproof.model.task import TaskStatus
from payproof.store import Store, tenant_clock
from payproof.store.task import move_task, task
from tests.api.caller import Caller
from tests.api.people import new_employment, new_task, new_user, tenant_of


@pytest.mark.parametrize("slash", ["", "/"])
async def test_a_user_is_made_read_changed_and_found(caller: Caller, slash: str) -> None:
    user_id = await new_user(caller, email="ada@example.com", ssn="991-91-9991")
    reply = await caller.call("PATCH", f"/v1/users/{user_id}{slash}", {"last_name": "Lee", "email": None})
    assert reply.status == 200
    read = (await caller.get(f"/v1/users/{user_id}{slash}")).json
    assert (read["first_name"], read["last_name"], read["email"], read["ssn"]) == ("Ada", "Lee", None, "991919991")
    assert read["links"] == []
    listed = (await caller.get(f"/v1/users{slash}?external_user_id=x&list_links=true")).json
    assert [one["id"] for one in listed["results"]] == [user_id]
    assert listed["results"][0]["links"] == []
    assert (await caller.get(f"/v1/users{slash}?external_user_id=y")).json["count"] == 0


async def test_a_patch_changes_what_it_names_and_null_empties(caller: Caller) -> None:
    said = {"email": "ada@example.com", "phone": "+14155554193", "ssn": "222-23-3333", "last_name": "Lee"}
    user_id = await new_user(caller, **said)
    path = f"/v1/users/{user_id}/"
    for body in ({}, {"unknown": 1}):
        unchanged = (await caller.call("PATCH", path, body)).json
        assert unchanged["ssn"] == "222233333"
        assert all(unchanged[name] == said[name] for name in ("email", "phone", "last_name"))
    changed = (await caller.call("PATCH", path, {"email": None, "social_security_number": "4444"})).json
    assert (changed["email"], changed["ssn"], changed["phone"]) == (None, "4444", "+14155554193")
    assert (await caller.call("PATCH", path, {"ssn": None, "first_name": None})).json["ssn"] is None
    assert (await caller.get(path)).json["first_name"] == ""
    assert (await caller.call("PATCH", path, {"email": "x", "ssn": "y"})).status == 400


async def test_a_user_needs_no_more_than_an_id_and_two_may_share_it(caller: Caller) -> None:
    replies = [await caller.post("/v1/users/", {"external_user_id": "pos-1"}) for _ in range(2)]
    assert [reply.status for reply in replies] == [201, 201]
    assert replies[0].json["id"] != replies[1].json["id"]


async def test_lists_are_newest_first_and_pages_keep_their_filters(caller: Caller) -> None:
    made = [await new_user(caller) for _ in range(3)]
    first = (await caller.get("/v1/users/?external_user_id=x&page_size=2")).json
    assert [one["id"] for one in first["results"]] == made[:0:-1]
    assert first["count"] == 3
    assert first["previous"] is None
    assert first["next"] == "http://testserver/v1/users/?external_user_id=x&page_size=2&page=2"
    second = (await caller.get(first["next"].removeprefix("http://testserver"))).json
    assert [one["id"] for one in second["results"]] == made[:1]
    assert second["next"] is None
    assert second["previous"] == "http://testserver/v1/users/?external_user_id=x&page_size=2"
    past = await caller.get("/v1/users/?page=2")
    assert (past.status, past.json) == (404, {"detail": "Invalid page."})


async def test_a_task_through_all_it_can_be(caller: Caller, store: Store) -> None:
    user_id = await new_user(caller)
    made = await new_task(store, user_id, tracking_info="1338")
    tenancy = store.of(await tenant_of(store))
    path = f"/v1/tasks/{made.id}"
    assert (await caller.get(path)).json["status"] == "new"
    moved = await tenancy.write(move_task, made, TaskStatus.LOGIN)
    await tenancy.write(move_task, moved, TaskStatus.LOGIN_ERROR, message="Invalid credentials provided")
    read = (await caller.get(path)).json
    assert read == {
        "id": made.id,
        "status": "login_error",
        "product_type": "income",
        "provider": {"id": "acme", "name": "Acme Payroll", "logo_url": "http://testserver/logos/acme.svg"},
        "created_at": read["created_at"],
        "updated_at": read["updated_at"],
        "link_id": made.link_id,
        "user_id": user_id,
        "error_message": "Invalid credentials provided",
        "tracking_info": "1338",
        "bridge_token": None,
        "data_source": "payroll",
        "is_suspicious": False,
        "order_id": None,
    }
    assert (await caller.call("HEAD", path)).content == b""


async def test_tasks_are_filtered(caller: Caller, store: Store) -> None:
    user_id, other_id = await new_user(caller), await new_user(caller)
    made = await new_task(store, user_id)
    await new_task(store, other_id)
    for query in (f"user_id={user_id}", f"link_id={made.link_id}"):
        assert [one["id"] for one in (await caller.get(f"/v1/tasks/?{query}")).json["results"]] == [made.id]
    assert (await caller.get("/v1/tasks/?status=new&product_type=income")).json["count"] == 2
    assert (await caller.get("/v1/tasks/?status=done")).json["count"] == 0
    assert (await caller.get("/v1/tasks/?status=finished")).status == 400


async def test_an_access_token_is_shown_to_whoever_asks_for_one_user(caller: Caller, store: Store) -> None:
    user_id = await new_user(caller)
    made = await new_task(store, user_id)
    (shown,) = (await caller.get(f"/v1/links/?user_id={user_id}")).json["results"]
    (hidden,) = (await caller.get("/v1/links/")).json["results"]
    read = (await caller.get(f"/v1/links/{made.link_id}/")).json
    assert len(shown["access_token"]) == 32
    assert hidden["access_token"] == read["access_token"] == "*" * 28 + shown["access_token"][-4:]
    token = {"product_type": "income", "access_token": shown["access_token"]}
    assert (await caller.post(f"/v1/users/{user_id}/tokens/", token)).json["access_token"] == shown["access_token"]
    elsewhere = await caller.post(f"/v1/users/{user_id}/tokens/", token | {"provider_id": "bank"})
    assert elsewhere.json["error"]["extra"]["invalid-params"][0]["field"] == "provider_id"
    refused = await caller.post(f"/v1/users/{await new_user(caller)}/tokens/", token)
    assert refused.json["error"]["extra"]["invalid-params"][0]["field"] == "access_token"


async def test_a_token_names_no_id_and_only_providers_that_are_there(caller: Caller) -> None:
    path = f"/v1/users/{await new_user(caller)}/tokens/"
    made = await caller.post(path, {"product_type": "income", "provider_id": "acme_old"})
    assert made.status == 201
    assert "id" not in made.json
    assert made.json["allowed_products"] == ["income"]
    assert (await caller.post(path, {"product_type": "income", "provider_id": "nobody"})).status == 400


async def test_reports_and_their_files(caller: Caller, store: Store) -> None:
    task_made = await new_task(store, await new_user(caller))
    path = f"/v1/links/{task_made.link_id}/income/report"
    assert (await caller.get(path)).json["employments"] == []
    pdf = b"%PDF-1.7 a stub"
    await new_employment(store, task_made, pdf)
    report = (await caller.get(path)).json
    assert (report["provider"], report["pdf_report"], report["status"]) == ("acme", None, "new")
    url = report["employments"][0]["statements"][0]["file"]
    assert "?" not in url
    again = (await caller.get(path + "/")).json
    assert again["employments"][0]["statements"][0]["file"] != url
    file = await caller.as_(None, None).get(url.removeprefix("http://testserver"))
    assert (file.status, file.content, file.headers["content-type"]) == (200, pdf, "application/pdf")
    md5 = hashlib.md5(pdf, usedforsecurity=False).hexdigest()
    assert file.headers["etag"] == f'"{md5}"'
    assert 'filename="1001.pdf"' in file.headers["content-disposition"]
    same = await caller.get(url.removeprefix("http://testserver"), if_none_match=f'"{md5}"')
    assert (same.status, same.content) == (304, b"")
    employment = (await caller.get(f"/v1/links/{task_made.link_id}/employment/report/")).json
    assert "statements" not in employment["employments"][0]
    await _a_day_later(store)
    assert (await caller.get(url.removeprefix("http://testserver"))).status == 404


async def _a_day_later(store: Store) -> None:
    tenancy = store.of(await tenant_of(store))
    now = await tenancy.read(lambda tx: tx.now)
    await tenancy.write(tenant_clock.freeze, now + timedelta(hours=24, seconds=1))


async def test_files_nobody_has_are_404(caller: Caller) -> None:
    for path in ("/files/", "/files/abc", "/files/a/b", "/files"):
        assert (await caller.get(path)).json == {"detail": "Not Found."}


async def test_accounts_and_transactions_have_their_own_envelopes(caller: Caller, store: Store) -> None:
    made = await new_task(store, await new_user(caller))
    accounts = (await caller.get(f"/v1/links/{made.link_id}/accounts")).json
    assert accounts == {"count": 0, "next": None, "previous": None, "results": []}
    transactions = (await caller.get(f"/v1/links/{made.link_id}/transactions?page=1&page_size=100")).json
    assert transactions == {"count": 0, "next": None, "previous": None, "accounts": [], "transactions": []}


async def test_providers_are_found_by_query_and_by_no_other_word(caller: Caller) -> None:
    assert (await caller.get("/v1/providers/?search=nothing")).json["count"] == 2
    found = (await caller.get("/v1/providers/?query=ACME&product_type=income")).json["results"]
    assert [one["id"] for one in found] == ["acme"]
    assert found[0]["is_supported"] is True
    (near,) = (await caller.get("/v1/providers/?query=acm&product_type=income")).json["results"]
    assert float(near["confidence_level"]) < float(found[0]["confidence_level"]) <= 1.0
    assert (await caller.get("/v1/providers/?data_source=financial_accounts")).json["results"][0]["id"] == "bank"
    assert (await caller.get("/v1/providers/acme_payroll")).json["id"] == "acme"
    assert (await caller.get("/v1/providers/nobody")).status == 404


async def test_webhooks_come_and_go(caller: Caller) -> None:
    wish = {"name": "mine", "webhook_url": "http://127.0.0.1:3000/hook", "env_type": "sandbox"}
    made = await caller.post("/v1/webhooks/", wish | {"events": ["task-status-updated"]})
    assert made.status == 201
    twice = await caller.post("/v1/webhooks/", wish)
    assert twice.json["error"]["extra"]["invalid-params"] == [
        {"field": "env_type", "message": "Webhook url for sandbox already registered"}
    ]
    path = f"/v1/webhooks/{made.json['id']}"
    assert (await caller.call("PATCH", path, {"enabled": False, "events": []})).json["enabled"] is False
    (listed,) = (await caller.get("/v1/webhooks/")).json["results"]
    assert (listed["name"], listed["env_type"], listed["events"]) == ("mine", "sandbox", [])
    gone = await caller.call("DELETE", path)
    assert (gone.status, gone.content) == (204, b"")
    assert "content-length" not in gone.headers


async def test_a_percent_sign_is_never_raw(caller: Caller, store: Store) -> None:
    """A public client prints answers through a format string."""
    user_id = await new_user(caller, last_name="100% Lee")
    reply = await caller.get(f"/v1/users/{user_id}/")
    assert b"%" not in reply.content
    assert reply.json["last_name"] == "100% Lee"


async def test_the_public_address_is_the_callers_or_a_setting(caller: Caller, store: Store) -> None:
    made = await new_task(store, await new_user(caller))
    odd = await caller.get(f"/v1/tasks/{made.id}", host='evil"><script>')
    assert odd.json["provider"]["logo_url"] == "http://localhost/logos/acme.svg"


async def test_one_statement_reads_are_one_statement(caller: Caller, store: Store) -> None:
    if store.is_postgres:
        pytest.skip("counted on SQLite")
    made = await new_task(store, await new_user(caller))
    await caller.get(f"/v1/tasks/{made.id}")
    statements: list[str] = []
    reader = store._backend._reader  # type: ignore[union-attr]
    reader.set_trace_callback(statements.append)
    assert (await caller.get(f"/v1/tasks/{made.id}")).status == 200
    reader.set_trace_callback(None)
    assert len(statements) == 1
    assert await store.of(await tenant_of(store)).look(task, made.id) is not None
