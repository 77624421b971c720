"""The commands that call the API, one after another, as a newcomer types them."""

import json
from datetime import UTC, datetime
from typing import Any

from tests.stories.server import Dev, payproof


def test_from_a_user_to_a_finished_task(dev: Dev) -> None:
    user = _said(dev, "user", "create", "--external-user-id", "cli", "--first-name", "Ada", "--last-name", "Lee")
    assert _said(dev, "user", "get", user["id"])["first_name"] == "Ada"
    assert user["id"] in [one["id"] for one in _said(dev, "user", "list", "--external-user-id", "cli")["results"]]
    token = _said(dev, "token", "create", user["id"], "--product", "employment", "--tracking-info", "case 9")
    connected = payproof(
        *("connect", "--url", dev.url, "--bridge-token", token["bridge_token"], "--provider", "sandbox_payroll"),
        *("--username", "goodlogin", "--password", "goodpassword", "--json"),
    )
    task = _said(dev, "task", "get", json.loads(connected.stdout)["task_id"])
    assert (task["status"], task["product_type"], task["tracking_info"]) == ("done", "employment", "case 9")
    assert [one["id"] for one in _said(dev, "task", "list", "--user-id", user["id"])["results"]] == [task["id"]]


def test_a_clock_is_frozen_advanced_and_let_go(dev: Dev) -> None:
    own = ("--client-id", "c10c" * 8, "--secret", "sandbox-" + "c10c" * 10)
    frozen = _said(dev, "clock", "freeze", "2026-02-01T08:00:00Z", *own)
    assert (frozen["status"], frozen["now"]) == ("ready", "2026-02-01T08:00:00Z")
    assert _said(dev, "clock", "advance", "181 days", *own)["now"] == "2026-08-01T08:00:00Z"
    assert _said(dev, "clock", "advance", "60", *own)["now"] == "2026-08-01T08:01:00Z"
    assert _said(dev, "clock", "advance", "--to", "2026-08-02", *own)["now"] == "2026-08-02T00:00:00Z"
    assert _said(dev, "clock", "tick", *own)["frozen_at"] is None
    assert datetime.fromisoformat(_said(dev, "clock", "show", *own)["now"]) > datetime(2026, 8, 2, tzinfo=UTC)
    refused = dev.run("clock", "advance", "a while", *own)
    assert (refused.code, "by: Say seconds" in refused.stderr) == (1, True)
    assert dev.run("clock", "advance", *own).code == 2


def test_watching_a_task_ends_with_it(dev: Dev) -> None:
    signing = ("connect", "--username", "error.user", "--password", "no_data", "--json")
    task_id = json.loads(dev.run(*signing).stdout)["task_id"]
    watched = dev.run("task", "watch", task_id)
    assert watched.code == 4
    assert watched.stdout.split()[-1] == "no_data"
    assert watched.stderr.strip()


def test_links_are_listed_refreshed_and_deleted_and_so_are_users(dev: Dev) -> None:
    user = _said(dev, "user", "create", "--external-user-id", "cli links")
    token = _said(dev, "token", "create", user["id"], "--product", "employment")
    connected = payproof(
        *("connect", "--url", dev.url, "--bridge-token", token["bridge_token"], "--provider", "sandbox_payroll"),
        *("--username", "goodlogin", "--password", "goodpassword", "--json"),
    )
    link_id = json.loads(connected.stdout)["link_id"]
    (link,) = _said(dev, "link", "list", "--user-id", user["id"])["results"]
    assert _said(dev, "link", "get", link_id)["id"] == link["id"] == link_id
    refreshed = _said(dev, "link", "refresh", link["access_token"], "--product", "employment")
    watched = dev.run("task", "watch", refreshed["task_id"])
    assert (watched.code, watched.stdout.split()[-1]) == (0, "done")
    assert _said(dev, "link", "delete", link_id) is None
    assert "404" in dev.run("link", "get", link_id).stderr
    assert _said(dev, "user", "delete", user["id"]) is None
    assert "404" in dev.run("user", "get", user["id"]).stderr


def test_webhooks_come_and_go(dev: Dev) -> None:
    made = _said(dev, "webhook", "create", "http://127.0.0.1:9/hook", "--event", "task-status-updated")
    assert (made["env_type"], made["events"]) == ("sandbox", ["task-status-updated"])
    assert made["id"] in [one["id"] for one in _said(dev, "webhook", "list")["results"]]
    _said(dev, "webhook", "delete", made["id"])
    assert made["id"] not in [one["id"] for one in _said(dev, "webhook", "list")["results"]]


def test_a_refusal_names_the_field_and_the_request(dev: Dev) -> None:
    refused = dev.run("token", "create", "0" * 32, "--product", "everything")
    assert refused.code == 1
    assert refused.stderr.count("\n") == 1
    assert "request " in refused.stderr
    unknown = dev.run("task", "get", "0" * 32)
    assert (unknown.code, "Not Found [404" in unknown.stderr) == (1, True)


def _said(dev: Dev, *arguments: str) -> Any:
    ended = dev.run("--json", *arguments)
    assert ended.code == 0, ended.stderr
    return json.loads(ended.stdout)
