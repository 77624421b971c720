"""Where requests may go: the policy, and which addresses are public."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from msgspec import Struct

_NOT_PUBLIC = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by carriers; some clouds keep their metadata here
        "127.0.0.0/8",
        "168.63.129.16/32",  # public by number, but within Azure it is the host of the machine
        "169.254.0.0/16",  # link-local, and the metadata of most clouds
        "172.16.0.0/12",
        "192.0.0.0/24",  # protocol assignments; Oracle's metadata
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")
"""All that is public in IPv6 lies in here; loopback, local, multicast and unassigned addresses do not."""

_NOT_PUBLIC_6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "3fff::/20",  # documentation
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")


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
    allow_plain: bool = True
    """Without TLS too."""
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
        if scheme == "http" and not self.allow_plain:
            raise RequestRefused("only https is allowed")
        if self._is_private_place(host, port):
            raise RequestRefused(f"{host}:{port} is not reached by {scheme}")
        if self.hosts is not None and host not in self.hosts:
            raise RequestRefused(f"the host {host!r} is not on the list")

    def may_be_private(self, host: str, port: int) -> bool:
        """Whether a connection to this place, whose URL was checked, may end at an address that is not public."""
        return self.allow_private or self._is_private_place(host, port)

    def _is_private_place(self, host: str, port: int) -> bool:
        return any(origin.host == host and origin.port == port for origin in self.private_origins)


def is_public(address: str) -> bool:
    """Whether an address is plainly public. An IPv4 address dressed as IPv6 is judged by what it wears it over.

    The list is our own: what `ipaddress` calls global differs between releases of Python.
    """
    parsed = ip_address(address.partition("%")[0])
    if isinstance(parsed, IPv6Address):
        inner = _embedded(parsed)
        if inner is None:
            return parsed in _GLOBAL_UNICAST and not any(parsed in network for network in _NOT_PUBLIC_6)
        parsed = inner
    return not any(parsed in network for network in _NOT_PUBLIC)


def _embedded(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address inside an IPv6 one (mapped, NAT64, 6to4), where there is one."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour
