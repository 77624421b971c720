"""The stand-in over HTTP, with the pretend world: tenants, connections in one call, worlds that derive from a seed."""

import hashlib
import json
import re
from typing import Any

import pytest

from payproof.model.task import ENDINGS
from payproof.testing.client import Client
from tests.stories.server import Dev

NOON = "2026-06-18T12:00:00Z"


async def new_tenant(maker: Client, seed: str, at: str = NOON) -> Client:
    """A tenant whose time stands."""
    made = await maker.post("/v1/sandbox/tenants/", {"seed": seed})
    tenant = Client(maker.url, made["client_id"], made["secret"])
    await tenant.post("/v1/sandbox/clocks/", {"frozen_at": at})
    return tenant


async def connect(client: Client, **said: Any) -> dict[str, Any]:
    body = {"user_id": await client.new_user(), "product_type": "income", **said}
    found: dict[str, Any] = await client.post("/v1/sandbox/connections/", body)
    return found


@pytest.mark.parametrize("status", sorted(ENDINGS))
async def test_every_ending_on_demand(client: Client, status: str) -> None:
    made = await connect(client, status=status)
    task = await client.task(made["task_id"])
    assert (made["status"], task["status"]) == (status, status)
    assert (made["public_token"] is not None) == (made["access_token"] is not None) == (status == "done")
    assert (made["link_id"], made["error_message"]) == (task["link_id"], task["error_message"])


@pytest.mark.parametrize("password", ["mfa", "mfa_selection", "mfa_question", "longcheck"])
async def test_questions_and_waits_on_the_way(client: Client, password: str) -> None:
    assert (await connect(client, username="goodlogin", password=password))["status"] == "done"


async def test_without_a_name_it_is_goodlogin(client: Client) -> None:
    made = await connect(client, product_type="employment")
    report = await client.get(f"/v1/links/{made['link_id']}/employment/report/")
    assert report["employments"][0]["profile"]["first_name"] == "John"


async def test_a_wrong_password_is_a_login_error(client: Client) -> None:
    made = await connect(client, username="goodlogin", password="no", provider_id="truv")
    assert (made["status"], made["error_message"]) == ("login_error", "Invalid credentials provided")


async def test_a_world_derives_from_its_seed_and_its_time_only(client: Client, dev: Dev) -> None:
    told = [await _all_told(await new_tenant(client, seed)) for seed in ("one", "one", "other")]
    later = await _all_told(await new_tenant(client, "one", "2026-09-01T12:00:00Z"))
    assert told[0] == told[1]
    for one in (told[2], later):
        assert one["pay"] != told[0]["pay"]
        assert one["papers"] != told[0]["papers"]
    assert told[2]["people"] != told[0]["people"] == later["people"]


async def test_half_a_year_goes_twice_the_same_way(client: Client) -> None:
    first, second = [await _half_a_year(await new_tenant(client, "twice")) for _ in range(2)]
    assert first == second
    assert {"link-connected", "link-deleted", "task-status-updated"} <= {one["event_type"] for one in first}
    assert len(first) > 40


async def _half_a_year(client: Client) -> list[dict[str, Any]]:
    """What is announced of connections, refreshes and deletions; ids and tokens renamed as they come."""
    async with client:
        [clock] = (await client.get("/v1/sandbox/clocks/"))["results"]

        async def advance(by: str) -> None:
            reached = await client.post(f"/v1/sandbox/clocks/{clock['id']}/advance/?wait=30", {"by": by})
            assert reached["status"] == "ready"

        person = await client.new_user()
        made = [await connect(client, username=name, password="goodpassword") for name in ("goodlogin", "person.3")]
        made += [await connect(client, user_id=person, username="refresh.user", password="login_error")]
        made += [await connect(client, user_id=person, product_type="employment")]
        for one in made:
            await client.post("/v1/refresh/tasks/", {"access_token": one["access_token"]})
            await advance("1 hour")
        await connect(client, status="mfa_error")
        await advance("60 days")
        for path in (f"/v1/links/{made[0]['link_id']}/", f"/v1/users/{person}/"):
            assert (await client.call("DELETE", path)).status == 204
        await advance("121 days")
        return await _announced(client)


async def _announced(client: Client) -> list[dict[str, Any]]:
    heard: list[dict[str, Any]] = []
    after = ""
    while found := await client.get("/v1/sandbox/webhook-inbox/", **({"after": after} if after else {})):
        if not found["results"]:
            break
        heard += [json.loads(one["body"]) for one in found["results"]]
        after = str(found["next"])
    names: dict[str, str] = {}
    for one in heard:
        for field, value in one.items():
            if re.fullmatch("[0-9a-f]{32}", str(value)):
                one[field] = names.setdefault(value, f"id {len(names)}")
    return heard


async def _all_told(client: Client) -> dict[str, Any]:
    """What a client sees of a published and of a generated person; ids aside."""
    found: dict[str, Any] = {"people": [], "pay": [], "papers": []}
    async with client:
        for username in ("goodlogin", "person.7"):
            made = await connect(client, username=username, password="goodpassword")
            report = await client.get(f"/v1/links/{made['link_id']}/income/report/")
            for job in report["employments"]:
                profile = job["profile"]
                found["people"].append(
                    [profile["full_name"], profile["ssn"], profile["home_address"], job["job_title"]]
                )
                found["pay"].append([[one["pay_date"], one["gross_pay"], one["net_pay"]] for one in job["statements"]])
                found["papers"].append([await _md5(client, one["file"]) for one in job["statements"][:3]])
    return found


async def _md5(client: Client, url: str) -> str:
    reply = await client.call("GET", url.removeprefix(client.url))
    assert reply.status == 200
    return hashlib.md5(reply.content, usedforsecurity=False).hexdigest()
