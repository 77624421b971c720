"""Calls of a client as they went over the wire, with what is drawn by chance under names."""

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from payproof.contract import truv
from payproof.net.caller import Reply
from payproof.testing.client import Client

OPERATIONS = {one.name: one for one in truv.OPERATIONS}

_CHANCE = re.compile(
    r'"(?P<key>\w+)": (?P<number>[0-9]+)(?=,?\n)'
    r"|(?P<secret>sandbox-[0-9a-f]{40})"
    r"|(?P<sign>\b[0-9a-f]{64}\b)"
    r"|(?P<id>\b[0-9a-f]{32}\b)"
    r"|cursor=(?P<cursor>[\w-]+)"
    r"|\*{28}(?P<end>[0-9a-f]{4})"
    r"|(?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.(?!000000)[0-9]{6}(Z|\+00:00))"
)
_SPENT = "latency_ms"


class Renaming:
    """Names for what differs from run to run, numbered in the order of first appearance.

    Times of the tenant's clock stand as they are: it is frozen, at a full second.
    """

    def __init__(self, *addresses: tuple[str, str]) -> None:
        """Each address with what stands for it: ports differ too."""
        self._addresses = addresses
        self._names: dict[str, str] = {}

    def of(self, text: str) -> str:
        for address, name in self._addresses:
            text = text.replace(address, name)
        return _CHANCE.sub(self._renamed, text)

    def _renamed(self, found: re.Match[str]) -> str:
        if found["number"]:
            return f'"{_SPENT}": 0' if found["key"] == _SPENT else found[0]
        if found["end"]:
            return "*" * 28 + "last"
        if found["cursor"]:
            return "cursor=sealed"
        kind = next(kind for kind in ("secret", "sign", "id", "time") if found[kind])
        ordinal = sum(name.startswith(f"{kind}-") for name in self._names.values()) + 1
        return self._names.setdefault(found[0], f"{kind}-{ordinal}")


class Recorder:
    """Calls operations by name and keeps the first good answer of each, and the refusals it is told to keep."""

    def __init__(self, client: Client, renaming: Renaming) -> None:
        self._client = client
        self._renaming = renaming
        self.kept: dict[str, str] = {}

    async def ask(self, name: str, *args: str, body: Any = None, **query: str) -> Any:
        """The answer's body; `args` stand for the names in the path."""
        one = OPERATIONS[name]
        path = one.path
        for arg in args:
            path = re.sub("{.*?}", arg, path, count=1)
        reply = await self._client.call(one.method, path, body, **query)
        assert reply.status == one.status, (name, reply.content)
        if name not in self.kept:
            self.keep(name, one.method, path, body, query, reply)
        return reply.body

    async def refused(self, name: str, method: str, path: str, body: Any = None, **query: str) -> None:
        self.keep(name, method, path, body, query, await self._client.call(method, path, body, **query))

    def keep(self, name: str, method: str, path: str, body: Any, query: dict[str, str], reply: Reply) -> None:
        asked = "?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else ""
        self.keep_body(
            name,
            {
                "call": f"{method} {path}{asked}",
                **({"body": body} if body is not None else {}),
                "status": reply.status,
                **({"answer": msgspec.Raw(reply.content)} if reply.content else {}),
            },
        )

    def keep_body(self, name: str, body: Any) -> None:
        written = msgspec.json.format(msgspec.json.encode(body), indent=2).decode()
        self.kept[name] = self._renaming.of(written) + "\n"

    def keep_events(self, deliveries: Iterable[dict[str, Any]]) -> None:
        """The first of each type, as it would be posted."""
        for one in deliveries:
            name = f"event_{one['event_type']}"
            if name not in self.kept:
                self.keep_body(name, {"headers": one["headers"], "body": msgspec.Raw(one["body"].encode())})
