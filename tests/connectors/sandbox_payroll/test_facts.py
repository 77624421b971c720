"""What is read from the portal, compared with golden facts. `PAYPROOF_GOLDEN=write` writes them anew."""

import asyncio
import os
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from payproof.connectors.sandbox_payroll import connector
from payproof.kit.connector import Depth
from payproof.kit.failure import SourceFailed
from payproof.model.fact import Facts
from payproof.model.product import ProductType
from payproof.model.raw import Raw
from tests.connectors.sandbox_payroll.visiting import Task, world

GOLDEN = Path(__file__).parent / "golden"
PEOPLE = ["goodlogin", "hourly.part-time", "multiple.employments", "multiple.employments2", "fulltime", "person.17"]


def visited(folder: Path, username: str) -> tuple[list[Raw], list[Raw]]:
    """The raws of both depths."""

    async def run() -> tuple[list[Raw], list[Raw]]:
        async with world(folder) as (_, engine):
            task = Task()
            await engine.login(task, {"username": username, "password": "goodpassword"})
            return await engine.collect(task, Depth.BASIC), await engine.collect(task, Depth.FULL)

    return asyncio.run(run())


@pytest.mark.parametrize("username", PEOPLE)
def test_facts_are_golden(tmp_path: Path, username: str) -> None:
    basic, full = visited(tmp_path, username)
    for depth, raws in ((Depth.BASIC, basic), (Depth.FULL, basic + full)):
        facts = connector.read(raws, depth)
        assert connector.read(raws, depth) == facts
        compare(f"{username}.{depth.value}", facts)


def compare(name: str, facts: Facts) -> None:
    golden = GOLDEN / f"{name}.json"
    told = msgspec.json.format(msgspec.json.encode(facts), indent=1)
    if os.environ.get("PAYPROOF_GOLDEN") == "write":
        golden.write_bytes(told + b"\n")
    assert msgspec.json.decode(golden.read_bytes(), type=Facts) == facts


@pytest.mark.parametrize("username", [*PEOPLE, "goodlogin.weekly", "goodlogin.tn2"])
def test_amounts_add_up(tmp_path: Path, username: str) -> None:
    basic, full = visited(tmp_path, username)
    for employment in connector.read(basic + full, Depth.FULL).employments:
        newest_first = employment.statements
        assert newest_first
        for later, earlier in pairwise(newest_first):
            assert later.pay_date is not None
            assert earlier.pay_date is not None
            assert later.pay_date > earlier.pay_date
            carried = earlier.gross_pay_ytd if later.pay_date.year == earlier.pay_date.year else Decimal(0)
            assert (carried or Decimal(0)) + (later.gross_pay or Decimal(0)) == later.gross_pay_ytd
        for statement in newest_first:
            earned = sum(line.amount for line in statement.earnings)
            assert earned == statement.gross_pay
            assert earned - sum(line.amount for line in statement.deductions) == statement.net_pay
            assert statement.md5sum


def test_goodlogin_is_the_published_person(tmp_path: Path) -> None:
    basic, full = visited(tmp_path, "goodlogin")
    (employment,) = connector.read(basic + full, Depth.FULL).employments
    assert (employment.job_title, str(employment.start_date)) == ("PR associate", "2023-01-01")
    assert employment.profile is not None
    assert employment.profile.ssn == "991919991"
    assert len(employment.statements) == 26
    assert [w2.year for w2 in employment.w2s] == [2025, 2024, 2023]
    assert [raw.body[:5] for raw in full if raw.media_type == "application/pdf"] == [b"%PDF-"] * 29
    assert {a.deposit_type for a in employment.allocations} == {"P"}


def test_no_secret_in_raws_logs_or_repr(tmp_path: Path) -> None:
    async def run() -> str:
        async with world(tmp_path) as (_, engine):
            task = Task()
            asked = await engine.login(task, {"username": "goodlogin", "password": "mfa_question"})
            await engine.login(task, {"username": "goodlogin", "password": "mfa_question"}, asked, "Rex")
            visit = engine.visit(task)
            raws = await engine.everything(task)
            bodies = b"".join(raw.body for raw in raws).decode(errors="replace")
            return bodies + repr(task.memory) + repr(visit.logged) + repr(connector.read(raws, Depth.FULL))

    told = asyncio.run(run())
    log = (tmp_path / "access.jsonl").read_text()
    assert "mfa_question" not in told + log
    assert "Rex" not in told + log


def test_an_employment_task_brings_no_papers(tmp_path: Path) -> None:
    async def run() -> list[Raw]:
        async with world(tmp_path) as (_, engine):
            task = Task()
            await engine.login(task, {"username": "goodlogin", "password": "goodpassword"})
            visit = engine.visit(task)
            visit.product_type = ProductType.EMPLOYMENT
            depths = (Depth.BASIC, Depth.FULL)
            return [raw for depth in depths async for raw in connector.collect(visit, depth)]

    raws = asyncio.run(run())
    assert [raw.key for raw in raws] == ["home.html"]
    assert connector.read(raws, Depth.FULL) == connector.read(raws, Depth.BASIC)


@pytest.mark.parametrize("html", ["", "<body id=home><dl id=identity>", "<p>\x00<table id=x><tr>"])
def test_a_page_that_cannot_be_read_is_a_failure(html: str) -> None:
    with pytest.raises(SourceFailed):
        connector.read([Raw(key="home.html", media_type="text/html", body=html.encode())], Depth.BASIC)
