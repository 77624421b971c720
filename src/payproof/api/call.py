"""One request as the doors see it: who asks, for what, and with which body."""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from payproof.api.directory import Directory
from payproof.api.house import House
from payproof.contract.page import Address, PageWish
from payproof.contract.provider import ProviderRef
from payproof.contract.reading import decode_object
from payproof.model.tenant import Tenant
from payproof.store import Tx, Window

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Call:
    """Built once per request; `granted` and `key_id` are filled in when access is granted."""

    __slots__ = ("args", "base", "body", "granted", "headers", "house", "key_id", "remote", "scope")

    def __init__(self, scope: Scope, headers: dict[bytes, bytes], house: House) -> None:
        self.scope = scope
        self.headers = headers
        self.house = house
        self.base = house.base_url or caller_base(scope["scheme"], headers.get(b"host", b""))
        client = scope.get("client")
        self.remote: str = client[0] if client else "unknown"
        """The network address it comes from: the peer's, or what a trusted proxy says of it."""
        self.args: tuple[str, ...] = ()
        """What stands for the names in the route's path, in order."""
        self.body = b""
        self.granted: Tenant | None = None
        self.key_id = ""

    @property
    def tenant(self) -> Tenant:
        """Whose call it is, once access was granted."""
        assert self.granted is not None
        return self.granted

    @property
    def directory(self) -> Directory:
        return self.house.directory

    @property
    def query(self) -> Mapping[str, str]:
        """The last value of each name."""
        return dict(parse_qsl(self.scope["query_string"].decode("latin-1"), keep_blank_values=True))

    @property
    def json(self) -> dict[str, Any]:
        """The body as an object. Raises `InvalidParams`."""
        return decode_object(self.body)

    @property
    def page(self) -> PageWish:
        return PageWish.of(self.query)

    @property
    def address(self) -> Address:
        return Address(self.base + self.scope["path"].rstrip("/") + "/", self.query)

    def provider(self, tx: Tx, provider_id: str) -> ProviderRef:
        return self.directory.ref(tx, provider_id, self.base)


def window(page: PageWish) -> Window:
    return Window(page.size, page.offset)


@lru_cache(maxsize=64)
def caller_base(scheme: str, host: bytes) -> str:
    """The address the caller used, where it looks like one."""
    name = host.decode("latin-1")
    return f"{scheme}://{name if is_host(name) else 'localhost'}"


def is_host(name: str) -> bool:
    """Whether it may stand in a link: nothing that could end the host or begin something else."""
    return bool(name) and name.isascii() and all(sign.isalnum() or sign in ".-:[]_" for sign in name)
