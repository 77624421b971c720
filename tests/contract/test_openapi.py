"""The two documents hold together, and say all that is built."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from payproof.contract import bridge, truv
from payproof.contract.error import DetailBody, ErrorBody
from payproof.contract.openapi import bridge_document, truv_document
from payproof.contract.operation import Operation
from payproof.contract.unbuilt import unbuilt_paths
from payproof.model.task import ENDINGS, TaskStatus

DOCUMENTS = [
    pytest.param(truv_document, truv.OPERATIONS, id="truv"),
    pytest.param(bridge_document, bridge.OPERATIONS, id="bridge"),
]


def walk(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for part in node.values():
            yield from walk(part)
    elif isinstance(node, list):
        for part in node:
            yield from walk(part)


@pytest.mark.parametrize(("write", "operations"), DOCUMENTS)
def test_every_reference_leads_somewhere(write: Any, operations: tuple[Operation, ...]) -> None:
    document = msgspec.json.decode(write())
    names = {
        part["$ref"].removeprefix("#/components/schemas/")
        for part in walk(document)
        if isinstance(part.get("$ref"), str)
    }
    assert names == set(document["components"]["schemas"]) & names
    assert write() == write()


@pytest.mark.parametrize(("write", "operations"), DOCUMENTS)
def test_it_is_openapi_three_zero(write: Any, operations: tuple[Operation, ...]) -> None:
    document = msgspec.json.decode(write())
    assert document["openapi"] == "3.0.1"
    for part in walk(document):
        assert part.get("type") != "null"
        assert not isinstance(part.get("type"), list)
        assert part.get("required", True) != []
        assert "prefixItems" not in part
        assert "const" not in part


@pytest.mark.parametrize(("write", "operations"), DOCUMENTS)
def test_every_operation_is_there_with_its_parameters(write: Any, operations: tuple[Operation, ...]) -> None:
    paths = msgspec.json.decode(write())["paths"]
    for one in operations:
        found = paths[one.path][one.method.lower()]
        named = {part.strip("{}") for part in one.path.split("/") if part.startswith("{")}
        assert named == {p["name"] for p in found.get("parameters", []) if p["in"] == "path"}
        assert str(one.status) in found["responses"]
    assert sum(len(methods) for methods in paths.values()) == len(operations)


@pytest.mark.parametrize(("write", "operations"), DOCUMENTS)
def test_examples_are_lawful(write: Any, operations: tuple[Operation, ...]) -> None:
    document = msgspec.json.decode(write())
    shown = [part for part in walk(document) if {"pattern", "example"} <= part.keys()]
    assert [part for part in shown if not re.search(part["pattern"], part["example"])] == []
    refusals = [part for part in walk(document["paths"]) if {"schema", "example"} <= part.keys()]
    kinds = {"ErrorBody": ErrorBody, "DetailBody": DetailBody}
    for part in refusals:
        kind: Any = kinds[part["schema"]["$ref"].rpartition("/")[2]]
        assert msgspec.json.decode(msgspec.json.encode(msgspec.convert(part["example"], kind))) == part["example"]
    assert refusals


def test_the_endings_are_marked() -> None:
    status = msgspec.json.decode(truv_document())["components"]["schemas"]["TaskStatus"]
    assert set(status["enum"]) == set(TaskStatus)
    assert set(status["x-final"]) == ENDINGS
    assert len(status["x-final"]) == 10


def test_nothing_is_both_built_and_to_come() -> None:
    built = {(one.method, one.path) for one in truv.OPERATIONS}
    assert not built & set(unbuilt_paths())
    assert len({one.name for one in truv.OPERATIONS}) == len(truv.OPERATIONS)


@pytest.mark.parametrize(
    ("path", "method", "is_required"),
    [
        ("/v1/webhooks/", "post", True),
        ("/v1/users/{user_id}/tokens/", "post", True),
        ("/v1/users/{user_id}/", "patch", False),
        ("/v1/sandbox/tenants/", "post", False),
    ],
)
def test_a_body_may_be_left_out_where_nothing_in_it_is_required(path: str, method: str, is_required: bool) -> None:
    assert msgspec.json.decode(truv_document())["paths"][path][method]["requestBody"]["required"] is is_required


def test_moments_and_addresses_say_their_format() -> None:
    document = msgspec.json.decode(truv_document())
    shapes = document["components"]["schemas"]
    assert shapes["WebhookRequest"]["properties"]["webhook_url"]["format"] == "uri"
    assert shapes["ReplayRequest"]["properties"]["created_at__gte"]["format"] == "date-time"
    queries = {p["name"]: p for p in document["paths"]["/v1/webhook-requests/"]["get"]["parameters"]}
    assert queries["created_at__gte"]["schema"]["format"] == "date-time"
