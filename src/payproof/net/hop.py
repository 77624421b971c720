"""One request on its way, and what a redirect makes of it."""

from collections.abc import Mapping
from urllib.parse import urljoin

import h11
from msgspec import Struct

from payproof.net.address import Address, address_of
from payproof.net.decoding import ACCEPTED
from payproof.net.egress import Origin, RequestRefused

REDIRECTS = frozenset({301, 302, 303, 307, 308})

_ALWAYS = {
    "accept": ("Accept", "*/*"),
    "accept-encoding": ("Accept-Encoding", ACCEPTED),
    "connection": ("Connection", "keep-alive"),
    "user-agent": ("User-Agent", "payproof"),
}


class Hop(Struct, frozen=True):
    method: str
    address: Address
    headers: Mapping[str, str]
    body: bytes

    def request(self, cookie: str | None) -> h11.Request:
        """The head of it. Raises h11.LocalProtocolError, ValueError."""
        given = {name.lower() for name in self.headers}
        headers = [] if "host" in given else [("Host", self.address.place)]
        headers += [always for name, always in _ALWAYS.items() if name not in given]
        headers += self.headers.items()
        has_body = self.body or self.method in ("POST", "PUT", "PATCH")
        if has_body and not given & {"content-length", "transfer-encoding"}:
            headers.append(("Content-Length", str(len(self.body))))
        if cookie is not None and "cookie" not in given:
            headers.append(("Cookie", cookie))
        return h11.Request(method=self.method, target=self.address.target, headers=headers)

    def next(self, status: int, location: str) -> "Hop":
        """Nothing goes from https into the clear, and nobody else is told the credentials.

        Raises ValueError, RequestRefused.
        """
        address = address_of(urljoin(self.address.url, location))
        left, to = self.address.origin, address.origin
        if left.scheme == "https" and to.scheme == "http":
            raise RequestRefused("a redirect leads from https to http")
        method = _method_after(status, self.method)
        is_emptied = method != self.method
        dropped = {"cookie"}
        if is_emptied:
            dropped |= {"content-length", "transfer-encoding"}
        if left != to:
            dropped |= {"host"} if _is_upgrade(left, to) else {"host", "authorization"}
        return Hop(method, address, _without(self.headers, dropped), b"" if is_emptied else self.body)


def first_hop(method: str, url: str, headers: Mapping[str, str], body: bytes) -> Hop:
    """Raises ValueError."""
    address = address_of(url)
    if address.authorization:
        headers = {**_without(headers, {"authorization"}), "Authorization": address.authorization}
    return Hop(method.upper(), address, headers, body)


def _method_after(status: int, method: str) -> str:
    """As browsers do it."""
    stays = {301: method != "POST", 302: method in ("HEAD", "QUERY"), 303: method == "HEAD"}
    return method if stays.get(status, True) else "GET"


def _is_upgrade(left: Origin, to: Origin) -> bool:
    return left == Origin("http", to.host, 80) and to == Origin("https", to.host, 443)


def _without(headers: Mapping[str, str], names: set[str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() not in names}
