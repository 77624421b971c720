"""From SQLite to PostgreSQL and back: the same rows, the same answers, and the work goes on."""

import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from payproof.net.caller import Caller
from payproof.testing.client import Client, Widget
from payproof.testing.receiver import Receiver
from tests.backup.contents import Rows, contents, differences
from tests.backup.lives import live, read
from tests.stories.server import Dev, payproof, running

pytestmark = pytest.mark.postgres
KEYS = ("--client-id", "client", "--secret", "sandbox-" + "5a" * 20)


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver(KEYS[3]) as listening:
        yield listening


def told(*arguments: str) -> dict[str, Any]:
    ended = payproof(*arguments, "--json")
    assert ended.code == 0, ended.stderr
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


async def test_everything_goes_there_and_back(tmp_path: Path, postgres_database: str, receiver: Receiver) -> None:
    first, second, third = tmp_path / "first", tmp_path / "second", tmp_path / "third"
    with running(first, "--port", "0", *KEYS) as dev:
        async with client_of(dev) as client:
            made = await live(client, receiver)
            seen = await read(client, made)
        dev.end()
    assert empty_tables(contents(first / "payproof.sqlite")) == set(), "fill them in lives.py, or nothing proves them"
    move(first / "payproof.sqlite", tmp_path / "there", "--postgres", postgres_database)
    assert differences(contents(first / "payproof.sqlite"), contents(postgres_database)) == {}

    carry_rest(first, second)
    with running(second, "--port", "0", "--postgres", postgres_database, *KEYS) as dev:
        async with client_of(dev) as client:
            assert await read(client, made) == seen
            await goes_on(client, made, receiver)
            seen = await read(client, made)
        dev.end()
    backed_up = told("backup", str(tmp_path / "back"), "--postgres", postgres_database)
    restored = told("restore", str(tmp_path / "back"), "--data", str(third))
    assert restored["tables"] == backed_up["tables"]
    assert differences(contents(postgres_database), contents(third / "payproof.sqlite")) == {}

    carry_rest(second, third)
    with running(third, "--port", "0", *KEYS) as dev:
        async with client_of(dev) as client:
            assert await read(client, made) == seen
            async with await client.open_widget(made["user"]) as widget:
                ended = await widget.until(await widget.sign_in("goodlogin", "goodpassword"))
            await receiver.until(lambda heard: any(one.payload.get("task_id") == ended["id"] for one in heard))
            assert all(one.is_signed for one in receiver.heard)


def client_of(dev: Dev) -> Client:
    return Client(dev.url, dev.client_id, dev.secret)


def empty_tables(rows: Rows) -> set[str]:
    return {name for name, held in rows.items() if not held}


def move(file: Path, archive: Path, *to: str) -> None:
    backed_up = told("backup", str(archive), "--data", str(file.parent))
    restored = told("restore", str(archive), "--data", str(file.parent), *to)
    assert (restored["tables"], restored["master_key_fits"]) == (backed_up["tables"], True)


def carry_rest(one: Path, other: Path) -> None:
    """The key, and what the world remembers: it is not ours and does not move, but here its file has our folder."""
    other.mkdir(exist_ok=True)
    for file in (one / "master.key", *one.glob("world*")):
        shutil.copy(file, other / file.name)


async def goes_on(client: Client, made: dict[str, str], receiver: Receiver) -> None:
    """The person whose code was asked for before the move answers after it; a known person connects again."""
    async with Widget(Caller(client.url), made["asked_session"]) as widget:
        asked = await widget.until({"id": made["asked"]}, lambda one: one["question"] is not None)
        await widget.answer(asked, answer="12345")
        assert (await widget.until(asked))["status"] == "done"
    await receiver.until(lambda heard: receiver.statuses(made["asked"])[-1:] == ["done"])
    async with await client.open_widget(made["user"]) as widget:
        ended = await widget.until(await widget.sign_in("goodlogin", "goodpassword"))
        assert (await widget.finish())["link_id"] == made["income_link"], "the same connection is the same link"
    assert ended["status"] == "done"
