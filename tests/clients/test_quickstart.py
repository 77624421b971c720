"""The quickstarts' flow for employment and income, byte for byte: from the page's first call to the link's end."""

from typing import Any

import pytest

from payproof.testing.client import Widget
from payproof.testing.receiver import Heard, Receiver
from tests.clients.quickstart import ALL, FINISHED, Keys, Quickstart, is_signed
from tests.clients.wire import Answer, Wire
from tests.stories.server import Dev

UNITS = {"YEARLY", "MONTHLY", "BI_WEEKLY", "WEEKLY", "DAILY", "HOURLY"}
"""Those that the page has words for."""
PERSON = {"first_name": "Zoë & <Jon>", "last_name": "100% Johnson", "email": "j.johnson@example.com"}


class Caller:
    """One quickstart's server with its product, on its wire."""

    def __init__(self, speech: Quickstart, product: str, keys: Keys, wire: Wire) -> None:
        self.product = product
        self._speech = speech
        self._keys = keys
        self._wire = wire

    async def call(self, method: str, path: str, body: Any = None) -> Answer:
        return await self._wire.send(self._speech.call(self._keys, method, path, body))

    async def good(self, method: str, path: str, body: Any = None) -> Any:
        """One of them takes 200 and 201 only; what is not good is an exception to another."""
        answer = await self.call(method, path, body)
        assert answer.status in (200, 201), answer
        return answer.json

    async def bridge_token(self) -> str:
        """What the page asks for first; to it, a token with an `id` is an order's."""
        user = await self.good("POST", "users/", {"external_user_id": f"qs-{self.product}", **PERSON})
        wish = {"product_type": self.product, "tracking_info": "1338-0111-A", **self._speech.token}
        token = await self.good("POST", f"users/{user['id']}/tokens/", wish)
        assert "id" not in token
        return str(token["bridge_token"])

    async def report(self, link_id: str) -> Any:
        return await self.good("GET", f"links/{link_id}/{self.product}/report")

    async def refreshed(self, access_token: str) -> str:
        """How the refresh ended."""
        task_id = (await self.good("POST", "refresh/tasks/", {"access_token": access_token}))["task_id"]
        while True:
            asked = await self.good("GET", f"refresh/tasks/{task_id}{self._speech.refresh_slash}")
            if asked["status"] in FINISHED:
                return str(asked["status"])


@pytest.mark.parametrize("product", ["employment", "income"])
@pytest.mark.parametrize("language", ALL)
async def test_from_the_first_call_to_the_links_end(
    language: str, product: str, dev: Dev, keys: Keys, wire: Wire
) -> None:
    caller = Caller(ALL[language], product, keys, wire)
    async with Receiver(keys.secret) as receiver:
        hook = {"name": "quickstart", "webhook_url": receiver.url, "env_type": "sandbox"}
        assert (await caller.call("POST", "webhooks/", hook)).status == 201

        public_token = await _connected(dev, await caller.bridge_token())
        exchanged = await caller.good("POST", "link-access-tokens/", {"public_token": public_token})
        link_id = exchanged["link_id"]
        first = await caller.report(link_id)
        _can_be_shown(first, product)

        assert await caller.refreshed(exchanged["access_token"]) == "done"
        again = await caller.report(link_id)
        _can_be_shown(again, product)
        assert [one["id"] for one in again["employments"]] == [one["id"] for one in first["employments"]]

        assert (await caller.call("DELETE", f"links/{link_id}/")).status == 204
        assert (await caller.call("GET", f"links/{link_id}/{product}/report")).status == 404
        heard = await receiver.until(lambda heard: len(_statuses(heard)) >= 2 and _has(heard, "link-deleted"))
    _is_understood(heard, keys)


async def _connected(dev: Dev, bridge_token: str) -> str:
    """The public token that the page gets with SUCCESS."""
    async with await Widget.open(dev.url, bridge_token) as widget:
        ended = await widget.until(await widget.sign_in("goodlogin", "goodpassword"))
        assert ended["status"] == "done"
        return str((await widget.finish())["public_token"])


def _can_be_shown(report: Any, product: str) -> None:
    """What the page reads, without looking whether it is there; it stays where it is if there are no employments."""
    job = report["employments"][0]
    assert all(job[name] for name in ("job_title", "start_date"))
    assert job["company"]["name"]
    assert job["is_active"] is True
    assert job["end_date"] is None
    if product == "income":
        assert float(job["income"]) > 0
        assert job["income_unit"] in UNITS
        assert job["statements"][0]["pay_date"]
        assert float(job["statements"][0]["gross_pay"]) > 0


def _is_understood(heard: list[Heard], keys: Keys) -> None:
    """What the page's server logs of a webhook: its type, its status where there is one, and whether it is signed."""
    assert all(is_signed(one.headers, one.body, keys.secret) for one in heard)
    assert all(one.headers["content-type"] == "application/json" for one in heard)
    assert not any(is_signed(one.headers, one.body, keys.secret[:-1]) for one in heard)
    assert set(_statuses(heard)) == {"done"}
    assert {one.payload["tracking_info"] for one in heard if one.payload["event_type"].startswith("link-")} == {
        "1338-0111-A"
    }


def _statuses(heard: list[Heard]) -> list[str]:
    """How tasks ended: the first visit, and the refresh."""
    told = [one.payload for one in heard if one.payload["event_type"] == "task-status-updated"]
    return [one["status"] for one in told if one["status"] in FINISHED]


def _has(heard: list[Heard], event_type: str) -> bool:
    return any(one.payload["event_type"] == event_type for one in heard)
