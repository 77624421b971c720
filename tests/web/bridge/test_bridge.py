"""The widget's endpoints over a real store, with nobody behind them: the test moves the tasks itself."""

import asyncio
from typing import Any

import msgspec
import pytest

from payproof.config import Settings
from payproof.model.product import DataSource, ProductType
from payproof.model.provider import Provider
from payproof.model.question import Challenge, ChallengeKind, Field, FieldKind, Form
from payproof.model.raw import UPLOAD_PREFIX
from payproof.model.task import TaskStatus
from payproof.store import Store, question, raw
from payproof.store.task import move_task, task
from payproof.web.bridge import BridgeDoor
from tests.api.caller import Caller, Reply
from tests.api.conftest import PROVIDERS, door, door_over, migrated, postgres_store_url, settings, sink, store
from tests.api.people import new_user, tenant_of

__all__ = ["door", "migrated", "postgres_store_url", "settings", "sink", "store"]

FILES = Provider(
    id="bank_file",
    connector_id="statement_file",
    name="Bank statement file",
    data_source=DataSource.FINANCIAL_ACCOUNTS,
    products=(ProductType.TRANSACTIONS,),
    form=Form(fields=(Field(name="file", label="Files", kind=FieldKind.FILE, max_files=2, max_bytes=1000),)),
    kind="file",
)
LOCAL = msgspec.structs.replace(PROVIDERS[0], id="pretend", connector_id="pretend", name="Pretend", sandbox_only=True)


