"""Calls generated from an OpenAPI document: never a fault of ours, never an answer that the document does not know."""

from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from msgspec import Struct
from requests import Session
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.schemas import BaseSchema

from payproof.contract.operation import Operation

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


class Prepared(Struct, frozen=True):
    """What an operation needs to get to a 2xx."""

    headers: dict[str, str]
    in_path: dict[str, str]
    in_body: dict[str, Any]


class Target(Struct, frozen=True):
    """A running server, and a document of its."""

    url: str
    session: Session
    document: BaseSchema


def hold(operation: Operation, prepared: Prepared, target: Target, *, cases: int, is_same_each_time: bool) -> None:
    seen = set[int]()
    described = target.document[operation.path][operation.method]

    def call(case: Case[Any]) -> None:
        _hurry(case)
        response = case.call(base_url=target.url, session=target.session, headers=prepared.headers)
        seen.add(response.status_code)
        case.validate_response(response, checks=HELD)

    @given(data=st.data())
    def lawful(data: st.DataObject) -> None:
        case = data.draw(described.as_strategy(GenerationMode.POSITIVE))
        _plant(case, prepared, data.draw(st.sampled_from(("all", "all", "named", "none"))))
        call(case)

    @given(data=st.data())
    def unlawful(data: st.DataObject) -> None:
        case = data.draw(described.as_strategy(GenerationMode.NEGATIVE))
        if data.draw(st.booleans()):
            case.path_parameters.update(prepared.in_path)
        case.headers.update(prepared.headers)
        call(case)

    is_breakable = operation.has_body or operation.query or "401" in described.definition.raw["responses"]
    for test, many in ((lawful, cases), (unlawful, cases // 2))[: 2 if is_breakable else 1]:
        settings(
            max_examples=many,
            derandomize=is_same_each_time,
            database=None,
            deadline=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )(test)()
    assert any(200 <= status < 300 for status in seen), f"{operation.name} never got further than {sorted(seen)}"


def _plant(case: Case[Any], prepared: Prepared, where: str) -> None:
    """Put what exists in the place of what was made up: of "all", or of what the call has "named"."""
    if where == "none":
        return
    case.path_parameters.update(prepared.in_path)
    if isinstance(case.body, dict):
        planted = {name: value for name, value in prepared.in_body.items() if where == "all" or name in case.body}
        case.body.update(planted)


def _hurry(case: Case[Any]) -> None:
    """Nobody has the time for an inbox in which nothing comes."""
    if isinstance((case.query or {}).get("wait"), int | float):
        case.query["wait"] = min(case.query["wait"], 0)
