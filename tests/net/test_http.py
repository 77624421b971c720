"""Requests go where the policy lets them, hop by hop, and end in time and within their size."""

import asyncio
import base64
import gzip
import os
import socket
import threading
import zlib
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from payproof.net import connection, pinned
from payproof.net.egress import Egress, Origin, RequestRefused
from payproof.net.http import GuardedClient, RequestFailed
from payproof.net.stream import ConnectError
from tests.net.site import Asked, always, answer, leading_to, site

ANYWHERE = Egress(allow_private=True)
Names = Callable[[str, list[list[str]]], None]
BOTH_LOOPS = [("asyncio", {"use_uvloop": False}), ("asyncio", {"use_uvloop": True})]


@pytest.fixture(scope="module", params=BOTH_LOOPS, ids=["asyncio", "uvloop"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    """The server runs on uvloop, tools and tests on the other."""
    return request.param


@pytest.fixture
async def anywhere() -> AsyncIterator[GuardedClient]:
    client = GuardedClient(ANYWHERE)
    yield client
    await client.close()


@pytest.fixture
async def public_only() -> AsyncIterator[GuardedClient]:
    client = GuardedClient(Egress())
    yield client
    await client.close()


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """Makes a name resolve to one list of addresses after the other; the last one stays."""
    book: dict[str, list[list[str]]] = {}

    async def resolve(host: str, port: int) -> list[str]:
        answers = book[host]
        return answers.pop(0) if len(answers) > 1 else answers[0]

    monkeypatch.setattr(pinned, "resolve", resolve)
    return book.__setitem__


async def test_a_post_arrives_as_it_was_sent(anywhere: GuardedClient) -> None:
    async with site(always(answer(201, b"made", {"X-Kind": "a"}))) as there:
        got = await anywhere.send("POST", there.url("/hook?a=1"), headers={"X-Sign": "v1=1"}, body=b"{}")
    (asked,) = there.asked
    assert (asked.method, asked.target, asked.body, asked.headers["x-sign"]) == ("POST", "/hook?a=1", b"{}", "v1=1")
    assert asked.headers["host"] == f"127.0.0.1:{there.port}"
    assert (got.status_code, got.content, got.headers["x-kind"], got.is_cut) == (201, b"made", "a", False)


async def test_a_large_body_goes_both_ways(anywhere: GuardedClient) -> None:
    async def echo(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(200, asked.body))

    body = os.urandom(3_000_000)
    async with site(echo) as there:
        assert (await anywhere.send("POST", there.url(), body=body, max_bytes=4_000_000)).content == body


async def test_a_connection_is_used_again(anywhere: GuardedClient) -> None:
    async with site(always(answer())) as there:
        for _ in range(3):
            await anywhere.send("GET", there.url())
    assert (len(there.asked), there.connections) == (3, 1)


async def test_a_connection_that_the_site_closed_is_not_used_again(anywhere: GuardedClient) -> None:
    async def once(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(answer())
        writer.close()

    async with site(once) as there:
        for _ in range(3):
            await anywhere.send("GET", there.url())
            await asyncio.sleep(0.01)
    assert there.connections == 3


async def test_a_connection_that_was_closed_while_we_were_busy_is_not_used_again(anywhere: GuardedClient) -> None:
    may_close, closed = threading.Event(), threading.Event()

    def serve(listening: socket.socket) -> None:
        for _ in range(2):
            with listening.accept()[0] as connected:
                connected.recv(65_536)
                connected.sendall(answer())
                may_close.wait(10)
            closed.set()

    with socket.create_server(("127.0.0.1", 0)) as listening, ThreadPoolExecutor(1) as pool:
        listening.settimeout(5)
        pool.submit(serve, listening)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        await anywhere.send("GET", url)
        may_close.set()
        assert closed.wait(10)
        assert (await anywhere.send("GET", url)).status_code == 200


async def test_what_comes_unasked_is_never_taken_for_an_answer(anywhere: GuardedClient) -> None:
    async def twice(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(200, asked.target.encode()))
        await asyncio.sleep(0.01)
        writer.write(answer(200, b"planted"))

    async with site(twice) as there:
        assert (await anywhere.send("GET", there.url("/a"))).content == b"/a"
        await asyncio.sleep(0.05)
        assert (await anywhere.send("GET", there.url("/b"))).content == b"/b"


async def test_what_comes_with_an_answer_is_never_taken_for_the_next_one(anywhere: GuardedClient) -> None:
    async def twice(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(200, asked.target.encode()) + answer(200, b"planted"))

    async with site(twice) as there:
        assert (await anywhere.send("GET", there.url("/a"))).content == b"/a"
        assert (await anywhere.send("GET", there.url("/b"))).content == b"/b"


async def _slowly(_: Asked, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(0.05)
    writer.write(answer())


async def test_no_more_connections_are_kept_than_allowed(
    anywhere: GuardedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "IDLE_CONNECTIONS", 2)
    async with site(_slowly) as there:
        for _ in range(2):
            await asyncio.gather(*(anywhere.send("GET", there.url()) for _ in range(3)))
    assert there.connections == 4


async def test_a_connection_is_not_kept_for_long(anywhere: GuardedClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "IDLE_SECONDS", -1)
    async with site(always(answer())) as there:
        for _ in range(2):
            await anywhere.send("GET", there.url())
    assert there.connections == 2


async def test_no_more_is_asked_at_once_than_allowed() -> None:
    client = GuardedClient(ANYWHERE, connections=2)
    async with site(_slowly) as there:
        await asyncio.gather(*(client.send("GET", there.url()) for _ in range(5)))
    await client.close()
    assert (len(there.asked), there.connections) == (5, 2)


async def test_what_is_said_before_the_answer_is_passed_over(anywhere: GuardedClient) -> None:
    async with site(always(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + answer(200, b"here"))) as there:
        got = await anywhere.send("GET", there.url())
    assert (got.status_code, got.content, "link" in got.headers) == (200, b"here", False)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "2130706433"])
async def test_a_private_address_is_refused_before_a_byte_is_sent(public_only: GuardedClient, host: str) -> None:
    async with site(always(answer())) as there:
        with pytest.raises(RequestRefused):
            await public_only.send("POST", there.url(host=host))
    assert there.connections == 0


async def test_a_name_with_a_private_address_is_refused(public_only: GuardedClient, names: Names) -> None:
    names("site.example", [["127.0.0.1", "::1", "10.0.0.1"]])
    async with site(always(answer())) as there:
        with pytest.raises(RequestRefused, match=r"site\.example has no public address"):
            await public_only.send("GET", there.url(host="site.example"))


async def test_the_checked_address_is_the_connected_one(
    public_only: GuardedClient, names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is public when it is checked and private a moment later gets nothing (DNS rebinding)."""
    connected: list[str] = []

    async def connect(address: str, port: int, seconds: float | None) -> None:
        connected.append(address)
        raise ConnectError("nobody there")

    monkeypatch.setattr(pinned, "connect", connect)
    names("site.example", [["8.8.8.8"], ["127.0.0.1"]])
    with pytest.raises(RequestFailed):
        await public_only.send("GET", "http://site.example/")
    with pytest.raises(RequestRefused):
        await public_only.send("GET", "http://site.example/")
    assert connected == ["8.8.8.8"]


async def test_the_next_address_is_tried_when_one_is_dead(anywhere: GuardedClient, names: Names) -> None:
    names("site.example", [["127.0.0.2", "127.0.0.1"]])
    async with site(always(answer(200, b"here"))) as there:
        got = await anywhere.send("GET", there.url(host="site.example"))
    assert got.content == b"here"
    assert there.asked[0].headers["host"] == f"site.example:{there.port}"


async def test_a_redirect_is_followed_with_its_body(anywhere: GuardedClient) -> None:
    async with site(always(answer(200, b"end"))) as end, site(leading_to(end.url("/end"))) as start:
        got = await anywhere.send("POST", start.url(), body=b"{}")
    assert (got.content, got.url, end.asked[0].method, end.asked[0].body) == (b"end", end.url("/end"), "POST", b"{}")


@pytest.mark.parametrize(
    ("status", "asked", "method"),
    [
        (301, "POST", "GET"),
        (301, "PUT", "PUT"),
        (302, "PUT", "GET"),
        (302, "HEAD", "HEAD"),
        (303, "PUT", "GET"),
        (303, "HEAD", "HEAD"),
        (307, "POST", "POST"),
        (308, "PUT", "PUT"),
    ],
)
async def test_a_redirect_changes_the_method_as_in_a_browser(
    anywhere: GuardedClient, status: int, asked: str, method: str
) -> None:
    body = b"" if asked == "HEAD" else b"{}"
    async with site(always(answer())) as end, site(leading_to(end.url(), status)) as start:
        await anywhere.send(asked, start.url(), body=body)
    (came,) = end.asked
    assert (came.method, came.body) == (method, body if method == asked else b"")
    assert ("content-length" in came.headers) == (came.body != b"")


@pytest.mark.parametrize("location", ["/end", "end", "?end", "http://127.0.0.1:{port}/end"])
async def test_whoever_was_told_the_credentials_is_told_them_again(anywhere: GuardedClient, location: str) -> None:
    async def respond(asked: Asked, writer: asyncio.StreamWriter) -> None:
        leading = {"Location": location.format(port=there.port)}
        writer.write(answer(200) if "end" in asked.target else answer(302, headers=leading))

    async with site(respond) as there:
        await anywhere.send("GET", there.url("/start"), headers={"authorization": "Bearer s"})
    assert [asked.headers.get("authorization") for asked in there.asked] == ["Bearer s", "Bearer s"]


async def test_credentials_and_cookies_are_not_carried_elsewhere(anywhere: GuardedClient) -> None:
    given = {"Authorization": "Bearer s", "Cookie": "a=b", "Host": "named.example", "X-Sign": "v1"}
    async with site(always(answer())) as end, site(leading_to(end.url())) as start:
        await anywhere.send("POST", start.url(), headers=given)
    (before,), (after,) = start.asked, end.asked
    assert (before.headers["authorization"], before.headers["cookie"]) == ("Bearer s", "a=b")
    assert before.headers["host"] == "named.example"
    assert after.headers["x-sign"] == "v1"
    assert after.headers["host"] == f"127.0.0.1:{end.port}"
    assert not {"authorization", "cookie"} & after.headers.keys()


async def test_a_name_and_a_password_in_the_address_are_sent(anywhere: GuardedClient) -> None:
    async with site(always(answer())) as there:
        await anywhere.send("GET", there.url(host="me:pass%20word@127.0.0.1"))
    (asked,) = there.asked
    assert asked.headers["authorization"] == f"Basic {base64.b64encode(b'me:pass word').decode()}"


async def test_what_one_request_was_told_to_remember_the_next_one_does_not_know(anywhere: GuardedClient) -> None:
    async with site(always(answer(200, headers={"Set-Cookie": "a=b"}))) as there:
        for _ in range(2):
            await anywhere.send("POST", there.url())
    assert ["cookie" in asked.headers for asked in there.asked] == [False, False]


async def test_a_redirect_to_a_private_address_is_refused(names: Names) -> None:
    async with site(always(answer())) as inside, site(leading_to(inside.url())) as start:
        names("site.example", [["127.0.0.1"]])
        outside = Origin("http", "site.example", start.port)
        client = GuardedClient(Egress(private_origins=frozenset({outside})))
        names("127.0.0.1", [["127.0.0.1"]])
        with pytest.raises(RequestRefused):
            await client.send("POST", start.url(host="site.example"))
        await client.close()
    assert (len(start.asked), len(inside.asked)) == (1, 0)


async def test_a_redirect_to_a_host_off_the_list_is_refused(names: Names) -> None:
    async with site(always(answer())) as other, site(leading_to(other.url(host="other.example"))) as start:
        names("site.example", [["127.0.0.1"]])
        client = GuardedClient(Egress(allow_private=True, hosts=frozenset({"site.example"})))
        with pytest.raises(RequestRefused, match=r"other\.example"):
            await client.send("GET", start.url(host="site.example"))
        await client.close()


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://site.example/", "gopher://site.example/"])
async def test_a_redirect_to_another_scheme_is_refused(anywhere: GuardedClient, location: str) -> None:
    async with site(leading_to(location)) as start:
        with pytest.raises((RequestRefused, RequestFailed)):
            await anywhere.send("GET", start.url())


async def test_a_circle_of_redirects_ends(anywhere: GuardedClient) -> None:
    async with site(leading_to("/again")) as start:
        with pytest.raises(RequestFailed, match="redirects"):
            await anywhere.send("GET", start.url())
    assert len(start.asked) == 6


async def test_a_long_answer_is_cut(anywhere: GuardedClient) -> None:
    async with site(always(answer(200, b"x" * 100_000))) as there:
        got = await anywhere.send("GET", there.url(), max_bytes=1000)
    assert (len(got.content), got.is_cut) == (1000, True)


async def test_a_bomb_is_given_up_once_it_has_swollen_past_the_limit(anywhere: GuardedClient) -> None:
    bomb = gzip.compress(b"\0" * 200_000_000, 9)
    async with site(always(answer(200, bomb, {"Content-Encoding": "gzip"}))) as there:
        got = await anywhere.send("GET", there.url(), max_bytes=65_536)
    assert (len(got.content), got.is_cut) == (65_536, True)


def _bare(body: bytes) -> bytes:
    """Deflated without the head that the standard wants."""
    return zlib.compress(body)[2:-4]


@pytest.mark.parametrize(
    ("coding", "sent"),
    [
        ("gzip", gzip.compress(b"hello")),
        ("GZip", gzip.compress(b"hello") + gzip.compress(b"more")),
        ("identity, gzip", gzip.compress(b"hello")),
        ("deflate", zlib.compress(b"hello")),
        ("deflate", _bare(b"hello")),
        ("identity", b"hello"),
    ],
)
async def test_a_body_is_decoded(anywhere: GuardedClient, coding: str, sent: bytes) -> None:
    async with site(always(answer(200, sent, {"Content-Encoding": coding}))) as there:
        got = await anywhere.send("GET", there.url(), max_bytes=5)
    assert (got.content, got.is_cut) == (b"hello", False)
    assert there.asked[0].headers["accept-encoding"] == "gzip, deflate"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "gzip, gzip"])
async def test_a_body_that_is_not_what_its_head_says_is_a_failure(anywhere: GuardedClient, coding: str) -> None:
    async with site(always(answer(200, b"hello", {"Content-Encoding": coding}))) as there:
        with pytest.raises(RequestFailed, match="DecodingError"):
            await anywhere.send("GET", there.url())


async def _drip(_: Asked, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _byte in range(1000):
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)


async def _say_nothing(_: Asked, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


@pytest.mark.parametrize("respond", [_drip, _say_nothing])
async def test_an_answer_that_never_ends_is_given_up_in_time(anywhere: GuardedClient, respond: object) -> None:
    async with site(respond) as there:  # type: ignore[arg-type]
        with pytest.raises(RequestFailed, match=r"no answer within 0\.2 seconds"):
            await anywhere.send("GET", there.url(), seconds=0.2)


@pytest.mark.parametrize("nonsense", [b"what?\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", b""])
async def test_a_broken_answer_is_a_failure_with_a_reason(anywhere: GuardedClient, nonsense: bytes) -> None:
    async def break_off(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(nonsense)
        writer.close()

    async with site(break_off) as there:
        with pytest.raises(RequestFailed, match=r"\w"):
            await anywhere.send("GET", there.url())


async def test_nobody_there_is_a_failure(anywhere: GuardedClient) -> None:
    async with site(always(answer())) as there:
        gone = there.url()
    with pytest.raises(RequestFailed):
        await anywhere.send("GET", gone)


@pytest.mark.parametrize("host", ["999.999.999.999", "\u24d8.example", "[v1.x]", "x\x7f"])
async def test_an_address_that_is_none_is_a_failure(anywhere: GuardedClient, host: str) -> None:
    with pytest.raises(RequestFailed, match="InvalidURL"):
        await anywhere.send("GET", f"http://{host}/")


async def test_refusals_and_failures_leave_the_pool_free(names: Names) -> None:
    """A pool of two serves many after more than two were refused, cut and too slow."""
    names("site.example", [["10.0.0.1"]])
    async with site(_say_nothing) as silent, site(always(answer(200, b"x" * 100_000))) as there:
        here = frozenset({Origin("http", "here.example", there.port), Origin("http", "here.example", silent.port)})
        names("here.example", [["127.0.0.1"]])
        client = GuardedClient(Egress(private_origins=here), connections=2)
        for _ in range(3):
            with pytest.raises(RequestRefused):
                await client.send("GET", "http://site.example/")
            with pytest.raises(RequestFailed):
                await client.send("GET", silent.url(host="here.example"), seconds=0.05)
            assert (await client.send("GET", there.url(host="here.example"), max_bytes=10, seconds=5)).is_cut
        await client.close()


async def test_the_environment_gives_us_no_proxy(anywhere: GuardedClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    async with site(always(answer(200, b"direct"))) as there:
        assert (await anywhere.send("GET", there.url())).content == b"direct"
