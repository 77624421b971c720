"""The two OpenAPI documents, generated from the wire types and the operations.

`python -m payproof.contract.openapi DIRECTORY` writes them.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import fields

from payproof.contract import bridge, error, truv
from payproof.contract.error import DetailBody, ErrorBody
from payproof.contract.operation import Operation
from payproof.contract.page import PageQuery
from payproof.contract.reading import InvalidParams, Problem
from payproof.contract.schema import Schema, convert, schemas
from payproof.model.task import ENDINGS, TaskStatus

FILES = {"openapi.json": "truv_document", "bridge-openapi.json": "bridge_document"}

_CODED = {400, 401, 403, 410, 429}
_WORDS = {
    400: "A field is missing or not valid",
    401: "The credentials are missing or not valid",
    403: "The object belongs to another environment of the client",
    404: "There is no such object, or no such page",
    406: "The caller does not take the type of the answer",
    410: "The token has expired or was used before",
    413: "The body is too large",
    415: "The body is not of the type that is read here",
    429: "Too many requests",
}
_EXAMPLES: dict[int, ErrorBody | DetailBody] = {
    400: error.incorrect_parameters(InvalidParams(Problem("field", "This field is required."))),
    401: error.authentication_failed(),
    403: error.not_authenticated(),
    404: error.NOT_FOUND,
    406: error.NOT_ACCEPTABLE,
    410: error.expired_token(),
    413: error.TOO_LARGE,
    415: error.unsupported_media_type(),
    429: error.throttled(17),
}
_FILES: Schema = {
    "type": "object",
    "properties": {"file": {"type": "array", "items": {"type": "string", "format": "binary"}}},
}
_KEYS: list[Schema] = [{"ClientID": [], "AccessKey": []}]


def truv_document() -> bytes:
    """What clients call, under /v1/."""
    document = _document("payproof", "Verification of income, employment and assets.", truv.OPERATIONS, _refused)
    document["components"]["securitySchemes"] = {
        "ClientID": {"type": "apiKey", "in": "header", "name": "X-Access-Client-Id"},
        "AccessKey": {"type": "apiKey", "in": "header", "name": "X-Access-Secret"},
    }
    document["security"] = _KEYS
    document["components"]["schemas"]["TaskStatus"]["x-final"] = [one.value for one in TaskStatus if one in ENDINGS]
    return _written(document)


def bridge_document() -> bytes:
    """What the widget calls, under /bridge/v1/."""
    document = _document(
        "payproof bridge", "What the widget does for the person.", bridge.OPERATIONS, lambda one: one.refused
    )
    document["components"]["securitySchemes"] = {"Session": {"type": "http", "scheme": "bearer"}}
    for path, methods in document["paths"].items():
        if "/attempts/{" in path:
            for operation in methods.values():
                operation["security"] = [{"Session": []}]
    return _written(document)


def _written(document: Schema) -> bytes:
    return msgspec.json.format(msgspec.json.encode(document, order="deterministic"), indent=2) + b"\n"


def _refused(one: Operation) -> frozenset[int]:
    """Under /v1/ there are keys and limits, and nothing but JSON is spoken."""
    return one.refused | {401, 403, 406, 429} | ({415} if one.has_body else set())


def _document(
    title: str, about: str, operations: tuple[Operation, ...], refused: Callable[[Operation], frozenset[int]]
) -> Schema:
    kinds = [kind for one in operations for kind in (one.answer, one.request) if kind] + [
        ErrorBody,
        DetailBody,
        TaskStatus,
    ]
    made, components = schemas(kinds)
    by_kind = dict(zip(map(repr, kinds), made, strict=True))
    paths: Schema = {}
    for one in operations:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, by_kind, refused(one))
    return {
        "openapi": "3.0.1",
        "info": {"title": title, "version": "v1", "description": about},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": components},
    }


def _operation(one: Operation, by_kind: dict[str, Schema], refused: frozenset[int]) -> Schema:
    made: Schema = {
        "operationId": one.name,
        "summary": one.summary,
        "tags": [one.tag],
        "responses": {str(one.status): _success(one, by_kind)}
        | ({"202": _success(one, by_kind)} if one.may_be_pending else {})
        | {str(status): _refusal(status, by_kind) for status in sorted(refused)},
    }
    if one.is_old:
        made["deprecated"] = True
    if parameters := _parameters(one):
        made["parameters"] = parameters
    if one.request:
        made["requestBody"] = {
            "required": any(field.required for field in fields(one.request)),
            "content": {"application/json": {"schema": by_kind[repr(one.request)]}},
        }
    if one.has_files:
        made["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": _FILES}}}
    return made


def _success(one: Operation, by_kind: dict[str, Schema]) -> Schema:
    if one.answer is None:
        return {"description": "Done"}
    return {"description": one.summary, "content": {one.media_type: {"schema": by_kind[repr(one.answer)]}}}


def _refusal(status: int, by_kind: dict[str, Schema]) -> Schema:
    kind = ErrorBody if status in _CODED else DetailBody
    body = {"schema": by_kind[repr(kind)], "example": msgspec.to_builtins(_EXAMPLES[status])}
    made: Schema = {"description": _WORDS[status], "content": {"application/json": body}}
    if status == 429:
        made["headers"] = {"Retry-After": {"description": "Seconds", "schema": {"type": "integer"}}}
    return made


def _parameters(one: Operation) -> list[Schema]:
    named = [part.strip("{}") for part in one.path.split("/") if part.startswith("{")]
    found = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in named]
    kinds = [kind for kind in (one.query, PageQuery if one.is_paged else None) if kind]
    return found + [parameter for kind in kinds for parameter in _query(kind)]


def _query(kind: type[Struct]) -> list[Schema]:
    return [_parameter(field.encode_name, field.type) for field in fields(kind)]


def _parameter(name: str, kind: Any) -> Schema:
    """Absence stands for null in a query; lists are separated by commas."""
    schema = _inline(kind)
    schema.pop("nullable", None)
    made: Schema = {"name": name, "in": "query", "schema": schema}
    if schema.get("type") == "array":
        made |= {"style": "form", "explode": False}
    return made


def _inline(kind: Any) -> Schema:
    """A schema without references: parameters are small."""
    (schema,), components = msgspec.json.schema_components([kind], ref_template="{name}")
    made = convert(schema)
    for part in (made, made.get("items", {})):
        for ref in [part.pop("$ref", None), *(one["$ref"] for one in part.pop("allOf", []))]:
            if ref:
                part.update(convert(components[ref.rpartition("/")[2]]))
    return dict(made)


def main() -> None:
    directory = Path(sys.argv[1])
    for name, maker in FILES.items():
        (directory / name).write_bytes(globals()[maker]())


if __name__ == "__main__":
    main()
