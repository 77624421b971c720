"""A backup that is taken while people connect is one moment: whole in itself, and a restored server goes on from it."""

import asyncio
import shutil
import time
from collections import Counter
from pathlib import Path

import pytest

from payproof.model.task import ENDINGS
from payproof.testing.client import Client
from payproof.testing.receiver import Receiver
from tests.backup.contents import Rows, archived, as_archived, contents, differences
from tests.stories.server import Dev, payproof, running

pytestmark = pytest.mark.postgres
KEYS = ("--client-id", "client", "--secret", "sandbox-" + "10ad" * 10)
HANDS, BACKUPS, REST_SECONDS = 4, 2, 120


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.parametrize("source", ["sqlite", "postgres"])
async def test_it_is_one_moment_and_a_restored_server_goes_on(
    tmp_path: Path, postgres_database: str, source: str
) -> None:
    """From one kind of database into the other."""
    first, second = tmp_path / "first", tmp_path / "second"
    in_postgres = ("--postgres", postgres_database)
    first_at, second_at = ((), in_postgres) if source == "sqlite" else (in_postgres, ())
    where = postgres_database if second_at else second / "payproof.sqlite"
    async with Receiver(KEYS[3]) as receiver:
        with running(first, "--port", "0", *KEYS, *first_at) as dev:
            archives = await back_up_under_load(dev, receiver, tmp_path, first_at)
            dev.end()
        moments = {path: archived(path) for path in archives}
        for rows in moments.values():
            judge(rows)
        busiest = max(archives, key=lambda path: len(open_tasks(moments[path])))
        assert open_tasks(moments[busiest]), "nobody was on the way: that is no load"
        await command("restore", str(busiest), "--data", str(second), *second_at)
        assert differences(as_archived(contents(where)), moments[busiest]) == {}
        second.mkdir(exist_ok=True)
        for file in (first / "master.key", *first.glob("world*")):
            shutil.copy(file, second / file.name)
        with running(second, "--port", "0", *KEYS, *second_at) as dev:
            await until_nothing_is_owed(where)
            async with client_of(dev) as client:
                await connect(client)
            await until_nothing_is_owed(where)
            dev.end()
    after = contents(where)
    judge(after)
    assert ids(after, "task") > ids(moments[busiest], "task")
    assert {one["status"] for one in after["delivery"]} == {"delivered"}
    assert ids(after, "delivery") <= {one.payload["webhook_id"] for one in receiver.heard}


async def back_up_under_load(dev: Dev, receiver: Receiver, place: Path, at: tuple[str, ...]) -> list[Path]:
    """While several people at a time connect, one after another."""
    enough = asyncio.Event()
    async with client_of(dev) as client:
        await client.new_webhook(receiver.url)
        hands = [asyncio.create_task(connect_on_and_on(client, enough)) for _ in range(HANDS)]
        await receiver.until(lambda heard: any(one.payload.get("status") == "done" for one in heard))
        archives = [place / f"backup{number}" for number in range(BACKUPS)]
        for archive in archives:
            await command("backup", str(archive), "--data", str(dev.data), *at)
        enough.set()
        await asyncio.gather(*hands)
    return archives


async def connect_on_and_on(client: Client, enough: asyncio.Event) -> None:
    while not enough.is_set():
        await connect(client)


async def connect(client: Client) -> None:
    async with await client.open_widget() as widget:
        ended = await widget.until(await widget.sign_in("goodlogin", "goodpassword"))
        assert ended["status"] == "done"


async def until_nothing_is_owed(where: Path | str) -> None:
    give_up = time.monotonic() + REST_SECONDS
    while left := owed_work(await asyncio.to_thread(contents, where, "job")):
        assert time.monotonic() < give_up, left
        await asyncio.sleep(0.2)


async def command(*arguments: str) -> None:
    """While it runs, everything here goes on."""
    ended = await asyncio.to_thread(payproof, *arguments)
    assert ended.code == 0, ended.stderr


def judge(rows: Rows) -> None:
    """What belongs together is there together."""
    assert {one["link_id"] for one in rows["task"]} - {None} <= ids(rows, "link")
    assert {one["session_id"] for one in rows["task"]} - {None} <= ids(rows, "session")
    assert {one["task_id"] for one in rows["event"]} - {None} <= ids(rows, "task")
    told = Counter(one["event_id"] for one in rows["delivery"])
    assert told == Counter(one["id"] for one in rows["event"]), "each event goes to the one webhook, once"
    assert {one["id"] for one in rows["delivery"] if one["status"] == "pending"} == owed(rows, "deliver")
    assert open_tasks(rows) == owed(rows, "verify")


def ids(rows: Rows, table: str) -> set[str]:
    return {one["id"] for one in rows[table]}


def owed(rows: Rows, kind: str) -> set[str]:
    return {one["subject"] for one in rows["job"] if one["kind"] == kind}


def owed_work(rows: Rows) -> set[str]:
    return owed(rows, "verify") | owed(rows, "deliver")


def open_tasks(rows: Rows) -> set[str]:
    return {one["id"] for one in rows["task"] if one["status"] not in ENDINGS}


def client_of(dev: Dev) -> Client:
    return Client(dev.url, dev.client_id, dev.secret)
