"""Deleting links and people over the door: 204, and then as if they had never been, but for their tasks."""

import pytest

from payproof.store import Store
from payproof.store.public_token import add_public_token
from tests.api.caller import Caller
from tests.api.people import new_employment, new_task, new_user, tenant_of


@pytest.mark.parametrize("slash", ["", "/"])
async def test_a_deleted_link_is_gone_but_its_task_can_be_read(caller: Caller, store: Store, slash: str) -> None:
    user_id = await new_user(caller)
    made = await new_task(store, user_id, tracking_info="case 7")
    await new_employment(store, made, b"%PDF-1.7 a stub")
    assert made.link_id is not None
    path = f"/v1/links/{made.link_id}{slash}"
    report = (await caller.get(f"/v1/links/{made.link_id}/income/report/")).json
    (shown,) = (await caller.get(f"/v1/links/?user_id={user_id}")).json["results"]
    file = report["employments"][0]["statements"][0]["file"].removeprefix("http://testserver")
    assert (await caller.get(file)).status == 200
    public = await store.of(await tenant_of(store)).write(add_public_token, made.link_id)

    gone = await caller.call("DELETE", path)
    assert (gone.status, gone.content) == (204, b"")
    for one in ("", "income/report/", "employment/report/", "accounts/", "transactions/"):
        answer = await caller.get(f"/v1/links/{made.link_id}/{one}")
        assert (answer.status, answer.json) == (404, {"detail": "Not Found."})
    assert (await caller.get(file)).status == 404
    assert (await caller.call("DELETE", path)).status == 404
    assert (await caller.get(f"/v1/links/?user_id={user_id}")).json["results"] == []
    assert (await caller.get(f"/v1/users/{user_id}/")).json["links"] == []
    token = {"product_type": "income", "access_token": shown["access_token"]}
    assert (await caller.post(f"/v1/users/{user_id}/tokens/", token)).status == 400
    assert (await caller.post("/v1/refresh/tasks/", {"access_token": shown["access_token"]})).status == 400
    assert (await caller.post("/v1/link-access-tokens/", {"public_token": public})).status == 410
    task = (await caller.get(f"/v1/tasks/{made.id}/")).json
    assert (task["status"], task["link_id"], task["error_message"], task["tracking_info"]) == (
        "error",
        made.link_id,
        "The connection was deleted.",
        "case 7",
    )


async def test_a_deleted_user_is_gone_with_everything(caller: Caller, store: Store) -> None:
    user_id, other_id = await new_user(caller), await new_user(caller)
    made = await new_task(store, user_id, tracking_info="case 7")
    token = (await caller.post(f"/v1/users/{user_id}/tokens/", {"product_type": "income"})).json["bridge_token"]

    gone = await caller.call("DELETE", f"/v1/users/{user_id}/")
    assert (gone.status, gone.content) == (204, b"")
    calls = (
        ("GET", "", None),
        ("PATCH", "", {"first_name": "Eve"}),
        ("DELETE", "", None),
        ("POST", "tokens/", {"product_type": "income"}),
    )
    for method, more, body in calls:
        answer = await caller.call(method, f"/v1/users/{user_id}/{more}", body)
        assert (answer.status, answer.json) == (404, {"detail": "Not Found."}), (method, more)
    assert (await caller.get(f"/v1/links/{made.link_id}/")).status == 404
    assert [one["id"] for one in (await caller.get("/v1/users/?external_user_id=x")).json["results"]] == [other_id]
    opened = await caller.post("/bridge/v1/sessions/", {"bridge_token": token})
    assert opened.status == 400
    task = (await caller.get(f"/v1/tasks/{made.id}/")).json
    assert (task["status"], task["user_id"]) == ("error", user_id)
    assert (task["error_message"], task["tracking_info"], task["bridge_token"]) == (None, None, None)
    assert (await caller.get(f"/v1/tasks/?user_id={user_id}")).json["count"] == 1
