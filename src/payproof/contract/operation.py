"""One thing a client can ask for: where, with what, and what it gets. The doors bind to these, OpenAPI lists them."""

from typing import Any

from msgspec import Struct

NOTE = 4_096
"""A body that is a token or two, with room for keys of the caller's own."""

FORM = 32_768
"""A body of a dozen short texts: each at its longest and written in escapes, it stays under this."""


class Operation(Struct, frozen=True, kw_only=True):
    name: str
    """The operation id; the door's function is found by it."""
    method: str
    path: str
    """With a slash at the end and `{names}` in it; callers may leave the slash out."""
    tag: str
    summary: str
    answer: Any = None
    """The wire type of the answer's body; None where there is none or it is not JSON."""
    media_type: str = "application/json"
    status: int = 200
    may_be_pending: bool = False
    """It answers 202, with the same body, where what was asked for is still under way."""
    request: type[Struct] | None = None
    max_bytes: int = FORM
    """The largest request body that is read; more is 413."""
    has_files: bool = False
    """The request is multipart/form-data with files."""
    query: type[Struct] | None = None
    is_paged: bool = False
    is_old: bool = False
    """Kept for clients that still call it; OpenAPI marks it as deprecated."""
    refusals: tuple[int, ...] = ()
    """Statuses beside those that follow from its shape."""

    @property
    def is_naming(self) -> bool:
        """Its path names an object."""
        return "{" in self.path

    @property
    def has_body(self) -> bool:
        return self.request is not None or self.has_files

    @property
    def refused(self) -> frozenset[int]:
        """The statuses of its own refusals, those included that follow from its shape."""
        found = set(self.refusals)
        if self.query or self.has_body:
            found.add(400)
        if self.is_naming or self.is_paged:
            found.add(404)
        if self.has_body:
            found.add(413)
        return frozenset(found)


def get(name: str, path: str, tag: str, summary: str, answer: Any = None, **more: Any) -> Operation:
    return Operation(name=name, method="GET", path=path, tag=tag, summary=summary, answer=answer, **more)


def post(name: str, path: str, tag: str, summary: str, answer: Any = None, **more: Any) -> Operation:
    said: dict[str, Any] = {"method": "POST", "status": 201, "refusals": (400,)} | more
    return Operation(name=name, path=path, tag=tag, summary=summary, answer=answer, **said)


def delete(name: str, path: str, tag: str, summary: str, **more: Any) -> Operation:
    return Operation(name=name, method="DELETE", path=path, tag=tag, summary=summary, status=204, **more)
