"""Pages of lists: what a client may ask for, the envelope of the answer, and the addresses of its neighbours."""

from collections.abc import Mapping
from typing import Annotated, Generic, TypeVar
from urllib.parse import quote, urlencode

from msgspec import Meta, Struct

T = TypeVar("T")

DEFAULT_SIZE = 100
MAX_SIZE = 500


CREATED = {"created_at_gte": "created_at__gte", "created_at_lte": "created_at__lte"}
"""How the wire spells the two filters by time."""


class PageQuery(Struct, frozen=True, kw_only=True):
    """Documentation of the two parameters; they are read by `PageWish.of`, which forgives more than it says."""

    page: Annotated[int, Meta(ge=1)] = 1
    page_size: Annotated[int, Meta(ge=1, le=MAX_SIZE)] = DEFAULT_SIZE


class Page(Struct, Generic[T], frozen=True):
    count: int
    next: str | None
    previous: str | None
    results: list[T]


class InvalidPage(Exception):
    """There is no such page: 404 with a text of its own."""


class PageWish(Struct, frozen=True):
    number: int
    size: int

    @classmethod
    def of(cls, pairs: Mapping[str, str]) -> "PageWish":
        """The page asked for."""
        number = pairs.get("page") or "1"
        if not number.isascii() or not number.isdigit() or not 0 < int(number[:12]) < 10**9:
            raise InvalidPage
        return cls(int(number), page_size(pairs))

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size

    def check(self, count: int) -> None:
        """Raises `InvalidPage` past the end; the first page of nothing is a page."""
        if self.number > 1 and self.offset >= count:
            raise InvalidPage


def page_size(pairs: Mapping[str, str]) -> int:
    """A size that is no number counts as not given and a larger one as the largest."""
    size = pairs.get("page_size", "")
    asked = int(size[:9]) if size.isascii() and size.isdigit() else 0
    return min(asked, MAX_SIZE) or DEFAULT_SIZE


class Address(Struct, frozen=True):
    """Where the list was asked for: absolute address without query, and the query."""

    url: str
    query: Mapping[str, str]

    def page(self, number: int) -> str:
        pairs = {**self.query, "page": str(number)}
        if number == 1:
            del pairs["page"]
        return self._with(pairs)

    def at(self, cursor: str) -> str:
        return self._with({**self.query, "cursor": cursor})

    def _with(self, pairs: Mapping[str, str]) -> str:
        return f"{self.url}?{urlencode(pairs, quote_via=quote, safe=':,@')}" if pairs else self.url


def page(wish: PageWish, address: Address, count: int, results: list[T]) -> Page[T]:
    """The envelope around one page."""
    following, previous = neighbours(wish, address, count)
    return Page(count, following, previous, results)


def neighbours(wish: PageWish, address: Address, count: int) -> tuple[str | None, str | None]:
    """The addresses of the next and the previous page, with the filters kept. Raises `InvalidPage` past the end."""
    wish.check(count)
    following = address.page(wish.number + 1) if wish.offset + wish.size < count else None
    return following, address.page(wish.number - 1) if wish.number > 1 else None
