"""The policy: what may be reached, and which addresses are public, however they are dressed."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payproof.net.egress import Egress, Origin, RequestRefused, is_public

PUBLIC = ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]

NOT_PUBLIC = {
    "unspecified": ["0.0.0.0", "0.1.2.3", "::"],
    "loopback": ["127.0.0.1", "127.255.255.254", "::1"],
    "private": ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fd12:3456::1", "fec0::1"],
    "shared": ["100.64.0.1", "100.127.255.255"],
    "link-local": ["169.254.1.1", "fe80::1", "fe80::1%eth0"],
    "metadata": ["169.254.169.254", "fd00:ec2::254", "100.100.100.200", "192.0.0.192", "168.63.129.16"],
    "multicast": ["224.0.0.1", "239.255.255.250", "ff02::1", "ff0e::1"],
    "reserved": ["240.0.0.1", "255.255.255.255", "192.0.0.8", "192.88.99.1", "100::1", "4000::1", "5f00::1"],
    "documentation": ["192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "2001:db8::1", "3fff::1"],
    "mapped": ["::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe"],
    "compatible": ["::127.0.0.1", "::8.8.8.8"],
    "nat64": ["64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1"],
    "6to4": ["2002:7f00:1::", "2002:a00:1::1"],
    "teredo": ["2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2"],
}


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_reached(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("kind", NOT_PUBLIC)
def test_no_other_address_is(kind: str) -> None:
    assert [address for address in NOT_PUBLIC[kind] if is_public(address)] == []


@given(st.ip_addresses(v=4).map(str))
def test_a_dress_never_makes_an_address_more_public(address: str) -> None:
    number = int(IPv4Address(address))
    dressed = [IPv6Address((0xFFFF << 32) | number), IPv6Address((0x64FF9B << 96) | number), IPv6Address(number)]
    assert is_public(address) or not any(is_public(str(each)) for each in dressed)


WORLD = Origin("http", "localhost", 8000)


@pytest.mark.parametrize(
    ("egress", "url"),
    [
        (Egress(), ("ftp", "site.example", 21)),
        (Egress(), ("file", "", 0)),
        (Egress(hosts=frozenset({"site.example"})), ("https", "site.example.evil.example", 443)),
        (Egress(hosts=frozenset()), ("https", "site.example", 443)),
        (Egress(private_origins=frozenset({WORLD})), ("https", "localhost", 8000)),
        (Egress(hosts=frozenset(), private_origins=frozenset({WORLD})), ("http", "localhost", 8001)),
    ],
)
def test_what_is_not_in_the_policy_is_refused(egress: Egress, url: tuple[str, str, int]) -> None:
    with pytest.raises(RequestRefused):
        egress.check_url(*url)


def test_the_world_is_one_origin_and_no_more() -> None:
    egress = Egress(hosts=frozenset({"site.example"}), private_origins=frozenset({WORLD}))
    egress.check_url("http", "localhost", 8000)
    assert egress.may_be_private("localhost", 8000)
    assert not egress.may_be_private("localhost", 8001)
    assert not egress.may_be_private("site.example", 8000)


def test_plain_http_may_be_refused() -> None:
    strict = Egress(allow_plain=False)
    strict.check_url("https", "example.com", 443)
    with pytest.raises(RequestRefused, match="only https"):
        strict.check_url("http", "example.com", 80)
