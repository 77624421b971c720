"""(g) One search among ten thousand companies: by names, by their beginnings, with slips, and by common words."""

import random
import time
from collections.abc import Sequence
from itertools import product
from pathlib import Path

from bench.figure import Figure
from payproof.model.company import Company
from payproof.store import Store, SystemTx, Window
from payproof.store.company import REAL, companies, company_id, found_companies, write_companies
from payproof.store.dialect import SystemSql
from payproof.store.directory import count_trigrams
from payproof.store.seed import seed_directory
from payproof.store.trigram import folded
from tests.kill.programs import MASTER_BYTES, cpu_seconds_of

COMPANIES, QUERIES, TARGET = 10_000, 1_000, "< 5"
COMMON = (
    *("the", "inc", "ing", "uni", "ban", "ion", "ent", "bank", "of", "a", "s", "c", "in", "na", "co", "st"),
    *("first national bank of", "services inc", "united states of america", "group holdings international company"),
)
PLACES = ("Springfield", "Franklin", "Clinton", "Madison", "Washington", "Salem", "Fairview", "Georgetown", "Dover")
TRADES = (
    *("Bank", "Credit Union", "Insurance", "University", "Hospital"),
    *("School District", "Logistics", "Foods", "Industries", "Energy"),
)
FORMS = (
    *("Inc.", "Corporation", "of America", "Group", "Services"),
    *("and Sons", "International", "Holdings", "Company", "Associates"),
)
FIRSTS = (
    *("First", "United", "National", "American", "General"),
    *("Community", "Pacific", "Northern", "Southern", "Central"),
)


async def measure(place: Path, postgres: str | None) -> list[Figure]:
    """`postgres` is the URL of an empty database."""
    figures = []
    for name, where in (("sqlite", place / "directory.sqlite"), ("postgres", postgres)):
        if where is not None:
            store = Store(where, MASTER_BYTES, connections=1)
            await store.start()
            try:
                figures += await _figures(store, name)
            finally:
                await store.stop()
    return figures


async def _figures(store: Store, name: str) -> list[Figure]:
    count = await store.everywhere.write(_fill)
    queries = await store.everywhere.read(_queries)
    before = await _server_seconds(store)
    costs = sorted([(await _cost(store, query), query) for query in queries])
    served = (await _server_seconds(store) - before) / len(queries) * 1000
    chosen = {"p50": costs[len(costs) // 2], "p99": costs[len(costs) * 99 // 100], "worst": costs[-1]}
    return [
        Figure(
            name=f"g search among {count} companies, {what}, {name}",
            value=cost + served,
            unit="ms CPU",
            target=TARGET,
            note=f"of {len(queries)} searches; for {query!r}",
        )
        for what, (cost, query) in chosen.items()
    ]


async def _cost(store: Store, query: str) -> float:
    began = time.process_time()
    await store.everywhere.read(found_companies, (REAL,), query, Window(20, 0))
    return (time.process_time() - began) * 1000


async def _server_seconds(store: Store) -> float:
    """CPU of PostgreSQL's process for our connection; nothing on SQLite, which runs in ours."""
    if not store.is_postgres:
        return 0.0
    pid = await store.everywhere.read(lambda tx: int(tx.all(SystemSql("SELECT pg_backend_pid()"))[0][0]))
    return cpu_seconds_of(pid)


def _fill(tx: SystemTx) -> int:
    """The shipped directory, and as many companies with common words in their names as are missing."""
    seed_directory(tx)
    held, _ = companies(tx, (REAL,), Window(1, 0))
    names = [" ".join(words) for words in product(FIRSTS, PLACES, TRADES, FORMS)]
    chosen = random.Random(1).sample(names, COMPANIES - held)
    write_companies(tx, [_made(name) for name in chosen])
    count_trigrams(tx)
    return companies(tx, (REAL,), Window(1, 0))[0]


def _made(name: str) -> Company:
    domain = f"{folded(name).replace(' ', '')}.example"
    return Company(id=company_id(domain), name=name, domain=domain)


def _queries(tx: SystemTx) -> Sequence[str]:
    draw = random.Random(2)
    _, known = companies(tx, (REAL,), Window(COMPANIES, 0))
    made = list(COMMON)
    while len(made) < QUERIES:
        name = draw.choice(known).name
        at = draw.randrange(len(name))
        slip = name[:at] + draw.choice("aeiorst") + name[at + 1 :]
        made.append(draw.choice((name, name[: at + 1], slip)))
    return made
