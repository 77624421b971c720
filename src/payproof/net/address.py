"""An address taken apart: what the policy looks at, and what goes over the wire."""

import re
from base64 import b64encode
from functools import lru_cache

from msgspec import Struct

from payproof.net.egress import Origin

_PORTS = {"http": 80, "https": 443}
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_HOST = rf"(?!.*xn--)[a-z0-9.-]*[a-z]|{_OCTET}(?:\.{_OCTET}){{3}}"
_CHARACTER = r"[\w.~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2}"
_TARGET = rf"(?!.*/\.)(?:/(?:{_CHARACTER})*)?(?:\?(?:{_CHARACTER}|\?)*)?"
_PLAIN = re.compile(rf"(https?)://({_HOST})(?::([1-9][0-9]*))?({_TARGET})", re.ASCII)


class InvalidURL(ValueError):
    """No address."""


class Address(Struct, frozen=True):
    url: str
    origin: Origin
    host: str
    """Encoded, as it is resolved and as a certificate names it."""
    place: str
    """The host, and the port unless it is the scheme's own."""
    target: str
    authorization: str = ""
    """Of the name and the password in the address."""


@lru_cache(1024)
def address_of(url: str) -> Address:
    """Raises InvalidURL. What is not plain is left to httpx2, which is only read then: a server hardly meets any."""
    plain = _PLAIN.fullmatch(url)
    if plain is None:
        return _odd(url)
    scheme, host, port, target = plain.groups()
    origin = Origin(scheme, host, int(port or _PORTS[scheme]))
    return Address(url, origin, host, _place(origin, host), target if target[:1] == "/" else f"/{target}")


def origin_of(url: str) -> Origin:
    """The scheme, host and port of an address. Raises ValueError."""
    return address_of(url).origin


def _odd(url: str) -> Address:
    import httpx2

    try:
        parsed = httpx2.URL(url)
    except httpx2.InvalidURL as wrong:
        raise InvalidURL(str(wrong)) from None
    if parsed.scheme in _PORTS and not parsed.host:
        raise InvalidURL("it names no host")
    origin = Origin(parsed.scheme, parsed.host, parsed.port or _PORTS.get(parsed.scheme, 0))
    name = f"{parsed.username}:{parsed.password}"
    authorization = "" if name == ":" else f"Basic {b64encode(name.encode()).decode()}"
    return Address(
        str(parsed),
        origin,
        parsed.raw_host.decode(),
        parsed.netloc.decode(),
        parsed.raw_path.decode(),
        authorization,
    )


def _place(origin: Origin, host: str) -> str:
    return host if origin.port == _PORTS[origin.scheme] else f"{host}:{origin.port}"
