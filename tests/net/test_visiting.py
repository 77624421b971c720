"""A connector's browser: forms, cookies that survive a crash, the same guard as everybody's."""

import asyncio
from collections.abc import AsyncIterator

import msgspec
import pytest

from payproof.net.egress import Egress, Origin, RequestRefused
from payproof.net.http import GuardedClient, RequestFailed
from payproof.net.visiting import Cookie, VisitClient
from tests.net.site import Asked, Site, always, answer, site

COUNTING = {"Set-Cookie": "session=abc; Path=/account; HttpOnly"}


@pytest.fixture
async def portal() -> AsyncIterator[Site]:
    """Signs everybody in with a cookie, then leads them to their account."""

    async def respond(asked: Asked, writer: asyncio.StreamWriter) -> None:
        if asked.method == "POST":
            writer.write(answer(303, headers={**COUNTING, "Location": "/account/"}))
        else:
            writer.write(answer(200, asked.headers.get("cookie", "nobody").encode()))

    async with site(respond) as there:
        yield there


@pytest.fixture
async def client(portal: Site) -> AsyncIterator[GuardedClient]:
    origin = Origin("http", "localhost", portal.port)
    client = GuardedClient(Egress(hosts=frozenset(), private_origins=frozenset({origin})))
    yield client
    await client.close()


async def test_a_form_is_posted_and_the_redirect_followed_with_the_cookie(portal: Site, client: GuardedClient) -> None:
    browser = VisitClient(client, {"X-World-Tenant": "t"}, [])
    got = await browser.post(portal.url("/login", host="localhost"), {"user": "a b", "password": "ä&"})
    signed_in, account = portal.asked
    assert signed_in.body == b"user=a+b&password=%C3%A4%26"
    assert signed_in.headers["content-type"] == "application/x-www-form-urlencoded"
    assert (account.method, account.headers["x-world-tenant"]) == ("GET", "t")
    assert (got.status_code, got.text) == (200, "session=abc")


async def test_cookies_come_back_after_a_crash(portal: Site, client: GuardedClient) -> None:
    before = VisitClient(client, {}, [])
    await before.post(portal.url("/login", host="localhost"), {})
    kept = msgspec.json.decode(msgspec.json.encode(before.cookies), type=list[Cookie])
    after = VisitClient(client, {}, kept)
    assert (await after.get(portal.url("/account/", host="localhost"))).text == "session=abc"
    assert (await after.get(portal.url("/elsewhere", host="localhost"))).text == "nobody"


async def test_cookies_are_sent_where_they_belong(portal: Site, client: GuardedClient) -> None:
    kept = [
        Cookie("here", "1", "localhost.local", "/"),
        Cookie("below", "2", "localhost.local", "/account"),
        Cookie("elsewhere", "3", "other.example", "/"),
    ]
    browser = VisitClient(client, {}, kept)
    assert (await browser.get(portal.url("/account/", host="localhost"))).text == "below=2; here=1"
    assert (await browser.get(portal.url("/", host="localhost"))).text == "here=1"
    assert browser.cookies == kept


async def test_a_site_says_how_long_and_over_what_a_cookie_lives() -> None:
    async def respond(asked: Asked, writer: asyncio.StreamWriter) -> None:
        lines = ["a=1", "b=2; Secure", "c=3; Domain=other.example", "d=4; Max-Age=60"]
        if asked.target == "/again":
            lines = ["a=; Max-Age=0"]
        head = "".join(f"Set-Cookie: {line}\r\n" for line in lines)
        sent = asked.headers.get("cookie", "").encode()
        writer.write(f"HTTP/1.1 200 OK\r\n{head}Content-Length: {len(sent)}\r\n\r\n".encode() + sent)

    async with site(respond) as there:
        anywhere = GuardedClient(Egress(allow_private=True))
        browser = VisitClient(anywhere, {}, [])
        heard = [(await browser.get(there.url(path))).text for path in ("/", "/again", "/")]
        await anywhere.close()
    assert heard == ["", "a=1; d=4", "d=4"]
    assert sorted(one.name for one in browser.cookies) == ["a", "b", "d"]


async def test_two_persons_share_connections_but_no_cookies(portal: Site, client: GuardedClient) -> None:
    first, second = VisitClient(client, {}, []), VisitClient(client, {}, [])
    await first.post(portal.url("/login", host="localhost"), {})
    assert (await second.get(portal.url("/account/", host="localhost"))).text == "nobody"
    assert portal.connections == 1


async def test_a_browser_goes_nowhere_else(portal: Site, client: GuardedClient) -> None:
    browser = VisitClient(client, {}, [])
    async with site(always(answer())) as other:
        with pytest.raises(RequestRefused):
            await browser.get(other.url(host="localhost"))
    assert other.connections == 0


async def test_a_page_that_is_too_long_is_a_failure(
    portal: Site, client: GuardedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("payproof.net.visiting.MAX_BYTES", 3)
    with pytest.raises(RequestFailed, match="longer than 3 bytes"):
        await VisitClient(client, {}, []).get(portal.url("/account/", host="localhost"))
