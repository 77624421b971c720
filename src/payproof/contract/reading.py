"""Reading what a client sent: unknown keys are ignored, known ones checked, and all that is wrong is named at once."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from enum import Enum
from functools import cache, reduce
from operator import or_
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec import Meta, Struct, UnsetType
from msgspec.structs import FieldInfo, fields

T = TypeVar("T", bound=Struct)

_MOST_ENTRIES = 100

WHOLE = "non_field_errors"
"""The field name of a problem that belongs to no single field."""


class Problem(Struct, frozen=True):
    """One field and what is wrong with it. The message never repeats what was sent: it may be a secret."""

    field: str
    message: str


class InvalidParams(Exception):
    """A request that cannot be understood; carries every problem found in it."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__(", ".join(problem.field for problem in problems))


def invalid(field: str, message: str) -> InvalidParams:
    """The refusal of one field."""
    return InvalidParams(Problem(field, message))


def decode_object(body: bytes) -> dict[str, Any]:
    """The JSON object in a body; no body at all is the empty object."""
    if not body.strip():
        return {}
    try:
        data = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise invalid(WHOLE, "The body is not valid JSON.") from None
    if not isinstance(data, dict):
        raise invalid(WHOLE, "The body must be a JSON object.")
    return data


Check = Callable[[Mapping[str, Any]], Iterable[Problem]]
"""Looks at fields together: at those that could be read, by name. The others are told about already."""


def read(
    kind: type[T], data: Mapping[str, Any], *, where: str = "", strict: bool = True, also: Check | None = None
) -> T:
    """A `kind` from a JSON object. Raises `InvalidParams` with all problems, nested ones under dotted names.

    `also`, and a `wrong` of the kind itself, look at fields together.
    """
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for field in _fields(kind):
        try:
            if field.encode_name in data:
                path = where + field.encode_name
                values[field.name] = _value(field.type, data[field.encode_name], path, strict)
            elif field.required:
                problems.append(Problem(where + field.encode_name, "This field is required."))
        except InvalidParams as refused:
            problems.extend(refused.problems)
    told = {problem.field.removeprefix(where).partition(".")[0].partition("[")[0] for problem in problems}
    for check in (getattr(kind, "wrong", None), also):
        found = check(values) if check else ()
        problems.extend(Problem(where + one.field, one.message) for one in found if one.field not in told)
    if problems:
        raise InvalidParams(*problems)
    return kind(**values)


def read_query(kind: type[T], pairs: Mapping[str, str], *, also: Check | None = None) -> T:
    """A `kind` from a query string: empty values count as absent, lists are separated by commas."""
    given: dict[str, Any] = {}
    for field in _fields(kind):
        text = pairs.get(field.encode_name, "")
        if text:
            given[field.encode_name] = text.split(",") if _is_list(field.type) else text
    return read(kind, given, strict=False, also=also)


@cache
def _fields(kind: type[Struct]) -> tuple[FieldInfo, ...]:
    return fields(kind)


def _value(kind: Any, value: Any, path: str, strict: bool) -> Any:
    if value is None:
        if _may_be_null(kind):
            return None
        raise invalid(path, "This field may not be null.")
    inner = _bare(kind)
    if isinstance(inner, type) and issubclass(inner, Struct) and isinstance(value, dict):
        return read(inner, value, where=f"{path}.", strict=strict)
    if _is_list(kind) and isinstance(value, list):
        return _items(inner, value, path, strict)
    if get_origin(inner) is dict and get_args(inner)[1] is not Any and isinstance(value, dict):
        return _entries(get_args(inner)[1], value, path, strict)
    if _has_null(value):
        raise invalid(path, "Null characters are not allowed.")
    if datetime in (inner, *get_args(inner)) and isinstance(value, str):
        return _moment(value, path)
    try:
        return msgspec.convert(value, inner, strict=strict)
    except (msgspec.ValidationError, ValueError) as refused:
        raise invalid(*_told(inner, str(refused), path)) from None


def _items(kind: Any, items: list[Any], path: str, strict: bool) -> Any:
    values: list[Any] = []
    problems: list[Problem] = []
    for at, item in enumerate(items):
        try:
            values.append(_value(get_args(kind)[0], item, f"{path}[{at}]", strict))
        except InvalidParams as refused:
            problems.extend(refused.problems)
    if problems:
        raise InvalidParams(*problems)
    return get_origin(kind)(values)


def _entries(kind: Any, entries: dict[str, Any], path: str, strict: bool) -> dict[str, Any]:
    """Values of one kind under names of the caller's own."""
    if len(entries) > _MOST_ENTRIES:
        raise invalid(path, f"At most {_MOST_ENTRIES} names.")
    if any(_has_null(name) for name in entries):
        raise invalid(path, "Null characters are not allowed.")
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, value in entries.items():
        try:
            values[name] = _value(kind, value, f"{path}.{name}", strict)
        except InvalidParams as refused:
            problems.extend(refused.problems)
    if problems:
        raise InvalidParams(*problems)
    return values


def _told(kind: Any, message: str, path: str) -> tuple[str, str]:
    """The field and the words for a refusal of msgspec's, whose text ends in a path such as `$[0]`."""
    what, _, at = message.partition(" - at `$")
    field = path + at.rstrip("`")
    if "enum value" in what:
        allowed = _choices(kind)
        return field, f"Not a valid choice. One of: {', '.join(allowed)}." if allowed else "Not a valid choice."
    if "matching regex" in what:
        return field, _refusal(kind) or "Not a valid value."
    return field, what.rstrip(".") + "."


def _refusal(kind: Any) -> str | None:
    """The words that a type has for what does not match its pattern."""
    said = [
        one.extra.get("refusal") for one in getattr(kind, "__metadata__", ()) if isinstance(one, Meta) and one.extra
    ]
    return said[0] if said else None


def _has_null(value: Any) -> bool:
    """A character that PostgreSQL has no place for, and no person types."""
    if isinstance(value, dict):
        return any(_has_null(part) for pair in value.items() for part in pair)
    return isinstance(value, str) and "\0" in value


def _choices(kind: Any) -> list[str]:
    for candidate in (kind, *get_args(kind)):
        if isinstance(candidate, type) and issubclass(candidate, Enum):
            return [str(member.value) for member in candidate]
    return []


def _bare(kind: Any) -> Any:
    """The type without what may stand for absence (None, UNSET)."""
    if get_origin(kind) not in (Union, UnionType):
        return kind
    return reduce(or_, [part for part in get_args(kind) if part not in (NoneType, UnsetType)])


def _may_be_null(kind: Any) -> bool:
    return get_origin(kind) in (Union, UnionType) and NoneType in get_args(kind)


def _is_list(kind: Any) -> bool:
    return get_origin(_bare(kind)) in (tuple, list)


def _moment(text: str, path: str) -> datetime:
    """A moment in ISO 8601; a day means its midnight, and what names no zone is UTC."""
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise invalid(path, "Not a valid ISO 8601 date and time.") from None
