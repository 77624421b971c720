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

_FOR, _PROTO, _HOST, _FORWARDED = b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host", b"forwarded"
_TOLD = frozenset((_FOR, _PROTO, _HOST, _FORWARDED))

_LONGEST = 64
"""No address is longer: what is remembered of them must not grow with what callers send."""

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
        told = _told(call)
        hops = told[_FOR].split(",") if _FOR in told else []
        elements = _elements(told[_FORWARDED]) if _FORWARDED in told else []
        by_list = self._outermost(call.remote, hops)
        by_element, said = self._outermost_element(call.remote, elements) if elements else (by_list, {})
        if not hops or by_list == by_element:
            call.remote = by_element
        # else one of them is the caller's own invention, and nobody can say which: the proxy itself is counted
        if not keeps_base:
            scheme = _last(told.get(_PROTO)) or said.get("proto", "")
            host = _last(told.get(_HOST)) or said.get("host", "")
            call.base = _rebased(call.base, scheme.lower(), host)

    def _outermost(self, peer: str, hops: list[str]) -> str:
        """The rightmost address that is not ours; what is no address ends the search."""
        for hop in reversed(hops[-_MOST_HOPS:]):
            found = _plain(hop.strip()[:_LONGEST])
            if found is None:
                break
            peer = found
            if not self._is_own(peer):
                break
        return peer

    def _outermost_element(self, peer: str, elements: list[dict[str, str]]) -> tuple[str, dict[str, str]]:
        """The same, with all that was said of that hop."""
        said: dict[str, str] = {}
        for element in reversed(elements[-_MOST_HOPS:]):
            said = element
            found = _plain(element.get("for", "")[:_LONGEST])
            if found is None:
                break
            peer = found
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


@lru_cache(maxsize=4096)
def _plain(text: str) -> str | None:
    """One spelling for each address; None for what is none."""
    found = _address(text)
    return None if found is None else str(found)


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


def _told(call: Call) -> dict[bytes, str]:
    """The headers that proxies write; several of one name go on with its list."""
    told: dict[bytes, str] = {}
    for name, value in call.scope["headers"]:
        if name in _TOLD:
            text = value.decode("latin-1")
            told[name] = f"{told[name]},{text}" if name in told else text
    return told


def _last(values: str | None) -> str:
    return values.rpartition(",")[2].strip() if values else ""


def _elements(forwarded: str) -> list[dict[str, str]]:
    """The `Forwarded` header of RFC 7239, one mapping for each hop."""
    return [dict(_pair(part) for part in element.split(";")) for element in forwarded.split(",")]


def _pair(text: str) -> tuple[str, str]:
    """Quotes stand around what holds a colon; no value that we want holds a comma, a semicolon or a backslash."""
    name, _, value = text.partition("=")
    return name.strip().lower(), value.strip().strip('"')


@lru_cache(maxsize=64)
def _rebased(base: str, scheme: str, host: str) -> str:
    """The address the caller used, as far as what was forwarded looks like one."""
    old_scheme, _, old_host = base.partition("://")
    return f"{scheme if scheme in ('http', 'https') else old_scheme}://{host if is_host(host) else old_host}"
