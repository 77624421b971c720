"""The portal as a site: tenants kept apart, maintenance, papers, an access log that tells and keeps quiet."""

import asyncio
import io
import json
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import httpx2
import pytest

from payproof.world.memory import Memory
from payproof.world.site import World

BASE = "http://world/payroll/"
Story = Callable[[httpx2.AsyncClient, World], Awaitable[None]]


def play(folder: Path, story: Story) -> None:
    async def run() -> None:
        app = World(folder / "world.sqlite", folder / "access.jsonl")
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url=BASE, follow_redirects=True) as client:
            client.headers.update({"X-World-Time": "2026-06-18T10:00:00Z", "X-World-Task": "task-1"})
            client.headers["X-World-Tenant"] = "tenant-a"
            await story(client, app)
        app.close()

    asyncio.run(run())


async def sign_in(client: httpx2.AsyncClient, username: str, password: str) -> httpx2.Response:
    form = Fields((await client.get("sign-in")).text).values
    return await client.post("sign-in", data={**form, "username": username, "password": password})


class Fields(HTMLParser):
    """The named inputs of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        marks = dict(attrs)
        if tag == "input" and (name := marks.get("name")):
            self.values[name] = marks.get("value") or ""


def test_a_portal_closed_for_one_tenant_is_open_for_others(tmp_path: Path) -> None:
    async def story(client: httpx2.AsyncClient, app: World) -> None:
        lever = "http://world/control/maintenance"
        assert (await client.post(lever, json={"on": True, "notice": "Back at <noon>"})).status_code == 200
        closed = await client.get("sign-in")
        assert closed.status_code == 503
        assert "Back at &lt;noon&gt;" in closed.text
        assert (await client.get("sign-in", headers={"X-World-Tenant": "tenant-b"})).status_code == 200
        await client.post(lever, json={"on": False})
        assert (await client.get("sign-in")).status_code == 200

    play(tmp_path, story)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"on": 1}', b"\xff"])
def test_a_lever_says_what_it_wants(tmp_path: Path, body: bytes) -> None:
    async def story(client: httpx2.AsyncClient, app: World) -> None:
        assert (await client.post("http://world/control/maintenance", content=body)).status_code == 400
        del client.headers["X-World-Tenant"]
        assert (await client.post("http://world/control/maintenance", json={"on": True})).status_code == 400

    play(tmp_path, story)


def test_a_session_belongs_to_its_tenant_and_goes_with_it(tmp_path: Path) -> None:
    async def story(client: httpx2.AsyncClient, app: World) -> None:
        assert (await sign_in(client, "goodlogin", "goodpassword")).url.path == "/payroll/"
        foreign = await client.get("./", headers={"X-World-Tenant": "tenant-b"})
        assert foreign.url.path == "/payroll/sign-in"
        for _ in range(5):
            await sign_in(client, "person.1", "wrong")
        assert (await sign_in(client, "person.1", "goodpassword")).status_code == 403
        await sign_in(client, "goodlogin", "goodpassword")
        app.memory.delete_tenant("tenant-a")
        assert (await client.get("./")).url.path == "/payroll/sign-in"
        assert (await sign_in(client, "person.1", "goodpassword")).status_code == 200
        assert (await client.delete("http://world/control/tenant")).status_code == 204
        assert (await client.get("./")).url.path == "/payroll/sign-in"

    play(tmp_path, story)


def test_a_visitor_whose_tenant_is_gone_for_good_leaves_nothing_behind(tmp_path: Path) -> None:
    async def story(client: httpx2.AsyncClient, app: World) -> None:
        await sign_in(client, "goodlogin", "goodpassword")
        assert (await client.delete("http://world/control/tenant?for_good=true")).status_code == 204
        assert (await sign_in(client, "goodlogin", "goodpassword")).status_code == 410
        assert (await client.get("./")).url.path == "/payroll/sign-in"
        left = app.memory._file.execute("SELECT tenant FROM tenant UNION SELECT tenant FROM session").fetchall()
        assert left == []

    play(tmp_path, story)


def test_papers_are_the_same_for_all_tenants_with_a_seed(tmp_path: Path) -> None:
    async def story(client: httpx2.AsyncClient, app: World) -> None:
        archives = []
        for seed, tenant in (("one", "tenant-a"), ("one", "tenant-b"), ("other", "tenant-c")):
            client.headers |= {"X-World-Tenant": tenant, "X-World-Seed": seed}
            await sign_in(client, "fulltime", "goodpassword")
            archives.append((await client.get("jobs/4301/documents.zip")).content)
        assert archives[0] == archives[1] != archives[2]
        with ZipFile(io.BytesIO(archives[2])) as files:
            names = files.namelist()
            assert len(names) == len(set(names)) == 27
            one = await client.get(f"jobs/4301/{names[0]}")
            assert (one.content, one.headers["content-type"]) == (files.read(names[0]), "application/pdf")
        assert (await client.get("jobs/4301/statement-1.pdf")).status_code == 404
        assert (await client.get("jobs/9/documents.zip")).status_code == 404

    play(tmp_path, story)


def test_a_file_of_an_earlier_version_has_its_papers_taken_out(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "world.sqlite")) as earlier:
        earlier.execute("CREATE TABLE paper (key TEXT PRIMARY KEY, seed TEXT NOT NULL, body BLOB NOT NULL)")
    memory = Memory(tmp_path / "world.sqlite")
    assert memory.first_day("tenant-1", "seed", date(2026, 6, 18)) == date(2026, 6, 18)
    memory.close()
    with closing(sqlite3.connect(tmp_path / "world.sqlite")) as now:
        assert now.execute("SELECT 1 FROM sqlite_schema WHERE name = 'paper'").fetchone() is None


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "access.jsonl").read_text().splitlines()]


def test_the_access_log_tells_posts_and_no_password(tmp_path: Path) -> None:
    async def story(client: httpx2.AsyncClient, app: World) -> None:
        asked = await sign_in(client, "goodlogin", "mfa")
        await client.post("challenge", data={**Fields(asked.text).values, "answer": "54321"})

    play(tmp_path, story)
    told = lines(tmp_path)
    password = next(line for line in told if line["event"] == "password_posted")
    code = next(line for line in told if line["event"] == "code_posted")
    assert (password["task"], password["tenant"], password["username"]) == ("task-1", "tenant-a", "goodlogin")
    assert len(password["password_sha256"]) == 64
    assert code["code"] == "54321"
    assert [line["outcome"] for line in told if line.get("method") == "POST"] == ["challenge", "code-refused"]
    assert '"mfa"' not in (tmp_path / "access.jsonl").read_text()


def test_an_answer_to_another_challenge_changes_nothing(tmp_path: Path) -> None:
    async def story(client: httpx2.AsyncClient, app: World) -> None:
        asked = await sign_in(client, "goodlogin", "mfa")
        old = Fields(asked.text).values
        new = Fields((await client.post("resend", data=old)).text).values
        assert new["challenge"] != old["challenge"]
        again = Fields((await client.post("resend", data=old)).text).values
        assert again["challenge"] == new["challenge"]
        stale = await client.post("challenge", data={**old, "answer": "00000"})
        assert Fields(stale.text).values["challenge"] == new["challenge"]
        assert (await client.post("challenge", data={**new, "answer": "12345"})).url.path == "/payroll/"

    play(tmp_path, story)


def test_a_form_without_its_ticket_is_shown_anew(tmp_path: Path) -> None:
    async def story(client: httpx2.AsyncClient, app: World) -> None:
        signs = {"username": "goodlogin", "password": "goodpassword", "ticket": "x"}
        assert (await client.post("sign-in", data=signs)).url.path == "/payroll/sign-in"
        assert (await client.post("sign-in", content=b"\xff" * 70_000)).url.path == "/payroll/sign-in"
        assert (await client.get("./")).url.path == "/payroll/sign-in"

    play(tmp_path, story)


def test_pages_say_their_language_title_and_labels(tmp_path: Path) -> None:
    async def story(client: httpx2.AsyncClient, app: World) -> None:
        pages = [await client.get("sign-in")]
        passwords = ("mfa", "mfa_selection", "mfa_question", "longcheck", "wrong", "goodpassword")
        pages += [await sign_in(client, "goodlogin", password) for password in passwords]
        pages.append(await client.get("jobs/4101"))
        for shown in pages:
            outline = Outline(shown.text)
            assert outline.lang == "en"
            assert outline.headings == 1
            assert outline.unlabelled() == set()
        assert (await client.get("portal.css")).status_code == 200

    play(tmp_path, story)


class Outline(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.lang, self.headings = "", 0
        self._fields: set[str] = set()
        self._labels: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        marks = dict(attrs)
        if tag == "html":
            self.lang = marks.get("lang") or ""
        self.headings += tag == "h1"
        if tag == "input" and marks.get("type") != "hidden":
            self._fields.add(marks.get("id") or "?")
        if tag == "label":
            self._labels.add(marks.get("for") or "")

    def unlabelled(self) -> set[str]:
        return self._fields - self._labels
