"""Calls generated from the OpenAPI document: never a fault of ours, never an answer that the document does not know.

Every operation has a tenant of its own, with one of each object that it names, and gets to a 2xx.
"""

from typing import Any

import anyio
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from requests import Session
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.schemas import BaseSchema

from payproof.contract import truv
from payproof.contract.operation import Operation
from tests.api.objects import BODIES, OBJECTS, PUBLIC, prefixes
from tests.fuzz.world import Distant, DistantWorld
from tests.stories.server import Dev

load_all_checks()
HELD: list[Any] = [
    CHECKS.get_one(name)
    for name in (
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
    )
]
QUICK, LONG = 10, 100
"""Cases of each operation, in `make test` and in `make slow`; half as many more that break the schema."""

Seeds = tuple[dict[str, str], dict[str, Any]]
"""What goes into the path, and into the body."""


@pytest.mark.parametrize("operation", truv.OPERATIONS, ids=lambda one: one.name)
def test_ten_calls_of_each_operation(operation: Operation, dev: Dev, session: Session, document: BaseSchema) -> None:
    _hold(operation, dev, session, document, cases=QUICK, is_same_each_time=True)


@pytest.mark.slow
@pytest.mark.parametrize("operation", truv.OPERATIONS, ids=lambda one: one.name)
def test_a_hundred_calls_of_each_operation(
    operation: Operation, dev: Dev, session: Session, document: BaseSchema
) -> None:
    _hold(operation, dev, session, document, cases=LONG, is_same_each_time=False)


def _hold(
    operation: Operation, dev: Dev, session: Session, document: BaseSchema, *, cases: int, is_same_each_time: bool
) -> None:
    seen = set[int]()
    keys, seeds = anyio.run(_seeds, operation, dev.url)

    def call(case: Case[Any]) -> None:
        _hurry(case)
        response = case.call(base_url=dev.url, session=session, headers=keys)
        seen.add(response.status_code)
        case.validate_response(response, checks=HELD)

    @given(data=st.data())
    def lawful(data: st.DataObject) -> None:
        case = data.draw(document[operation.path][operation.method].as_strategy(GenerationMode.POSITIVE))
        _plant(case, seeds, data.draw(st.sampled_from(("all", "all", "named", "none"))))
        call(case)

    @given(data=st.data())
    def unlawful(data: st.DataObject) -> None:
        case = data.draw(document[operation.path][operation.method].as_strategy(GenerationMode.NEGATIVE))
        if data.draw(st.booleans()):
            case.path_parameters.update(seeds[0])
        case.headers.update(keys)
        call(case)

    for test, many in ((lawful, cases), (unlawful, cases // 2)):
        settings(
            max_examples=many,
            derandomize=is_same_each_time,
            database=None,
            deadline=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )(test)()
    assert any(200 <= status < 300 for status in seen), f"{operation.name} never got further than {sorted(seen)}"


def _plant(case: Case[Any], seeds: Seeds, where: str) -> None:
    """Put what exists in the place of what was made up: of "all", or of what the call has "named"."""
    in_path, in_body = seeds if where != "none" else ({}, {})
    case.path_parameters.update(in_path)
    if isinstance(case.body, dict):
        case.body.update({name: value for name, value in in_body.items() if where == "all" or name in case.body})


def _hurry(case: Case[Any]) -> None:
    """Nobody has the time for an inbox in which nothing comes."""
    if isinstance((case.query or {}).get("wait"), int | float):
        case.query["wait"] = min(case.query["wait"], 0)


async def _seeds(operation: Operation, url: str) -> tuple[dict[str, str], Seeds]:
    """Keys of a tenant of its own, and what the operation names, made with them."""
    caller = Distant(url)
    try:
        world = DistantWorld(caller)
        named = {prefix: await world.object((OBJECTS | PUBLIC)[prefix]) for prefix in prefixes(operation)}
        body = await BODIES[operation.name](world) if operation.request else {}
    finally:
        await caller.close()
    return caller.keys, ({prefix[prefix.rindex("{") + 1 : -1]: made for prefix, made in named.items()}, body)
