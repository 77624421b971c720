"""Who is believed about where a call comes from: our own proxies, and nobody they merely repeat."""

from typing import Any

import pytest

from payproof.api.call import Call
from payproof.api.directory import Directory
from payproof.api.house import House
from payproof.api.remote import Proxies, household
from payproof.config import Settings
from payproof.store import Store
from tests.api.caller import CLIENT, Caller, Sink
from tests.api.conftest import door_over, nobody_there

PROXIES = Proxies(("127.0.0.1", "10.0.0.0/8", "2001:db8:aaaa::/48"))
PEER = "203.0.113.7"
"""Whom `Caller` calls as."""


def _seen(peer: str, *headers: tuple[str, str], scheme: str = "http", base_url: str | None = None) -> tuple[str, str]:
    """The remote address and the base that a call with these headers, from this peer, ends up with."""
    raw = [(b"host", b"inside:8000"), *((name.encode(), value.encode("latin-1")) for name, value in headers)]
    scope: Any = {"scheme": scheme, "headers": raw, "client": (peer, 4711)}
    call = Call(scope, dict(raw), House(Directory(()), nobody_there, base_url=base_url))
    PROXIES.look_behind(call, keeps_base=base_url is not None)
    return call.remote, call.base


FOR, PROTO, HOST = "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"


@pytest.mark.parametrize(
    ("peer", "told", "remote"),
    [
        ("127.0.0.1", "198.51.100.9", "198.51.100.9"),
        ("127.0.0.1", " 198.51.100.9 , 10.1.2.3", "198.51.100.9"),
        ("127.0.0.1", "1.1.1.1, 198.51.100.9, 10.1.2.3", "198.51.100.9"),
        ("127.0.0.1", "10.9.9.9, 10.1.2.3", "10.9.9.9"),
        ("127.0.0.1", "198.51.100.9:61234", "198.51.100.9"),
        ("127.0.0.1", "2001:db8:1::5", "2001:db8:1::5"),
        ("127.0.0.1", "[2001:db8:1::5]:443", "2001:db8:1::5"),
        ("127.0.0.1", "::ffff:198.51.100.9", "198.51.100.9"),
        ("2001:db8:aaaa::1", "198.51.100.9", "198.51.100.9"),
        ("::ffff:10.0.0.1", "198.51.100.9", "198.51.100.9"),
    ],
)
def test_the_rightmost_address_that_is_not_ours_is_the_callers(peer: str, told: str, remote: str) -> None:
    assert _seen(peer, (FOR, told))[0] == remote


@pytest.mark.parametrize("peer", ["198.51.100.1", "11.0.0.1", "2001:db8:bbbb::1", "::1"])
def test_strangers_are_not_believed(peer: str) -> None:
    headers = ((FOR, "1.2.3.4"), (PROTO, "https"), (HOST, "evil.example"), ("forwarded", "for=1.2.3.4;host=evil"))
    assert _seen(peer, *headers) == (peer, "http://inside:8000")


@pytest.mark.parametrize(
    "told", ["", ",", "unknown", "_hidden", "1.2.3.4.5", "999.1.1.1", "localhost", "1.2.3.4, ?", "\x00", "[", "é" * 99]
)
def test_what_is_no_address_leaves_the_proxy_itself(told: str) -> None:
    assert _seen("127.0.0.1", (FOR, told))[0] == "127.0.0.1"


def test_garbage_further_left_changes_nothing() -> None:
    assert _seen("127.0.0.1", (FOR, "<script>, unknown, 198.51.100.9, 10.0.0.2"))[0] == "198.51.100.9"
    assert _seen("127.0.0.1", (FOR, "unknown, 10.0.0.2"))[0] == "10.0.0.2"


def test_a_zone_is_no_way_to_be_somebody_else_each_time() -> None:
    assert _seen("127.0.0.1", (FOR, "fe80::1%anything at all"))[0] == "fe80::1"


def test_a_second_header_of_the_same_name_goes_on_with_the_list() -> None:
    assert _seen("127.0.0.1", (FOR, "6.6.6.6"), (FOR, "198.51.100.9"), (FOR, "10.0.0.2"))[0] == "198.51.100.9"


def test_a_list_without_end_is_not_walked() -> None:
    assert _seen("127.0.0.1", (FOR, "198.51.100.9," + "10.0.0.1," * 5000 + "10.0.0.1"))[0] == "10.0.0.1"