class Widget:
    """One person in front of one session."""

    def __init__(self, caller: Caller, session_id: str) -> None:
        self.caller = caller
        self.session_id = session_id
        self.path = f"/bridge/v1/sessions/{session_id}/"

    async def attempt(self, provider_id: str = "acme", **answers: str) -> Reply:
        return await self.caller.post(self.path + "attempts/", {"provider_id": provider_id, "answers": answers})

    async def read(self, attempt_id: str) -> Any:
        return (await self.call("GET", f"attempts/{attempt_id}/")).json

    async def answer(self, attempt_id: str, answers: dict[str, str], **more: str) -> Reply:
        return await self.call("POST", f"attempts/{attempt_id}/answers/", {"answers": answers, **more})

    async def call(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        bearer = {"authorization": f"Bearer {self.session_id}"}
        return await self.caller.call(method, f"/bridge/v1/{path}", body, **bearer, **headers)


@pytest.fixture
def caller(store: Store, settings: Settings, sink: Any) -> Caller:
    providers = (*PROVIDERS, FILES, LOCAL)
    made = door_over(store, settings, sink)
    made._mounts = {"bridge": BridgeDoor(store, providers)}
    return Caller(made)


@pytest.fixture
async def widget(caller: Caller) -> Widget:
    return await open_widget(caller, product_type="income")


async def open_widget(caller: Caller, **wish: Any) -> Widget:
    path = f"/v1/users/{await new_user(caller)}/tokens/"
    token = (await caller.post(path, wish)).json["bridge_token"]
    reply = await caller.as_(None, None).post("/bridge/v1/sessions/", {"bridge_token": token})
    assert reply.status == 201, reply.content
    return Widget(caller.as_(None, None), reply.json["id"])


async def _begin(widget: Widget) -> Any:
    reply = await widget.attempt(username="ada", password="secret")
    assert reply.status == 201, reply.content
    return reply.json


async def _ask(store: Store, attempt_id: str) -> None:
    tenancy = store.of(await tenant_of(store))
    found = await tenancy.read(task, attempt_id)
    assert found is not None
    moved = await tenancy.write(move_task, found, TaskStatus.LOGIN)
    asked = Challenge(kind=ChallengeKind.CODE, label="The code")
    await tenancy.write(lambda tx: question.ask(tx, move_task(tx, moved, TaskStatus.MFA), asked))


async def test_a_session_is_opened_with_a_token(caller: Caller) -> None:
    user_id = await new_user(caller)
    wish = {"product_type": "income", "client_name": "Example", "data_sources": ["payroll"]}
    token = (await caller.post(f"/v1/users/{user_id}/tokens/", wish)).json["bridge_token"]
    reply = await caller.as_(None, None).post("/bridge/v1/sessions", {"bridge_token": token})
    assert reply.status == 201
    assert reply.json | {"id": "", "expires_at": ""} == {
        "id": "",
        "product_type": "income",
        "client_name": "Example",
        "data_sources": ["payroll"],
        "provider_id": None,
        "company_mapping": None,
        "expires_at": "",
    }
    unknown = await caller.post("/bridge/v1/sessions/", {"bridge_token": "f" * 32})
    assert unknown.json["error"]["extra"]["invalid-params"][0]["field"] == "bridge_token"


async def test_the_providers_offered_fit_the_token(caller: Caller) -> None:
    async def offered(**wish: Any) -> list[str]:
        widget = await open_widget(caller, **wish)
        return [one["id"] for one in (await widget.caller.get(widget.path + "providers")).json["results"]]

    assert await offered(product_type="income") == ["acme", "pretend"]
    assert await offered(product_type="income", data_sources=["financial_accounts"]) == ["bank_file", "bank"]
    assert await offered(product_type="income", provider_id="acme") == ["acme"]


async def test_required_fields_are_named(widget: Widget) -> None:
    reply = await widget.attempt(username="ada")
    assert reply.status == 400
    assert [one["field"] for one in reply.json["error"]["extra"]["invalid-params"]] == ["password"]
    assert (await widget.attempt("nobody")).status == 400
    assert (await widget.caller.post(widget.path + "attempts/", {})).status == 400


async def test_a_question_is_asked_and_answered_once(widget: Widget, store: Store) -> None:
    begun = await _begin(widget)
    assert (begun["status"], begun["is_final"], begun["question"]) == ("new", False, None)
    await _ask(store, begun["id"])
    waiting = await widget.read(begun["id"])
    assert waiting["status"] == "mfa"
    asked = waiting["question"]
    assert (asked["type"], asked["kind"], asked["label"]) == ("challenge", "code", "The code")
    assert (await widget.answer(begun["id"], {"answer": "1"}, question_id="f" * 32)).status == 400
    assert (await widget.answer(begun["id"], {"code": "12345"})).status == 400
    reply = await widget.answer(begun["id"], {"answer": "12345"}, question_id=asked["id"])
    assert reply.status == 202
    assert reply.json["question"] is None
    assert (await widget.answer(begun["id"], {"answer": "12345"})).status == 400


async def test_an_attempt_is_its_sessions_alone(widget: Widget, caller: Caller) -> None:
    begun = await _begin(widget)
    other = await open_widget(caller, product_type="income")
    path = f"attempts/{begun['id']}/"
    assert (await other.call("GET", path)).status == 404
    assert (await other.answer(begun["id"], {"answer": "1"})).status == 404
    assert (
        await other.call("POST", path + "files/", b"", content_type="multipart/form-data; boundary=x")
    ).status == 404
    assert (await widget.caller.get("/bridge/v1/" + path)).status == 401
    assert (await widget.caller.get("/bridge/v1/" + path, authorization="Bearer " + "f" * 32)).status == 401


async def test_a_session_is_finished_when_something_is_connected(widget: Widget, store: Store, caller: Caller) -> None:
    begun = await _begin(widget)
    assert (await widget.caller.post(widget.path + "finish/")).status == 400
    tenancy = store.of(await tenant_of(store))
    found = await tenancy.read(task, begun["id"])
    for status in (TaskStatus.LOGIN, TaskStatus.PARSE, TaskStatus.FULL_PARSE, TaskStatus.DONE):
        assert found is not None
        found = await tenancy.write(move_task, found, status)
    finished = (await widget.caller.post(widget.path + "finish")).json
    assert finished["task_id"] == begun["id"]
    exchanged = await caller.post("/v1/link-access-tokens/", {"public_token": finished["public_token"]})
    assert exchanged.json["link_id"] == finished["link_id"] == begun["link_id"]
    twice = await caller.post("/v1/link-access-tokens/", {"public_token": finished["public_token"]})
    assert (twice.status, twice.json["error"]["code"]) == (410, "expired_token")


def _multipart(*files: tuple[str, bytes]) -> bytes:
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="f"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'.encode()
        + body
        + b"\r\n"
        for name, body in files
    ]
    note = b'--x\r\nContent-Disposition: form-data; name="note"\r\n\r\nnot a file\r\n'
    return b"".join([*parts, note, b"--x--\r\n"])


