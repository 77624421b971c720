"""Answers as a person reads them: names and values, or a table; programs get the JSON itself."""

from collections.abc import Iterable, Sequence
from typing import Any

import typer


def show(answer: Any, *, as_json: bool, columns: Sequence[str] = ()) -> None:
    """Print the answer. A list, or a page of one, is shown as a table of `columns`."""
    if as_json:
        typer.echo(to_json(answer))
    elif isinstance(answer, dict) and isinstance(answer.get("results"), list):
        _table(answer["results"], columns)
        if answer.get("next"):
            typer.echo(_where_more_is(answer), err=True)
    elif isinstance(answer, list):
        _table(answer, columns)
    elif answer is not None:
        _pairs(answer)


def to_json(answer: Any) -> str:
    """On one line, with moments and the like as the wire has them."""
    import msgspec

    return msgspec.json.encode(answer).decode()


def _where_more_is(page: dict[str, Any]) -> str:
    if "count" in page:
        return f"… of {page['count']}; see --page"
    from urllib.parse import parse_qs, urlsplit

    return f"… more with --cursor {parse_qs(urlsplit(page['next']).query)['cursor'][0]}"


def _table(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> None:
    """Columns as wide as their widest value: ids stay whole, to be copied."""
    cells = [[name.upper() for name in columns], *([_word(row, name) for name in columns] for row in rows)]
    widths = [max(len(line[at]) for line in cells) for at in range(len(columns))]
    for line in cells:
        typer.echo("  ".join(word.ljust(width) for word, width in zip(line, widths, strict=True)).rstrip())


def _pairs(answer: dict[str, Any]) -> None:
    width = max((len(name) for name in answer), default=0)
    for name, value in answer.items():
        typer.echo(f"{name.ljust(width)}  {_plain(value)}".rstrip())


def _word(row: dict[str, Any], name: str) -> str:
    """`provider.id` reaches into the row."""
    value: Any = row
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return _plain(value)


def _plain(value: Any) -> str:
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
        case dict():
            return str(value.get("name") or value.get("id") or f"{len(value)} entries")
        case list() | tuple():
            return _items(value)
    return str(value)


def _items(values: Iterable[Any]) -> str:
    words = [_plain(value) for value in values]
    return ", ".join(words) if words else "-"
