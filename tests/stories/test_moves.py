"""Every lawful move that a shipped connector can make, made over HTTP and heard by a webhook."""

import asyncio
from collections.abc import Iterator, Mapping
from itertools import pairwise

import pytest
from msgspec import Struct

from payproof.model.task import MOVES
from payproof.net.caller import Caller
from payproof.testing.client import Client
from payproof.testing.receiver import Receiver
from tests.connectors.fixtures.statement_ofx import whole
from tests.stories.bank_file import AMBIGUOUS_CSV, OFX
from tests.stories.server import Dev, running

Move = tuple[str, str]

WITH_THEIR_PRODUCT = {
    ("full_parse", "switch_deposit"),
    *(("switch_deposit", to) for to in ("done", "error", "config_error", "unavailable", "no_data")),
}
"""Deposits are switched by no connector yet."""

BY_NO_CONNECTOR = {
    ("login", "mfa_error"): "the sandbox refuses codes only after it has asked for one",
    ("mfa", "error"): "the sandbox has no fault behind its codes",
    ("mfa", "no_data"): "the sandbox shows an empty account only behind the door",
    ("mfa", "unable_to_reset"): "as above, of expired passwords",
    ("mfa", "not_supported"): "what is not supported is known before anybody is asked",
    ("parse", "config_error"): "an organisation, or a file, is refused before anything of it is read",
    ("full_parse", "config_error"): "as above",
    ("full_parse", "no_data"): "an account that has nothing has ended in parse",
}
"""Lawful, since a connector to come may have to make them."""

LOCKED, REFUSED = whole("", "15502"), whole("", "15500")
LISTED = whole(
    "<SIGNUPMSGSRSV1><ACCTINFOTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS><ACCTINFORS><DTACCTUP>20260101"
    "<ACCTINFO><BANKACCTINFO><BANKACCTFROM><BANKID>021000021<ACCTID>000123456789<ACCTTYPE>CHECKING</BANKACCTFROM>"
    "<SUPTXDL>Y<XFERSRC>N<XFERDEST>N<SVCSTATUS>ACTIVE</BANKACCTINFO></ACCTINFO></ACCTINFORS></ACCTINFOTRNRS>"
    "</SIGNUPMSGSRSV1>"
)
LETTER = b"Dear bank,\nplease send me a statement.\n"


class Path(Struct, frozen=True, kw_only=True):
    """One way through a connection, and the statuses it goes through."""

    statuses: str
    login: str = ""
    files: Mapping[str, bytes] = {}
    answer: str = ""
    product: str = "income"
    trouble: str = ""
    """What happens at the portal while the task is in a status: `closed in mfa`, `forgetful in parse`."""


PATHS = [
    Path(statuses="new login parse full_parse done", login="goodlogin goodpassword"),
    Path(statuses="new login mfa parse full_parse done", login="goodlogin mfa", answer="12345"),
    Path(statuses="new login mfa mfa_error", login="goodlogin mfa", answer="99999"),
    Path(statuses="new login mfa unavailable", login="goodlogin mfa", answer="12345", trouble="closed in mfa"),
    Path(statuses="new login parse no_data", login="error.user no_data"),
    Path(statuses="new login parse unavailable", login="goodlogin goodpassword", trouble="closed in parse"),
    Path(statuses="new login parse error", login="goodlogin goodpassword", trouble="forgetful in parse"),
    Path(
        statuses="new login parse full_parse unavailable",
        login="goodlogin goodpassword",
        trouble="closed in full_parse",
    ),
    Path(
        statuses="new login parse full_parse error", login="goodlogin goodpassword", trouble="forgetful in full_parse"
    ),
    *(
        Path(statuses=f"new login {ending}", login=f"error.user {ending}")
        for ending in (
            "error", "login_error", "account_locked", "config_error", "unavailable", "unable_to_reset", "not_supported",
        )
    ),
    Path(statuses="new error"),
    Path(statuses="new login parse full_parse done", files={"a.ofx": OFX}),
    Path(statuses="new login no_data", files={"a.ofx": LISTED}),
    Path(statuses="new login config_error", files={"a.ofx": LETTER}),
    Path(statuses="new login mfa parse full_parse done", files={"a.csv": AMBIGUOUS_CSV}, answer="any"),
    Path(statuses="new login mfa login_error", files={"a.csv": AMBIGUOUS_CSV, "b.ofx": REFUSED}, answer="any"),
    Path(statuses="new login mfa account_locked", files={"a.csv": AMBIGUOUS_CSV, "b.ofx": LOCKED}, answer="any"),
    Path(statuses="new login mfa config_error", files={"a.csv": AMBIGUOUS_CSV, "b.ofx": LETTER}, answer="any"),
]  # fmt: skip


