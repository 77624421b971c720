"""The receiver of webhooks that ships for tests."""

import json

from payproof.testing.receiver import Receiver
from tests.clients.wire import Wire

NOON = "2026-06-18T12:00:00.000000Z"


async def test_what_arrives_in_another_order_is_told_as_it_happened() -> None:
    """The second and third happened at one moment, as where a clock stands."""
    happened = [("0a", "2026-06-18T11:00:00.000000Z", "new"), ("0b", NOON, "login"), ("0c", NOON, "parse")]
    async with Receiver("") as receiver, Wire(receiver.url) as wire:
        for webhook_id, at, status in (happened[2], happened[1], happened[0], happened[1]):
            told = {"webhook_id": webhook_id, "event_created_at": at, "task_id": "1", "status": status}
            body = json.dumps(told).encode()
            await wire.exchange(b"POST /hook HTTP/1.1\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body))
        assert receiver.statuses("1") == [status for _, _, status in happened]
