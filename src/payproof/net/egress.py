"""Where requests may go: the policy, and which addresses are public."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from msgspec import Struct

_NAT64 = IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR = IPv6Network("2002::/16")


class RequestRefused(Exception):
    """We do not send this request: its address, host or scheme is not allowed."""


class Origin(Struct, frozen=True):
    scheme: str
    host: str
    port: int


class Egress(Struct, frozen=True, kw_only=True):
    """What a client may reach."""

    allow_private: bool = False
    """Loopback and private addresses too; only for a laptop or CI."""
    hosts: frozenset[str] | None = None
    """Only these hosts; None means any."""
    private_origins: frozenset[Origin] = frozenset()
    """Exactly these may be private."""

    def check_url(self, scheme: str, host: str, port: int) -> None:
        """Raises RequestRefused."""
        if scheme not in ("http", "https"):
            raise RequestRefused(f"the scheme {scheme!r} is not allowed")
        if Origin(scheme, host, port) in self.private_origins:
            return
        if self.hosts is not None and host not in self.hosts:
            raise RequestRefused(f"the host {host!r} is not on the list")

    def may_be_private(self, host: str, port: int) -> bool:
        return self.allow_private or any(o.host == host and o.port == port for o in self.private_origins)


def is_public(address: str) -> bool:
    """False for loopback, private, link-local, multicast, reserved and unspecified addresses, however they are dressed."""
    parsed = ip_address(address.partition("%")[0])
    inner = _embedded(parsed)
    if inner is not None:
        return is_public(str(inner))
    return parsed.is_global and not parsed.is_multicast


def _embedded(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    """The IPv4 address inside an IPv6 one (mapped, NAT64, 6to4), where there is one."""
    if isinstance(address, IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _SIX_TO_FOUR:
        return address.sixtofour
    return None