STAGES = {"parse": "10 seconds", "full_parse": "55 seconds"}
"""When a task is there, by documented stage times; the clock stands still until it is told to go on."""


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dev]:
    """A server whose tasks stay in each stage as long as upstream, on the tenant's clock."""
    with running(tmp_path_factory.mktemp("slow"), "--port", "0", "--profile", "realistic") as server:
        yield server


@pytest.fixture(scope="module")
async def heard(slow: Dev) -> list[list[str]]:
    """What a webhook heard of each path."""
    async with Receiver("") as receiver, asyncio.timeout(120):
        return await asyncio.gather(*(_gone(slow, path, receiver) for path in PATHS))


async def test_each_path_is_announced_move_by_move(heard: list[list[str]]) -> None:
    assert heard == [path.statuses.split() for path in PATHS]


async def test_every_lawful_move_is_made_or_named(heard: list[list[str]]) -> None:
    made = {move for statuses in heard for move in pairwise(statuses)}
    lawful = {(start.value, to.value) for start, ends in MOVES.items() for to in ends}
    assert made <= lawful
    assert lawful - made == WITH_THEIR_PRODUCT | {*BY_NO_CONNECTOR}


async def _gone(dev: Dev, path: Path, receiver: Receiver) -> list[str]:
    """The statuses that were announced, in a tenant with a portal and a clock of its own."""
    async with Client(dev.url, dev.client_id, dev.secret) as maker:
        made = await maker.post("/v1/sandbox/tenants/", {})
    async with Client(dev.url, made["client_id"], made["secret"]) as client:
        await client.new_webhook(receiver.url, ["task-status-updated"])
        task_id = await _connected(client, path, Outside(client, made["id"]))
    await receiver.until(lambda _: len(receiver.statuses(task_id)) >= len(path.statuses.split()), seconds=60)
    return receiver.statuses(task_id)


async def _connected(client: Client, path: Path, outside: "Outside") -> str:
    what, _, when = path.trouble.partition(" in ")
    await outside.stop_the_clock()
    async with await client.open_widget(product="income" if path.login else "transactions") as widget:
        if path.login:
            attempt = await widget.sign_in(*path.login.split())
        else:
            attempt = await widget.start("statement_file")
        if path.files:
            await widget.hand_over(attempt, path.files)
        if path.answer:
            await outside.advance("10 seconds")
            attempt = await widget.until_asked(attempt)
            if when == "mfa":
                await outside.trouble(what)
            field = (attempt["question"].get("fields") or [{"name": "answer", "options": []}])[0]
            value = field["options"][0]["value"] if field["options"] else path.answer
            await widget.answer(attempt, **{field["name"]: value})
        if when in STAGES:
            await outside.advance(STAGES[when])
            await widget.until(attempt, lambda found: bool(found["status"] == when))
            await outside.trouble(what)
        await outside.advance("21 minutes")
        await widget.until(attempt)
        return str(attempt["id"])


class Outside:
    """What is in nobody's hands: the time, and the state of the portal."""

    def __init__(self, client: Client, tenant: str) -> None:
        self._client = client
        self._tenant = tenant
        self._clock = ""

    async def stop_the_clock(self) -> None:
        self._clock = (await self._client.post("/v1/sandbox/clocks/", {}))["id"]

    async def advance(self, span: str) -> None:
        await self._client.post(f"/v1/sandbox/clocks/{self._clock}/advance/?wait=30", {"by": span})

    async def trouble(self, what: str) -> None:
        caller = Caller(self._client.url, {"X-World-Tenant": self._tenant})
        if what == "closed":
            reply = await caller.call("POST", "/world/control/maintenance", {"on": True})
        else:
            reply = await caller.call("DELETE", "/world/control/tenant")
        await caller.close()
        assert reply.is_good, reply.content
