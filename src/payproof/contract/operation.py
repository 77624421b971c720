"""One thing a client can ask for: where, with what, and what it gets. The doors bind to these, OpenAPI lists them."""

from typing import Any

from msgspec import Struct


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
    request: type[Struct] | None = None
    has_files: bool = False
    """The request is multipart/form-data with files."""
    query: type[Struct] | None = None
    is_paged: bool = False
    refusals: tuple[int, ...] = ()
    """Statuses beside those that every operation may answer."""


def get(name: str, path: str, tag: str, summary: str, answer: Any = None, **more: Any) -> Operation:
    return Operation(name=name, method="GET", path=path, tag=tag, summary=summary, answer=answer, **more)


def post(name: str, path: str, tag: str, summary: str, answer: Any = None, **more: Any) -> Operation:
    said: dict[str, Any] = {"method": "POST", "status": 201, "refusals": (400,)} | more
    return Operation(name=name, path=path, tag=tag, summary=summary, answer=answer, **said)
