"""A visit with a hundred thousand postings in one file, measured: run as a program, it prints what it used as JSON."""

import asyncio
import json
import resource
import sys
from typing import Any

from payproof.connectors.statement_file import connector
from payproof.documents.isolated import stop_server
from payproof.kit.connector import Depth
from payproof.model.question import Answers
from tests.connectors.conftest import PaperVisit, upload
from tests.connectors.fixtures.statement_ofx import bank, posting


def big_file(count: int) -> bytes:
    """About 20 MB at 100,000 postings."""
    rows = (
        posting(
            f"2025{number % 12 + 1:02}{number % 28 + 1:02}120000.000[-5:EST]",
            f"-{number % 900}.{number % 100:02}",
            f"20250101{number:012}",
            f"MERCHANT NUMBER {number}",
            DTUSER="20250101120000",
            MEMO=f"POS PURCHASE TERMINAL {number:08} SOME TOWN ST",
        )
        for number in range(count)
    )
    return bank(*rows, start="20250101", end="20251231", as_of="20251231")


async def visit(count: int) -> dict[str, Any]:
    paper = PaperVisit(upload(("big.ofx", big_file(count))))
    begun = _cpu(resource.RUSAGE_SELF)
    assert await connector.login(paper, Answers()) is None
    raws = [raw async for raw in connector.collect(paper, Depth.BASIC)]
    connector.read(raws, Depth.BASIC)
    facts = connector.read(raws, Depth.FULL)
    spent = _cpu(resource.RUSAGE_SELF) - begun
    stop_server()
    return {
        "megabytes": len(paper.uploads[0].body) >> 20,
        "transactions": len(facts.accounts[0].transactions),
        "cpu_seconds": round(spent + _cpu(resource.RUSAGE_CHILDREN), 1),
        "resident_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
        "child_resident_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10,
    }


def _cpu(who: int) -> float:
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(visit(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))))
