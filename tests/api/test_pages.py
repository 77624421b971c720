"""What is not under /v1/: the welcome, the documents, the logos, and what an operator's tools ask."""

import pytest

from payproof.api.logo import drawing
from tests.api.caller import Caller


async def test_a_browser_is_told_what_this_is(caller: Caller) -> None:
    page = await caller.get("/", accept="text/html,application/xhtml+xml")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    text = page.content.decode()
    assert '<html lang="en">' in text
    assert "<h1>payproof</h1>" in text
    assert "<main>" in text
    assert "<script" not in text
    assert (await caller.get("/")).json["openapi"] == "http://testserver/openapi.json"


@pytest.mark.parametrize("path", ["/openapi.json", "/bridge/openapi.json"])
async def test_the_documents_are_served_as_they_are_committed(caller: Caller, path: str) -> None:
    assert (await caller.get(path)).json["openapi"] == "3.0.1"


async def test_operators_are_answered(caller: Caller) -> None:
    assert (await caller.get("/healthz")).json == {"status": "ok"}
    assert (await caller.get("/readyz")).json == {"status": "ready"}
    assert b'payproof_answers_total{route="/healthz",status="200"} 1' in (await caller.get("/metrics")).content
    assert (await caller.post("/healthz")).status == 405


async def test_logos_are_ours(caller: Caller) -> None:
    logo = await caller.get("/logos/acme.svg")
    assert logo.headers["content-type"] == "image/svg+xml"
    assert b">AP</text>" in logo.content
    assert (await caller.get("/logos/nobody.svg")).status == 404


def test_a_name_cannot_break_out_of_its_drawing() -> None:
    assert b"<script>" not in drawing("x", "<script> &")


async def test_every_answer_has_an_id(caller: Caller) -> None:
    ids = {(await caller.get(path)).headers["x-request-id"] for path in ("/", "/nothing", "/v1/tasks/", "/bridge/v1/x")}
    assert len(ids) == 4
