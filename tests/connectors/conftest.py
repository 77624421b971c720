"""A visit without an engine: what a connector remembers, keeps and is handed, as plain attributes."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from payproof.kit.connector import Connector, Depth
from payproof.kit.visit import Browser, Visit
from payproof.model.fact import Facts
from payproof.model.id import TaskId
from payproof.model.product import ProductType
from payproof.model.question import Answers, Form, Question
from payproof.model.raw import Raw
from payproof.model.secret import Secret


class PaperVisit:
    """A visit that hands over files and keeps everything in memory."""

    http: Browser
    world_url = ""

    def __init__(self, uploads: Sequence[Raw] = (), remembered: dict[str, Any] | None = None) -> None:
        self.task_id = TaskId("0" * 32)
        self.product_type = ProductType.TRANSACTIONS
        self.now = datetime(2026, 11, 1, tzinfo=UTC)
        self.memory: dict[str, Any] = {}
        self.remembered: dict[str, Any] = dict(remembered or {})
        self.kept: dict[str, Any] = {}
        self.uploads = tuple(uploads)
        self.logged: list[str] = []

    async def intend(self, call: str, *, limit: int = 1) -> int:
        raise AssertionError("files need no once-calls")

    def intended(self, call: str) -> int:
        return 0

    def remember(self, key: str, value: Any) -> None:
        self.kept[key] = value

    def log(self, event: str, **facts: str | int | float | bool | None) -> None:
        self.logged.append(event)


def upload(*files: tuple[str, bytes]) -> list[Raw]:
    """The files as raws, in order."""
    return [
        Raw(key=f"upload/{number}/{name}", media_type="application/octet-stream", body=body, name=name)
        for number, (name, body) in enumerate(files)
    ]


async def whole_visit(
    connector: Connector, visit: PaperVisit, replies: Sequence[dict[str, str]] = ()
) -> Facts | Question:
    """Login with the replies in order, collect, read: the facts, or the question that nobody answered."""
    as_visit: Visit = visit
    asked: Question | None = await connector.login(as_visit, Answers())
    for reply in replies:
        assert isinstance(asked, Form), "asked nothing, but a reply was prepared"
        given = {name: Secret(value) for name, value in reply.items()}
        asked = await connector.login(as_visit, Answers(reply=given, asked=asked))
    if asked is not None:
        return asked
    raws = [raw async for raw in connector.collect(as_visit, Depth.BASIC)]
    raws += [raw async for raw in connector.collect(as_visit, Depth.FULL)]
    basic, full = connector.read(raws, Depth.BASIC), connector.read(raws, Depth.FULL)
    assert [account.key for account in basic.accounts] == [account.key for account in full.accounts]
    assert all(not account.transactions for account in basic.accounts)
    assert connector.read(raws, Depth.FULL) == full
    return full


@pytest.fixture
def paper_visit() -> type[PaperVisit]:
    return PaperVisit
