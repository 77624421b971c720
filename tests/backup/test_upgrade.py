"""Data of an older version is brought up to date and serves; a newer version's is let be, by every command.

`archives/schema_1.zip` was written by the first version: a person with an employment and a bank file, two tasks that
wait for them, and webhooks that nobody hears any more. Beside it stands what a client saw of it then.
"""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from payproof.net.caller import Caller
from payproof.store.archive import Archive
from payproof.store.migration import migrations
from payproof.store.restore import check, restore
from payproof.testing.client import Client, Widget
from tests.backup.contents import archived, contents
from tests.stories.server import payproof, running

OLD = Path(__file__).parent / "archives" / "schema_1.zip"
THEN: dict[str, Any] = json.loads(OLD.with_suffix(".json").read_text())
KEYS = ("--client-id", str(THEN["client_id"]), "--secret", str(THEN["secret"]))
LATER = "INSERT INTO migration (number, name, checksum) VALUES (999, 'later', '')"
COMMANDS = (
    ["serve"], ["dev"], ["worker"], ["migrate"], ["backup", "{data}/backup"], ["key", "list"], ["master-key", "rotate"],
)  # fmt: skip


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory with the master key of then."""
    key = tmp_path / "master.key"
    key.write_text(str(THEN["master_key"]))
    os.chmod(key, 0o600)
    return tmp_path


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def where(request: pytest.FixtureRequest, data: Path) -> Path | str:
    if request.param == "sqlite":
        return data / "payproof.sqlite"
    url: str = request.getfixturevalue("postgres_database")
    return url


def silent(doing: str, table: str, rows: int) -> None: ...


def load_as_then(where: Path | str) -> None:
    """At the schema of then, as that version would have left it."""
    with OLD.open("rb") as file:
        archive = Archive(file)
        check(archive, silent)
        restore(archive, where, silent, only=archive.manifest.migrations)


def at(where: Path | str) -> tuple[str, ...]:
    return ("--postgres", where) if isinstance(where, str) else ()


async def test_a_server_brings_it_up_to_date_and_goes_on(data: Path, where: Path | str) -> None:
    load_as_then(where)
    assert [row["number"] for row in contents(where, "migration")["migration"]] == [1]
    with running(data, "--port", "0", *KEYS, *at(where)) as dev:
        async with Client(dev.url, dev.client_id, dev.secret) as client:
            await serves_what_was_seen(client)
            async with await client.open_widget(THEN["made"]["user"], "employment") as widget:
                ended = await widget.until(await widget.sign_in("goodlogin", "goodpassword"))
                assert ended["status"] == "done"
                assert (await widget.finish())["link_id"] == THEN["made"]["employment_link"]
        dev.end()
    assert {row["number"] for row in contents(where, "migration")["migration"]} == {one.number for one in migrations()}


async def test_a_restore_does_it_too(data: Path, where: Path | str) -> None:
    ended = payproof("restore", str(OLD), "--data", str(data), *at(where), "--json")
    assert ended.code == 0, ended.stderr
    assert json.loads(ended.stdout)["master_key_fits"] is True
    after = contents(where)
    assert {name: len(rows) for name, rows in after.items() if name in ("task", "event", "raw", "posting")} == {
        name: len(archived(OLD)[name]) for name in ("task", "event", "raw", "posting")
    }
    with running(data, "--port", "0", *KEYS, *at(where)) as dev:
        async with Client(dev.url, dev.client_id, dev.secret) as client:
            await serves_what_was_seen(client)
        dev.end()


async def serves_what_was_seen(client: Client) -> None:
    """And the people who were waited for are not waited for any more: their time is over."""
    made, seen = THEN["made"], THEN["seen"]
    paths = {
        "user": f"/v1/users/{made['user']}/",
        "task": f"/v1/tasks/{made['employment']}/",
        "report": f"/v1/links/{made['employment_link']}/employment/report/",
        "accounts": f"/v1/links/{made['file_link']}/accounts/",
        "transactions": f"/v1/links/{made['file_link']}/transactions/",
    }
    for name, path in paths.items():
        assert list(gaps(seen[name], await client.get(path), name)) == []
    async with Widget(Caller(client.url), made["asked_session"]) as widget:
        ended = await widget.until({"id": made["asked"]})
        assert ended["status"] == "mfa_error"


def gaps(then: Any, now: Any, place: str) -> Iterator[str]:
    """What was there then and is not now; addresses have another port, and newer versions may say more."""
    match then:
        case dict() if isinstance(now, dict):
            for name in then:
                yield from gaps(then[name], now.get(name, "nothing"), f"{place}.{name}")
        case list() if isinstance(now, list) and len(then) == len(now):
            for number, pair in enumerate(zip(then, now, strict=True)):
                yield from gaps(*pair, f"{place}.{number}")
        case str() if then.startswith("http://127.0.0.1:") and str(now).startswith("http://127.0.0.1:"):
            return
        case _ if then != now:
            yield f"{place}: {then!r} became {now!r}"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[0])
def test_newer_data_is_refused_in_one_line_and_let_be(data: Path, where: Path | str, command: list[str]) -> None:
    if command == ["worker"] and isinstance(where, Path):
        pytest.skip("a worker needs PostgreSQL")
    load_as_then(where)
    connection = sqlite3.connect(where) if isinstance(where, Path) else psycopg.connect(where)
    with closing(connection):
        connection.execute(LATER)
        connection.commit()
    before = contents(where)
    words = [word.format(data=data) for word in command]
    ended = payproof(*words, "--data", str(data), *at(where))
    assert (ended.code, ended.stdout) == (1, "")
    assert ended.stderr.count("\n") == 1
    assert "schema 999" in ended.stderr and "newer version" in ended.stderr
    assert contents(where) == before
