"""From the door to the webhook: a payroll account is connected and read."""

from typing import Any

import pytest

from payproof.testing.client import Client
from payproof.testing.receiver import Receiver
from tests.stories.server import Dev

TASK_KEYS = {
    "id", "status", "product_type", "provider", "created_at", "updated_at", "link_id", "user_id", "error_message",
    "tracking_info", "bridge_token", "data_source", "is_suspicious", "order_id",
}  # fmt: skip


async def test_good_login_ends_done_and_its_report_can_be_read(client: Client) -> None:
    user = await client.new_user()
    async with await client.open_widget(user, tracking_info="case 7") as widget:
        attempt = await widget.until(await widget.sign_in("goodlogin", "goodpassword"))
        finished = await widget.finish()

    task = await client.task(attempt["id"])
    assert task["status"] == "done"
    assert (task["user_id"], task["tracking_info"]) == (user, "case 7")
    exchanged = await client.post("/v1/link-access-tokens/", {"public_token": finished["public_token"]})
    assert exchanged["link_id"] == task["link_id"]
    report = await client.get(f"/v1/links/{task['link_id']}/income/report/")
    assert report["employments"][0]["statements"]


async def test_announces_every_status_signed_and_in_order(client: Client, dev: Dev) -> None:
    async with Receiver(dev.secret) as receiver:
        webhook = await client.new_webhook(receiver.url)
        async with await client.open_widget() as widget:
            asked = await widget.until_asked(await widget.sign_in("goodlogin", "mfa"))
            await widget.answer(asked, answer="12345")
            attempt = await widget.until(asked)
        await receiver.until(lambda heard: any(one.payload.get("status") == "done" for one in heard))
        await receiver.until(lambda _: len(receiver.statuses(attempt["id"])) >= 6)
        await client.call("DELETE", f"/v1/webhooks/{webhook}/")

    assert receiver.statuses(attempt["id"]) == ["new", "login", "mfa", "parse", "full_parse", "done"]
    assert all(one.is_signed for one in receiver.heard)
    assert {one.headers["user-agent"] for one in receiver.heard} == {"Truv-Webhook-Service/2.0"}
    ids = [one.payload["webhook_id"] for one in receiver.heard]
    assert len(set(ids)) == len(ids)


async def test_a_refused_webhook_comes_again_with_the_same_bytes(client: Client, dev: Dev) -> None:
    async with Receiver(dev.secret, answers=[503], answer_headers={"retry-after": "0"}) as receiver:
        webhook = await client.new_webhook(receiver.url, ["link-connected"])
        async with await client.open_widget() as widget:
            await widget.until(await widget.sign_in("goodlogin", "goodpassword"))
        first, second = (await receiver.until(lambda heard: len(heard) >= 2, seconds=40))[:2]
        await client.call("DELETE", f"/v1/webhooks/{webhook}/")

    assert (first.answered, second.answered) == (503, 200)
    assert first.body == second.body
    assert first.payload["event_type"] == "link-connected"


@pytest.mark.parametrize(
    "ending",
    [
        "done", "error", "login_error", "account_locked", "mfa_error", "config_error", "no_data", "unavailable",
        "unable_to_reset", "not_supported",
    ],
)  # fmt: skip
async def test_every_ending_shows_all_fields_of_the_task(client: Client, ending: str) -> None:
    async with await client.open_widget() as widget:
        attempt = await widget.sign_in("error.user", ending)
        if ending == "mfa_error":
            attempt = await widget.answer(await widget.until_asked(attempt), answer="00000")
        attempt = await widget.until(attempt)

    task = await client.task(attempt["id"])
    assert task["status"] == ending
    _is_whole(task)
    assert (task["error_message"] is None) == (ending == "done")


async def test_an_unknown_login_is_a_login_error_in_the_words_of_the_portal(client: Client) -> None:
    async with await client.open_widget() as widget:
        attempt = await widget.until(await widget.sign_in("nobody", "at all"))
    assert (attempt["status"], attempt["error_message"]) == ("login_error", "Invalid credentials provided")


async def test_trying_again_makes_another_task_of_the_same_link(client: Client) -> None:
    async with await client.open_widget() as widget:
        wrong = await widget.until(await widget.sign_in("goodlogin", "wrong"))
        right = await widget.until(await widget.sign_in("goodlogin", "goodpassword"))
    assert (wrong["status"], right["status"]) == ("login_error", "done")
    assert wrong["id"] != right["id"]
    assert wrong["link_id"] == right["link_id"]


async def test_another_client_finds_nothing(client: Client, dev: Dev) -> None:
    async with await client.open_widget() as widget:
        attempt = await widget.until(await widget.sign_in("goodlogin", "goodpassword"))
    async with Client(dev.url, "another", "sandbox-" + "5" * 40) as other:
        answer = await other.call("GET", f"/v1/tasks/{attempt['id']}/")
    assert (answer.status, answer.content) == (404, b'{"detail":"Not Found."}')


def _is_whole(task: dict[str, Any]) -> None:
    assert set(task) == TASK_KEYS
    assert set(task["provider"]) == {"id", "name", "logo_url"}
    assert task["product_type"] == "income"
    assert task["data_source"] == "payroll"
    for name in ("id", "user_id", "link_id", "bridge_token"):
        assert len(task[name]) == 32
    assert task["is_suspicious"] is False
    assert task["order_id"] is None
    assert task["created_at"].endswith("Z")
    assert task["created_at"] <= task["updated_at"]