@pytest.mark.parametrize(
    ("told", "seen"),
    [
        ("for=198.51.100.9;proto=https;host=api.example", ("198.51.100.9", "https://api.example")),
        ('For="[2001:db8:1::5]:47011";Proto=HTTPS', ("2001:db8:1::5", "https://inside:8000")),
        (
            "for=6.6.6.6;host=evil, for=198.51.100.9;proto=https;host=api.example, for=10.0.0.2;host=inner",
            ("198.51.100.9", "https://api.example"),
        ),
        ("for=_gazonk;proto=https", ("127.0.0.1", "https://inside:8000")),
        ('for="6.6.6.6', ("6.6.6.6", "http://inside:8000")),
        ('for=";x, for=198.51.100.9', ("198.51.100.9", "http://inside:8000")),
        ("=;=;;,,", ("127.0.0.1", "http://inside:8000")),
    ],
)
def test_forwarded_is_read_hop_by_hop(told: str, seen: tuple[str, str]) -> None:
    assert _seen("127.0.0.1", ("forwarded", told)) == seen


def test_where_the_two_ways_to_say_it_differ_one_is_invented_and_the_proxy_is_counted() -> None:
    agreeing = ((FOR, "198.51.100.9"), ("forwarded", 'for="198.51.100.9:80"'))
    assert _seen("127.0.0.1", *agreeing)[0] == "198.51.100.9"
    for one, other in (("6.6.6.6", "198.51.100.9"), ("198.51.100.9", "6.6.6.6")):
        assert _seen("127.0.0.1", (FOR, one), ("forwarded", f"for={other}"))[0] == "127.0.0.1"


@pytest.mark.parametrize(
    ("headers", "base"),
    [
        ([(PROTO, "https")], "https://inside:8000"),
        ([(PROTO, "https"), (HOST, "api.example")], "https://api.example"),
        ([(PROTO, "http, https"), (HOST, "evil.example, api.example:8443")], "https://api.example:8443"),
        ([(HOST, "[2001:db8::1]:8443")], "http://[2001:db8::1]:8443"),
        ([(PROTO, "javascript"), (HOST, "api.example")], "http://api.example"),
        ([(HOST, "evil.example/path?")], "http://inside:8000"),
        ([(HOST, "user@evil.example")], "http://inside:8000"),
        ([(HOST, '"><script>')], "http://inside:8000"),
        ([(HOST, "")], "http://inside:8000"),
    ],
)
def test_links_begin_as_the_caller_began(headers: list[tuple[str, str]], base: str) -> None:
    assert _seen("10.0.0.1", *headers)[1] == base


def test_a_public_address_in_the_settings_stands_above_all() -> None:
    told = ((FOR, "198.51.100.9"), (PROTO, "http"), (HOST, "other.example"))
    assert _seen("10.0.0.1", *told, base_url="https://api.example") == ("198.51.100.9", "https://api.example")


@pytest.mark.parametrize(
    ("remote", "counted"),
    [
        ("198.51.100.9", "198.51.100.9"),
        ("::ffff:198.51.100.9", "198.51.100.9"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
    ],
)
def test_an_ipv6_subscriber_is_one_caller(remote: str, counted: str) -> None:
    assert household(remote) == counted


async def test_failures_are_counted_where_they_come_from(store: Store, settings: Settings, sink: Sink) -> None:
    door = door_over(store, settings, sink, failed_auth_limit_per_minute=2, trusted_proxies=(PEER,))
    guesser = Caller(door, CLIENT, "guess")

    async def guess(told: str) -> int:
        return (await guesser.get("/v1/tasks/", x_forwarded_for=told)).status

    assert [await guess("198.51.100.9") for _ in range(3)] == [401, 401, 429]
    assert await guess("6.6.6.6, 198.51.100.9") == 429
    assert await guess("198.51.100.10") == 401
    assert {line["address"] for line in sink.said()} == {"198.51.100.9", "198.51.100.10"}


async def test_a_stranger_cannot_pass_the_limit_by_inventing_addresses(
    store: Store, settings: Settings, sink: Sink
) -> None:
    door = door_over(store, settings, sink, failed_auth_limit_per_minute=2, trusted_proxies=("10.0.0.0/8",))
    guesser = Caller(door, CLIENT, "guess")
    told = [(await guesser.get("/v1/tasks/", x_forwarded_for=f"6.6.6.{last}")).status for last in range(3)]
    assert told == [401, 401, 429]
    assert {line["address"] for line in sink.said()} == {PEER}


async def test_pages_and_logos_are_where_the_caller_asked(store: Store, settings: Settings, sink: Sink) -> None:
    caller = Caller(door_over(store, settings, sink, trusted_proxies=(PEER,)))
    for number in (1, 2):
        body = {"external_user_id": f"{number}", "first_name": "Ada", "last_name": "Lee"}
        assert (await caller.post("/v1/users/", body)).status == 201
    told = {"x_forwarded_proto": "https", "x_forwarded_host": "api.example"}
    page = (await caller.get("/v1/users/?page_size=1", **told)).json
    assert page["next"] == "https://api.example/v1/users/?page_size=1&page=2"
    assert (await caller.get("/v1/users/?page_size=1")).json["next"].startswith("http://testserver/v1/users/")
    assert (await caller.get("/", **told)).json["openapi"] == "https://api.example/openapi.json"
