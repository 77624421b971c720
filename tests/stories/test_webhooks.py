"""Webhooks as their client knows them: forwarded by `payproof listen`, pinged, looked up and replayed."""

import asyncio
import json
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from payproof.testing.client import Client
from payproof.testing.receiver import Receiver
from tests.stories.server import Dev, Ended, Program, running

SIGN_IN = ("connect", "--username", "goodlogin", "--password", "goodpassword", "--json")
WAITING = 300
PATH = ["new", "login", "parse", "full_parse", "done"]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@contextmanager
def listening(data: Path, url: str, *arguments: str) -> Iterator[Program]:
    with closing(Program("listen", "--data", str(data), "--forward-to", url, *arguments)) as program:
        yield program


async def connect(dev: Dev) -> str:
    """A finished task."""
    said = await asyncio.to_thread(dev.run, *SIGN_IN)
    return str(json.loads(said.stdout)["task_id"])


async def said(dev: Dev, *arguments: str) -> Any:
    ended = await run(dev, *arguments, "--json")
    assert ended.code == 0, ended.stderr
    return json.loads(ended.stdout)


async def run(dev: Dev, *arguments: str) -> Ended:
    return await asyncio.to_thread(dev.run, *arguments)


@pytest.mark.kill
async def test_listen_forwards_each_event_once_and_over_a_kill_of_the_server(data: Path) -> None:
    with running(data, "--port", "0") as dev:
        await connect(dev)
        async with Receiver(dev.secret) as receiver:
            with listening(data, receiver.url, "--event", "task-status-updated") as program:
                first = await connect(dev)
                await receiver.until(lambda heard: len(heard) >= len(PATH))
                dev.end(signal.SIGKILL)
                with running(data) as again:
                    second = await connect(again)
                    await receiver.until(lambda heard: len(heard) >= 2 * len(PATH))
                    await asyncio.to_thread(program.end, signal.SIGINT)
                assert program.process.returncode == 0
                assert "10 events forwarded, 0 of them in vain" in program.log
                assert "the server is away" in program.log
                assert program.process.stdout is not None
                lines = [json.loads(line) for line in program.process.stdout]
            assert all(one.is_signed for one in receiver.heard)
            assert [one.payload["status"] for one in receiver.heard] == PATH * 2
            assert [one.payload["task_id"] for one in receiver.heard] == [first] * 5 + [second] * 5
            assert [line["webhook_payload"] for line in lines] == [one.payload for one in receiver.heard]
            assert {line["status_code"] for line in lines} == {200}


async def test_listen_goes_on_when_nobody_is_there_to_hear(dev: Dev) -> None:
    with listening(dev.data, "127.0.0.1:9/hook") as program:
        await connect(dev)
        assert program.process.stdout is not None
        first = json.loads(program.process.stdout.readline())
        assert (first["status_code"], bool(first["error_message"])) == (None, True)
        assert json.loads(program.process.stdout.readline())["webhook_id"] != first["webhook_id"]
        program.end(signal.SIGTERM)
        assert program.process.returncode == 0
        assert "of them in vain" in program.log


async def test_listen_says_what_is_wrong(dev: Dev) -> None:
    assert "no web address" in (await run(dev, "listen", "--forward-to", "ftp://x")).stderr
    refused = await run(dev, "webhook", "listen", "--forward-to", "localhost:9", "--event", "nothing")
    assert "event_type" in refused.stderr
    assert refused.code == 1


async def test_whoever_waits_at_the_inbox_is_answered_when_the_server_ends(data: Path) -> None:
    with running(data, "--port", "0") as dev:
        async with Client(dev.url, dev.client_id, dev.secret) as client:
            waiting = asyncio.create_task(client.call("GET", "/v1/sandbox/webhook-inbox/?wait=60"))
            heard = asyncio.create_task(client.call("GET", "/v1/sandbox/webhook-inbox/?wait=60&after=latest"))
            await client.new_user()
            took = await asyncio.to_thread(dev.end)
            for one in (waiting, heard):
                assert (await one).body == {"results": [], "next": "0"}
        assert dev.process.returncode == 0
        assert took < 5


async def test_some_hundreds_wait_at_one_inbox_and_all_hear(dev: Dev) -> None:
    """Each test of a suite may wait, and the server serves others meanwhile."""
    async with Client(dev.url, dev.client_id, dev.secret) as maker:
        made = await maker.post("/v1/sandbox/tenants/", {})
    async with Client(dev.url, made["client_id"], made["secret"]) as client, asyncio.timeout(60):
        asked = [await ask_inbox(dev, made, "?wait=60&event_type=link-connected") for _ in range(WAITING)]
        user = await client.new_user()
        wish = {"user_id": user, "product_type": "income", "provider_id": "sandbox_payroll"}
        link = (await client.post("/v1/sandbox/connections/", wish))["link_id"]
        told = await asyncio.gather(*(answer_of(reader) for reader, _ in asked))
        for _, writer in asked:
            writer.close()
    assert len(told) == WAITING
    for answer in told:
        [one] = answer["results"]
        assert json.loads(one["body"])["link_id"] == link


async def ask_inbox(dev: Dev, keys: dict[str, str], query: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection of its own for each: a client would let the later ones wait for the first."""
    host, _, port = dev.url.removeprefix("http://").rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    lines = (
        f"GET /v1/sandbox/webhook-inbox/{query} HTTP/1.1",
        f"host: {host}:{port}",
        f"x-access-client-id: {keys['client_id']}",
        f"x-access-secret: {keys['secret']}",
        "connection: close",
    )
    writer.write("\r\n".join([*lines, "", ""]).encode())
    return reader, writer


async def answer_of(reader: asyncio.StreamReader) -> Any:
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 "), head
    return json.loads(body)


async def test_from_a_ping_to_a_replay(dev: Dev) -> None:
    async with Receiver(dev.secret, answers=[204, 500]) as receiver:
        hook = (await said(dev, "webhook", "create", receiver.url, "--event", "link-connected"))["id"]
        pinged = await said(dev, "webhook", "ping", hook)
        assert (pinged["is_delivered"], pinged["status_code"]) == (True, 204)
        assert receiver.heard[0].is_signed
        refused = await run(dev, "webhook", "ping", hook)
        assert refused.code == 4
        assert "The webhook answered 500." in refused.stdout

        await connect(dev)
        await receiver.until(lambda heard: len(heard) == 3)
        told = receiver.heard[2]
        while not (tried := (await said(dev, "webhook", "requests", "--event", "link-connected"))["results"]):
            pass
        assert tried[0]["webhook_id"] == told.payload["webhook_id"]
        assert (await said(dev, "webhook", "replay", tried[0]["webhook_id"])) == {"count": 1}
        await receiver.until(lambda heard: len(heard) == 4)
        assert receiver.heard[3].body == told.body

        assert (await said(dev, "webhook", "disable", hook))["enabled"] is False
        await connect(dev)
        assert (await said(dev, "webhook", "enable", hook))["enabled"] is True
        since = tried[0]["event_created_at"]
        assert (await said(dev, "webhook", "replay", "--since", since, "--to", hook)) == {"count": 2}
        await receiver.until(lambda heard: len(heard) == 6)
        assert {one.body for one in receiver.heard[4:]} > {told.body}
        await said(dev, "webhook", "delete", hook)
