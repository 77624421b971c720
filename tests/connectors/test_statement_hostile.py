"""Damaged and hostile files: each ends with facts, a question or a named failure, within memory and time."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from payproof.connectors.statement_file.visit import READER, limits_for
from payproof.documents.isolated import run_isolated
from payproof.kit.failure import Failure
from payproof.model.fact import Facts
from payproof.model.question import Form
from tests.connectors.mutated import ending
from tests.told import Tell


def run_mutated(seeds: range) -> None:
    """In a process of its own, whose children are those of this run alone."""
    command = [sys.executable, "-m", "tests.connectors.mutated", str(seeds.start), str(seeds.stop)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["child_resident_mb"] < 300


def test_a_hundred_mutated_files_have_a_typed_ending() -> None:
    run_mutated(range(100))


@pytest.mark.slow
def test_a_thousand_mutated_files_have_a_typed_ending() -> None:
    run_mutated(range(100, 1100))


MB = 1 << 20


def hostile() -> Iterator[tuple[str, bytes]]:
    head = b"<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><BANKTRANLIST>"
    yield "opened tags", head + b"<STMTTRN>" * (MB // 9)
    yield "unknown tags", head + b"".join(b"<A%d>" % number for number in range(MB // 8))
    yield "broken tags", head + b"<a" * (MB // 2)
    yield "attributes", head + b"<a " + b"b=c " * (MB // 4)
    yield "closed tags", head + b"</STMTRS>" * (MB // 9)
    yield "cdata", head + b"<NAME><![CDATA[x]]>" * (MB // 19)
    yield "open cdata", head + b"<NAME><![CDATA[" * (MB // 15)
    yield "comments", head + b"<!-- -->" * (MB // 8)
    yield "ampersands", head + b"<STMTTRN><NAME>" + b"&#1" * (MB // 3)
    yield "digits", head + b"<STMTTRN><DTPOSTED>20260101<TRNAMT>" + b"1" * MB + b"</OFX>"
    yield "one value", head + b"<STMTTRN><NAME>" + b"x" * MB
    yield "nested", b"<OFX>" + b"".join(b"<A%d>" % (number % 70) for number in range(200)) + b"</A1></OFX>"
    yield "delimiters", b"Date;Amount\n" + b";" * MB
    yield "rows", b"Date;Amount\n" + b"\n1;1" * (MB // 4)
    yield "quotes", b"Date,Description,Amount\n" + b'"' * MB
    yield "open quote", b'Date,Description,Amount\n2026-01-01,"' + b"x\n" * (MB // 2)
    yield "one line", b"Date,Description,Amount," + b"a" * MB
    yield "numbers", b"Date,Description,Amount\n2026-01-01,A," + b"1," * (MB // 2)
    yield "long date", b"Date,Description,Amount\n" + b"1 " * (MB // 2) + b",A,1.00\n"
    yield "cells", b"Date,Description,Amount\n" + b"2026-01-01,A,1.00\n" * (MB // 18)


@pytest.mark.parametrize(("name", "body"), list(hostile()), ids=[name for name, _ in hostile()])
def test_hostile_files_end_within_their_time(name: str, body: bytes) -> None:
    begun = time.monotonic()
    found = asyncio.run(ending(body))
    assert isinstance(found, Facts | Form | Failure)
    if isinstance(found, Failure):
        assert found.detail == "", f"ended by a limit: {found.detail}"
    assert time.monotonic() - begun < 30


def test_a_hundred_thousand_postings(tell: Tell) -> None:
    """Aim: 10 s of CPU and 300 MB resident, for login, collection and both readings; fails only at twice that."""
    command = [sys.executable, "-m", "tests.connectors.big_statement"]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, check=True, timeout=120)
    told = json.loads(done.stdout)
    tell(told)
    assert told["transactions"] == 100_000
    assert told["cpu_seconds"] < 20
    assert max(told["resident_mb"], told["child_resident_mb"]) < 600


def test_limits_grow_with_the_file() -> None:
    assert [limits_for(b"x" * size).cpu_seconds for size in (0, MB - 1, MB, 20 * MB)] == [2, 2, 4, 42]
    assert asyncio.run(run_isolated(READER, b"", limits_for(b""))).startswith(b'{"refusal"')
