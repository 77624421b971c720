"""Where a call comes from: the peer, or what one of the operator's own proxies says of whoever stands behind it.

A header that anybody can send is worth nothing by itself. It is believed where the peer is a trusted proxy, and each
address in it only as far as everybody to its right is trusted too. So a proxy has to write or append these headers
itself; all common ones do.
"""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from payproof.api.call import Call, is_host

_MOST_HOPS = 32
"""Nobody stands behind more proxies than that, and a long header is cheap to send."""

IpAddress = IPv4Address | IPv6Address


class Proxies:
    """The operator's own, by address."""

    def __init__(self, networks: Iterable[str]) -> None:
        self._networks = tuple(ip_network(text) for text in networks)
        self._is_own = lru_cache(maxsize=1024)(self._find)

    def look_behind(self, call: Call, *, keeps_base: bool) -> None:
        """Set the call's `remote` and, unless the settings name one, its `base`."""
        if not self._is_own(call.remote):
            return
        told, forwarded = _values(call, b"x-forwarded-for"), _elements(call)
        by_list = self._outermost(call.remote, told)
        by_element, said = self._outermost_element(call.remote, forwarded)
        if not told or not forwarded or by_list == by_element:
            call.remote = by_list if told else by_element
        # else one of them is the caller's own invention, and nobody can say which: the proxy itself is counted
        if not keeps_base:
            scheme = _last(call, b"x-forwarded-proto") or said.get("proto", "")
            host = _last(call, b"x-forwarded-host") or said.get("host", "")
            call.base = _rebased(call.base, scheme.lower(), host)

    def _outermost(self, peer: str, hops: list[str]) -> str:
        """The rightmost address that is not ours; what is no address ends the search."""
        for hop in reversed(hops[-_MOST_HOPS:]):
            found = _address(hop)
            if found is None:
                break
            peer = str(found)
            if not self._is_own(peer):
                break
        return peer

    def _outermost_element(self, peer: str, elements: list[dict[str, str]]) -> tuple[str, dict[str, str]]:
        """The same, with all that was said of that hop."""
        said: dict[str, str] = {}
        for element in reversed(elements[-_MOST_HOPS:]):
            said = element
            found = _address(element.get("for", ""))
            if found is None:
                break
            peer = str(found)
            if not self._is_own(peer):
                break
        return peer, said

    def _find(self, text: str) -> bool:
        found = _address(text)
        return found is not None and any(found in network for network in self._networks)


def household(remote: str) -> str:
    """What is counted as one caller: an IPv4 address, or the /64 that an IPv6 subscriber has to himself."""
    found = _address(remote)
    if isinstance(found, IPv6Address):
        return str(ip_network((found.packed, 64), strict=False))
    return str(found or remote)


def _address(text: str) -> IpAddress | None:
    """Of `192.0.2.1`, `192.0.2.1:80`, `[2001:db8::1]:80` and `2001:db8::1`; IPv4 in IPv6's clothes is IPv4.

    A zone (`%eth0`) may be any text, so it is left away.
    """
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def _values(call: Call, name: bytes) -> list[str]:
    """The comma separated values of all headers of that name, in order."""
    texts = [value.decode("latin-1") for key, value in call.scope["headers"] if key == name]
    return ",".join(texts).split(",") if texts else []


def _last(call: Call, name: bytes) -> str:
    return (_values(call, name) or [""])[-1].strip()


def _elements(call: Call) -> list[dict[str, str]]:
    """The `Forwarded` headers of RFC 7239, one mapping for each hop."""
    return [dict(_pair(part) for part in element.split(";")) for element in _values(call, b"forwarded")]


def _pair(text: str) -> tuple[str, str]:
    """Quotes stand around what holds a colon; no value that we want holds a comma, a semicolon or a backslash."""
    name, _, value = text.partition("=")
    return name.strip().lower(), value.strip().strip('"')


def _rebased(base: str, scheme: str, host: str) -> str:
    """The address the caller used, as far as what was forwarded looks like one."""
    old_scheme, _, old_host = base.partition("://")
    return f"{scheme if scheme in ('http', 'https') else old_scheme}://{host if is_host(host) else old_host}"
