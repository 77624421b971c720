"""Our own files with wounds: each ends with facts, a question or a named failure."""

import asyncio
import json
import random
import resource
import sys

from payproof.connectors.statement_file import connector
from payproof.documents.isolated import stop_server
from payproof.kit.failure import ConfigRefused, Failure
from payproof.model.fact import Facts
from payproof.model.question import Form, Question
from tests.connectors.conftest import PaperVisit, upload, whole_visit
from tests.connectors.fixtures.statement_ofx import bank, posting
from tests.documents.csv_dialects import DIALECTS

SEEDS = [
    bank(*(posting(f"202601{day:02}", f"-{day}.50", f"F{day}", f"Shop & {day}") for day in range(1, 29))),
    *(dialect.text.encode() for dialect in DIALECTS),
]
SCRAPS = [
    b"<",
    b">",
    b"</",
    b"\0",
    b"\xff\xfe",
    b"\x81",
    b'"',
    b"<![CDATA[",
    b"<!--",
    b"&#x110000;",
    b"1e999",
    b"\r",
    b";;;;",
]


def mutated(seed: int) -> bytes:
    """One of our own files with a few wounds; the same for the same seed."""
    dice = random.Random(seed)
    body = bytearray(dice.choice(SEEDS))
    for _ in range(dice.randint(1, 8)):
        at, end = sorted(dice.randrange(len(body) + 1) for _ in range(2))
        end = min(end, at + dice.choice([1, 4, 60, 4000]))
        wound = dice.randrange(6)
        if wound == 0:
            del body[at:end]
        elif wound == 1:
            body[at:at] = dice.choice(SCRAPS)
        elif wound == 2:
            body[at:at] = body[at:end] * dice.randint(1, 30)
        elif wound == 3:
            body[at:end] = bytes(dice.randrange(256) for _ in range(end - at))
        elif wound == 4 and body:
            body[min(at, len(body) - 1)] ^= 1 << dice.randrange(8)
        else:
            del body[at + 1 :]
        if not body:
            return b""
    return bytes(body)


async def ending(body: bytes) -> Facts | Question | Failure:
    try:
        return await whole_visit(connector, PaperVisit(upload(("file", body))))
    except Failure as failure:
        return failure


def run_mutated(seeds: range) -> None:
    async def scenario() -> None:
        for seed in seeds:
            found = await ending(mutated(seed))
            assert isinstance(found, Facts | Form | Failure), seed
            if isinstance(found, ConfigRefused):
                assert found.message.startswith(("file:", "file,")), found.message

    asyncio.run(scenario())
    stop_server()


if __name__ == "__main__":
    run_mutated(range(int(sys.argv[1]), int(sys.argv[2])))
    resident = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
    print(json.dumps({"child_resident_mb": resident}))  # noqa: T201
