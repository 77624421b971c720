"""JSON Schema as msgspec writes it (2020-12), turned into what OpenAPI 3.0 understands."""

import re
from collections.abc import Iterable
from typing import Any

import msgspec

Schema = dict[str, Any]

_DROPPED = frozenset({"default", "title"})
_UNSAFE = re.compile(r"[^A-Za-z0-9.]+")


def schemas(kinds: Iterable[Any]) -> tuple[list[Schema], dict[str, Schema]]:
    """A schema for each kind, and the components they refer to."""
    used, components = msgspec.json.schema_components(list(kinds), ref_template="#/components/schemas/{name}")
    renamed = {_name(name): convert(schema) for name, schema in components.items()}
    return [convert(schema) for schema in used], renamed


def convert(schema: Any) -> Any:
    """`null` becomes `nullable`, enums get a type, references names that are allowed, and one example is enough."""
    if isinstance(schema, list):
        return [convert(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return {"$ref": _ref(schema["$ref"])}
    if "anyOf" in schema:
        return _choice(schema)
    made = {key: _part(key, value) for key, value in schema.items() if key not in _DROPPED}
    if "examples" in made:
        made["example"] = made.pop("examples")[0]
    if "enum" in made and "type" not in made:
        made["type"] = "string"
    if not made.get("required", True):
        del made["required"]
    if made.get("type") == "null":
        return {"nullable": True, "enum": [None]}
    return made


def _part(key: str, value: Any) -> Any:
    if key == "properties":
        return {name: convert(part) for name, part in value.items()}
    if key == "discriminator":
        return value | {"mapping": {tag: _ref(ref) for tag, ref in value.get("mapping", {}).items()}}
    return convert(value) if key in ("items", "additionalProperties", "anyOf", "oneOf", "allOf") else value


def _choice(schema: Schema) -> Schema:
    rest = {key: _part(key, value) for key, value in schema.items() if key != "anyOf" and key not in _DROPPED}
    parts = [convert(part) for part in schema["anyOf"] if part != {"type": "null"}]
    if len(parts) == len(schema["anyOf"]):
        return rest | {"anyOf": parts}
    if len(parts) > 1:
        return rest | {"nullable": True, "anyOf": parts}
    only: Schema = parts[0]
    return rest | ({"nullable": True, "allOf": [only]} if "$ref" in only else {"nullable": True} | only)


def _ref(ref: str) -> str:
    head, _, name = ref.rpartition("/")
    return f"{head}/{_name(name)}"


def _name(name: str) -> str:
    """`Page[TaskBody]` as `Page.TaskBody`."""
    return _UNSAFE.sub(".", name.replace("_", ".")).strip(".") if "[" in name or "_" in name else name
