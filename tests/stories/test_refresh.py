"""Refreshes over HTTP, as a client asks for them: each ending, and what the webhooks say of it."""

import asyncio
import time
from typing import Any

import pytest

from payproof.testing.client import Client
from payproof.testing.receiver import Receiver
from tests.stories.server import Dev

LOST = ("login_error", "account_locked", "mfa_error", "config_error", "unable_to_reset")
KEPT = ("no_data", "unavailable", "not_supported", "error")


async def connect(client: Client, username: str, password: str, user: str | None = None, **wish: Any) -> dict[str, Any]:
    """The access token and the link's id."""
    async with await client.open_widget(user, **wish) as widget:
        attempt = await widget.until(await widget.sign_in(username, password))
        assert attempt["status"] == "done", attempt
        public_token = (await widget.finish())["public_token"]
    found: dict[str, Any] = await client.post("/v1/link-access-tokens/", {"public_token": public_token})
    return found


async def refresh(client: Client, access_token: str, **wish: Any) -> dict[str, Any]:
    """The refresh at its end."""
    task_id = (await client.post("/v1/refresh/tasks/", {"access_token": access_token, **wish}))["task_id"]
    give_up = time.monotonic() + 60
    while True:
        found: dict[str, Any] = await client.get(f"/v1/refresh/tasks/{task_id}")
        if found["status"] in ("done", *LOST, *KEPT):
            return found
        assert time.monotonic() < give_up, found
        await asyncio.sleep(0.05)


async def test_a_refresh_can_be_followed_to_its_end(client: Client) -> None:
    held = await connect(client, "goodlogin", "goodpassword")
    done = await refresh(client, held["access_token"])
    task = await client.task(done["id"])
    assert done == {
        "id": task["id"],
        "refresh_date": task["created_at"][:10],
        "status": "done",
        "created_at": task["created_at"],
    }
    assert (task["link_id"], task["bridge_token"], task["product_type"]) == (held["link_id"], None, "income")
    report = await client.get(f"/v1/links/{held['link_id']}/income/report/")
    assert report["refresh_status"] == "done"
    ordinary = (await client.get(f"/v1/tasks/?link_id={held['link_id']}"))["results"][-1]
    assert (await client.call("GET", f"/v1/refresh/tasks/{ordinary['id']}/")).status == 404


@pytest.mark.parametrize("ending", [*LOST, *KEPT])
async def test_every_ending_is_there_on_demand(client: Client, dev: Dev, ending: str) -> None:
    held = await connect(client, "refresh.user", ending)
    async with Receiver(dev.secret) as receiver:
        webhook = await client.new_webhook(receiver.url)
        assert (await refresh(client, held["access_token"]))["status"] == ending
        await receiver.until(lambda heard: any(one.payload.get("status") == ending for one in heard))
        if ending in LOST:
            heard = await receiver.until(lambda heard: any(_is_lost(one.payload) for one in heard))
            (lost,) = [one.payload for one in heard if _is_lost(one.payload)]
            assert set(lost) == {
                "webhook_id", "event_type", "event_created_at", "user_id", "link_id", "product", "data_source",
                "tracking_info",
            }  # fmt: skip
            assert (lost["link_id"], lost["product"], lost["data_source"]) == (held["link_id"], "income", "payroll")
        await client.call("DELETE", f"/v1/webhooks/{webhook}/")
    assert any(_is_lost(one.payload) for one in receiver.heard) == (ending in LOST)
    assert (await client.get(f"/v1/links/{held['link_id']}/"))["status"] == ending


def _is(payload: dict[str, Any], kind: str) -> bool:
    return bool(payload["event_type"] == kind)


def _is_lost(payload: dict[str, Any]) -> bool:
    return _is(payload, "link-disconnected")


async def test_a_source_that_asks_is_connected_again_with_the_old_access_token(client: Client) -> None:
    user = await client.new_user()
    async with await client.open_widget(user) as widget:
        asked = await widget.until_asked(await widget.sign_in("goodlogin", "mfa"))
        await widget.answer(asked, answer="12345")
        await widget.until(asked)
        public_token = (await widget.finish())["public_token"]
    token = (await client.post("/v1/link-access-tokens/", {"public_token": public_token}))["access_token"]
    assert (await refresh(client, token))["status"] == "mfa_error"

    again = await connect(client, "goodlogin@domain.com", "goodpassword", user, access_token=token)
    assert again["access_token"] == token
    assert (await refresh(client, token, product_type="employment"))["status"] == "done"

    async with await client.open_widget(user, access_token=token) as widget:
        ended = await widget.until(await widget.sign_in("hourly.part-time", "goodpassword"))
    assert ended["status"] == "config_error"
    assert "another account" in ended["error_message"]
    assert len((await client.get(f"/v1/links/?user_id={user}"))["results"]) == 1


async def test_three_a_day(client: Client) -> None:
    held = await connect(client, "goodlogin", "goodpassword", product="employment")
    for _ in range(3):
        await refresh(client, held["access_token"])
    refused = await client.call("POST", "/v1/refresh/tasks/", {"access_token": held["access_token"]})
    assert refused.status == 400
    assert refused.body["error"]["code"] == "incorrect_parameters"
    assert refused.body["error"]["message"] == "Refresh limit for the access_token exceeded"


async def test_a_month_later_there_is_more_and_half_a_year_later_the_connection_has_worn_out(client: Client) -> None:
    made = await client.post("/v1/sandbox/tenants/", {})
    async with Client(client.url, made["client_id"], made["secret"]) as tenant:
        clock = (await tenant.post("/v1/sandbox/clocks/", {"frozen_at": "2026-06-18T12:00:00Z"}))["id"]
        held = await connect(tenant, "goodlogin", "goodpassword")
        before = await _statements(tenant, held["link_id"])
        await tenant.post(f"/v1/sandbox/clocks/{clock}/advance/?wait=10", {"by": "30 days"})
        assert (await refresh(tenant, held["access_token"]))["status"] == "done"
        after = await _statements(tenant, held["link_id"])
        assert set(before) < set(after)
        await tenant.post(f"/v1/sandbox/clocks/{clock}/advance/?wait=10", {"by": "151 days"})
        assert (await refresh(tenant, held["access_token"]))["status"] == "login_error"
        assert await _statements(tenant, held["link_id"]) == after


async def _statements(client: Client, link_id: str) -> dict[str, str]:
    """Pay dates by id."""
    report = await client.get(f"/v1/links/{link_id}/income/report/")
    return {one["id"]: one["pay_date"] for job in report["employments"] for one in job["statements"]}


async def test_deleting_a_user_ends_what_is_under_way(client: Client, dev: Dev) -> None:
    user = await client.new_user()
    async with Receiver(dev.secret) as receiver, await client.open_widget(user) as widget:
        webhook = await client.new_webhook(receiver.url)
        asked = await widget.until_asked(await widget.sign_in("goodlogin", "mfa"))
        assert (await client.call("DELETE", f"/v1/users/{user}/")).status == 204
        heard = await receiver.until(lambda heard: any(_is(one.payload, "link-deleted") for one in heard))
        await client.call("DELETE", f"/v1/webhooks/{webhook}/")
    (deleted,) = [one.payload for one in heard if _is(one.payload, "link-deleted")]
    assert {name: deleted[name] for name in ("link_id", "user_id", "product", "data_source", "tracking_info")} == {
        "link_id": asked["link_id"],
        "user_id": user,
        "product": "income",
        "data_source": "payroll",
        "tracking_info": None,
    }
    assert (await client.task(asked["id"]))["status"] == "error"
