"""What sites set and want back, by the rules of http.cookiejar, which is only read where a site sets any."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from http.cookiejar import CookieJar


class Cookie(Struct, frozen=True):
    name: str
    value: str
    domain: str
    path: str


class Cookies:
    """Those of one browser; they can be kept and given back after a crash."""

    def __init__(self, kept: Iterable[Cookie] = ()) -> None:
        self._jar: CookieJar | None = None
        for one in kept:
            self._keep(one)

    def header(self, url: str) -> str | None:
        """What goes with a request."""
        if self._jar is None:
            return None
        from urllib.request import Request

        request = Request(url)
        self._jar.add_cookie_header(request)
        return request.get_header("Cookie")

    def set(self, url: str, headers: Sequence[str]) -> None:
        """By the values of an answer's Set-Cookie."""
        from email.message import Message
        from types import SimpleNamespace
        from urllib.request import Request

        answer = Message()
        for header in headers:
            answer["Set-Cookie"] = header
        self._open().extract_cookies(SimpleNamespace(info=lambda: answer), Request(url))  # type: ignore[arg-type]

    def all(self) -> list[Cookie]:
        return [Cookie(one.name, one.value or "", one.domain, one.path) for one in self._jar or ()]

    def _open(self) -> "CookieJar":
        from http.cookiejar import CookieJar

        self._jar = CookieJar() if self._jar is None else self._jar
        return self._jar

    def _keep(self, one: Cookie) -> None:
        from http import cookiejar

        self._open().set_cookie(
            cookiejar.Cookie(
                version=0,
                name=one.name,
                value=one.value,
                port=None,
                port_specified=False,
                domain=one.domain,
                domain_specified=bool(one.domain),
                domain_initial_dot=one.domain.startswith("."),
                path=one.path,
                path_specified=bool(one.path),
                secure=False,
                expires=None,
                discard=True,
                comment=None,
                comment_url=None,
                rest={},
            )
        )
