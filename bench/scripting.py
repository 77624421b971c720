"""Tasks of the scripted connector, which touches no network, and an engine that does them."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.filling import first_client
from payproof import clock
from payproof.engine.engine import Engine
from payproof.model.bridge_token import BridgeToken, BridgeTokenWish
from payproof.model.id import UserId, new_id
from payproof.model.job import JobKind
from payproof.model.product import ProductType
from payproof.model.provider import Provider
from payproof.model.secret import Secret
from payproof.model.session import Attempt, Session
from payproof.model.tenant import Tenant
from payproof.model.user import User
from payproof.services.attempt import start_attempt
from payproof.services.session import open_session
from payproof.store import Store, SystemTx, Tx
from payproof.store.bridge_token import add_bridge_token
from payproof.store.dialect import SystemSql
from payproof.store.user import add_user
from payproof.testing.scripted import MANIFEST, Scripted
from payproof.workflows.verify import Verify
from tests.kill.programs import MASTER_BYTES

PROVIDER = Provider(
    id=MANIFEST.provider_id,
    connector_id=MANIFEST.id,
    name=MANIFEST.name,
    data_source=MANIFEST.data_source,
    products=tuple(MANIFEST.products),
    form=MANIFEST.form,
    kind=MANIFEST.kind,
)
_DUE = SystemSql("SELECT 1 FROM job WHERE kind = 'verify' AND (due_at <= :now OR lease_until IS NOT NULL) LIMIT 1")
_AT_ONCE = 100


@asynccontextmanager
async def opened(where: Path | str) -> AsyncIterator[tuple[Store, Tenant]]:
    """A durable store of its own, with the client of the benchmark in it."""
    store = Store(where, MASTER_BYTES, synchronous="FULL")
    await store.start()
    try:
        yield store, await store.everywhere.write(lambda tx: first_client(tx).tenant)
    finally:
        await store.stop()


async def begin_many(store: Store, tenant: Tenant, script: str, count: int) -> list[tuple[Session, Attempt]]:
    """So many attempts, each by a person of its own."""
    begun: list[tuple[Session, Attempt]] = []
    while len(begun) < count:
        several = min(_AT_ONCE, count - len(begun))
        begun += await asyncio.gather(*(store.of(tenant).write(begin, script) for _ in range(several)))
    return begun


def begin(tx: Tx, script: str) -> tuple[Session, Attempt]:
    """A new person's first attempt; the user name is the script."""
    user = add_user(tx, User(id=UserId(new_id()), first_name="Ada", created_at=tx.now, updated_at=tx.now))
    token = BridgeToken(
        token=new_id(),
        user_id=user.id,
        wish=BridgeTokenWish(product_type=ProductType.INCOME),
        created_at=tx.now,
        expires_at=tx.now + timedelta(hours=6),
    )
    session = open_session(tx, add_bridge_token(tx, token))
    return session, start_attempt(tx, session, PROVIDER, {"username": Secret(script), "password": Secret("x")})


async def work_off(store: Store) -> tuple[float, float]:
    """Run the engine until nothing is due. Returns seconds of the wall and of our CPU."""
    verify = Verify({PROVIDER.id: Scripted()}, _no_browser, "")
    stop = asyncio.Event()
    wall, cpu = time.perf_counter(), time.process_time()
    engine = asyncio.create_task(Engine(store, {JobKind.VERIFY: verify}).run(stop))
    while await store.everywhere.read(_due):  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    spent = time.perf_counter() - wall, time.process_time() - cpu
    stop.set()
    await engine
    return spent


def plugin(place: Path) -> dict[str, str]:
    """The environment in which our commands find the scripted connector installed, as any other package's."""
    made = place / "plugin"
    about = made / "payproof_scripted-1.dist-info"
    about.mkdir(parents=True)
    (made / "payproof_scripted.py").write_text(
        "from payproof.testing.scripted import Scripted\n\nconnector = Scripted()\n"
    )
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: payproof-scripted\nVersion: 1\n")
    (about / "entry_points.txt").write_text("[payproof.connectors]\nscripted = payproof_scripted\n")
    return {"PYTHONPATH": ":".join([str(made), *(one for one in sys.path if one)])}


def _due(tx: SystemTx) -> bool:
    return tx.one(_DUE, now=clock.to_micros(tx.wall)) is not None


def _no_browser(*_: Any) -> Any:
    return None
