"""Events forwarded to a program on this machine as they happen, signed as a webhook's, without a webhook."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from payproof.cli.asking import Server, asks, good, reason
from payproof.cli.ending import Stop, say
from payproof.cli.showing import to_json

if TYPE_CHECKING:
    from payproof.net.caller import Reply
    from payproof.net.http import GuardedClient

INBOX = "/v1/sandbox/webhook-inbox/"
WAIT_SECONDS = 25
AWAY_SECONDS = 0.5
ANSWER_SECONDS = 10.0
"""As long as a webhook has."""


@asks()
async def listen(
    server: Server,
    forward_to: Annotated[
        str, typer.Option("--forward-to", metavar="URL", help="Where to post events, such as http://127.0.0.1:3000/.")
    ],
    event: Annotated[list[str] | None, typer.Option("--event", help="Only this event; repeatable.")] = None,
) -> Any:
    """Forward each event of the sandbox from now on, signed with your secret; with --json one line for each.

    No webhook is needed. It goes on over restarts of the server, and ends on Ctrl-C.
    """
    import asyncio
    import signal

    from payproof.net.egress import Egress
    from payproof.net.http import GuardedClient

    target = Target(_address(forward_to), GuardedClient(Egress(allow_private=True)), as_json=server.as_json)
    following = asyncio.create_task(_follow(server, target, event))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, following.cancel)
    try:
        await following
    except asyncio.CancelledError:
        say(f"{target.forwarded} events forwarded, {target.failed} of them in vain")
        raise typer.Exit from None
    finally:
        await target.client.close()


class Target:
    """The program that hears of events, and how it has taken them so far."""

    def __init__(self, url: str, client: "GuardedClient", *, as_json: bool) -> None:
        self.url = url
        self.client = client
        self.forwarded = 0
        self.failed = 0
        self._as_json = as_json

    def begin(self) -> None:
        typer.echo(to_json({"forward_to": self.url}) if self._as_json else f"Forwarding to {self.url}")

    async def forward(self, delivery: dict[str, Any]) -> None:
        """Once: who was not there has not heard of it. `payproof listen` is for a person who watches."""
        import asyncio

        now = asyncio.get_running_loop().time
        began = now()
        status, failure = await self._post(delivery)
        self.forwarded += 1
        self.failed += status is None or not 200 <= status < 300
        self._tell(delivery, status, failure, round((now() - began) * 1000))

    async def _post(self, delivery: dict[str, Any]) -> tuple[int | None, str | None]:
        from payproof.net.egress import RequestRefused
        from payproof.net.http import RequestFailed

        body, headers = delivery["body"].encode(), delivery["headers"]
        try:
            answer = await self.client.send("POST", self.url, headers=headers, body=body, seconds=ANSWER_SECONDS)
        except (RequestFailed, RequestRefused) as failed:
            return None, str(failed)
        return answer.status_code, None

    def _tell(self, delivery: dict[str, Any], status: int | None, failure: str | None, latency_ms: int) -> None:
        import json

        payload = json.loads(delivery["body"])
        if self._as_json:
            came = {"status_code": status, "error_message": failure, "latency_ms": latency_ms}
            typer.echo(to_json({"webhook_id": delivery["webhook_id"], **came, "webhook_payload": payload}))
            return
        about = " ".join(
            str(payload[name]) for name in ("status", "task_id", "order_id", "link_id") if payload.get(name)
        )
        came_back = f"{status} ({latency_ms} ms)" if status is not None else f"no answer: {failure}"
        typer.echo(f"{payload['event_created_at'][:19]}Z  {delivery['event_type']}  {about}  -> {came_back}")


async def _follow(server: Server, target: Target, events: list[str] | None) -> None:
    """For ever, in order, from where the history ends now. The place is kept while the server is away."""
    kinds = ",".join(events) if events else None
    place = (await server.call("GET", INBOX, after="latest", event_type=kinds))["next"]
    target.begin()
    while True:
        reply = await _look(server, place, kinds)
        if _is_anew(reply):
            say("the server has begun anew: so do we")
            place = "0"
            continue
        answer = good(reply).body
        for delivery in answer["results"]:
            await target.forward(delivery)
        place = answer["next"]


async def _look(server: Server, place: str, kinds: str | None) -> "Reply":
    """The server's answer, however long it is away."""
    import asyncio

    from payproof.net.http import RequestFailed

    query = {"after": place, "wait": str(WAIT_SECONDS)} | ({"event_type": kinds} if kinds else {})
    is_away = False
    while True:
        why = ""
        try:
            reply = await server.caller.call("GET", INBOX, query=query)
            if reply.status < 500 and reply.status != 429:
                if is_away:
                    say("the server is back")
                return reply
            why = reason(reply)
        except RequestFailed as failed:
            why = str(failed)
        if not is_away:
            say(f"the server is away ({why}): waiting for it")
        is_away = True
        await asyncio.sleep(AWAY_SECONDS)


def _is_anew(reply: "Reply") -> bool:
    """Our place is beyond the end of its history: this is another history than the one we followed."""
    return reply.status == 400 and "after:" in reason(reply)


def _address(text: str) -> str:
    from urllib.parse import urlsplit

    url = text if "://" in text else f"http://{text}"
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Stop(f"--forward-to: {text!r} is no web address; one is http://127.0.0.1:3000/webhook")
    return url