async def _hand_over(widget: Widget, attempt_id: str, body: bytes, boundary: str = "x") -> Reply:
    path = f"attempts/{attempt_id}/files"
    return await widget.call("POST", path, body, content_type=f"multipart/form-data; boundary={boundary}")


async def test_files_are_taken_in_order_and_kept(caller: Caller, store: Store) -> None:
    widget = await open_widget(caller, product_type="transactions")
    begun = (await widget.attempt("statement_file")).json
    assert begun["question"]["fields"][0]["kind"] == "file"
    reply = await _hand_over(widget, begun["id"], _multipart(("b.csv", b"1,2"), ("C:\\dir\\a.csv", b"\r\n--y")))
    assert reply.status == 202, reply.content
    assert reply.json["question"] is None
    kept = await store.of(await tenant_of(store)).read(_uploads, begun["id"])
    assert [(one.key, one.body) for one in kept] == [("upload/01/b.csv", b"1,2"), ("upload/02/a.csv", b"\r\n--y")]
    assert (await _hand_over(widget, begun["id"], _multipart(("b.csv", b"1")))).status == 400


def _uploads(tx: Any, attempt_id: str) -> list[Any]:
    found = task(tx, attempt_id)
    assert found is not None
    return raw.raws(tx, found, prefix=UPLOAD_PREFIX)


async def test_too_many_and_too_large_files(caller: Caller) -> None:
    widget = await open_widget(caller, product_type="transactions")
    begun = (await widget.attempt("bank_file")).json
    assert (await _hand_over(widget, begun["id"], _multipart(*[("a", b"1")] * 3))).status == 400
    assert (await _hand_over(widget, begun["id"], _multipart(("a", b"1" * 1001)))).status == 413
    assert (await _hand_over(widget, begun["id"], b"--x\r\nnonsense")).status == 400
    assert (await _hand_over(widget, begun["id"], b"--", boundary="x" * 500)).status == 400
    assert (await _hand_over(widget, begun["id"], _multipart())).status == 400
    assert (await widget.call("POST", f"attempts/{begun['id']}/files/", {"file": "x"})).status == 400


async def test_nothing_of_a_session_is_logged(widget: Widget, sink: Any) -> None:
    begun = (await widget.attempt(username="somebody", password="secret")).json
    await widget.read(begun["id"])
    for hidden in (widget.session_id, "somebody", "secret"):
        assert hidden.encode() not in sink.getvalue()
    assert sink.said()[-1]["route"] == "/bridge/v1/attempts/{attempt_id}/"


async def test_the_events_of_a_session(widget: Widget, store: Store) -> None:
    begun = await _begin(widget)
    stream = Stream(widget, {})
    name, body = await stream.next()
    assert name == f"{begun['id']}:1"
    assert body["status"] == "new"
    await _ask(store, begun["id"])
    seen = [await stream.next()]
    while seen[-1][1]["question"] is None:
        seen.append(await stream.next())
    assert seen[-1][1]["question"]["type"] == "challenge"
    await stream.stop()
    again = Stream(widget, {"last-event-id": name})
    assert (await again.next())[0] != name
    await again.stop()


class Stream:
    """An open event stream."""

    def __init__(self, widget: Widget, headers: dict[str, str]) -> None:
        self._said: asyncio.Queue[bytes] = asyncio.Queue()
        self._left = asyncio.Event()
        self._bridge: Any = widget.caller.door._mounts["bridge"]
        scope = {
            "type": "http",
            "method": "GET",
            "scheme": "http",
            "path": widget.path + "events/",
            "root_path": "",
            "query_string": b"",
            "headers": [(name.encode(), text.encode()) for name, text in headers.items()],
        }
        self._running = asyncio.create_task(self._bridge(scope, self._receive, self._send))

    async def next(self) -> tuple[str, Any]:
        while True:
            async with asyncio.timeout(10):
                said = (await self._said.get()).decode()
            if said.startswith("event: attempt\n"):
                _, name, data = said.strip().split("\n")
                return name.removeprefix("id: "), msgspec.json.decode(data.removeprefix("data: "))

    async def stop(self) -> None:
        """As a signal does it: the stream ends by itself."""
        self._bridge.stop()
        async with asyncio.timeout(2):
            await self._running
        self._bridge._events._is_stopping = False

    async def _receive(self) -> Any:
        await self._left.wait()

    async def _send(self, message: Any) -> None:
        if message.get("body"):
            self._said.put_nowait(message["body"])
