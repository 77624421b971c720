"""The package's own source, as the house tests read it."""

import ast
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "payproof"


class Source(Struct, frozen=True):
    name: str
    """The path within the package, such as `store/task.py`."""
    tree: ast.Module


def sources() -> list[Source]:
    """Every module of the package."""
    return [Source(path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text())) for path in _files()]


def names_used(tree: ast.Module) -> Iterator[str]:
    """Dotted names as they are reached from their module, such as `time.sleep`, whatever they were imported as."""
    known = dict(_imported(tree))
    yield from known.values()
    for node in ast.walk(tree):
        first: ast.expr = node if isinstance(node, ast.Attribute) else ast.Constant(None)
        while isinstance(first, ast.Attribute):
            first = first.value
        if isinstance(first, ast.Name) and first.id in known:
            yield known[first.id] + ast.unparse(node).removeprefix(first.id)


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                yield one.asname or one.name.partition(".")[0], one.name if one.asname else one.name.partition(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.module:
            for one in node.names:
                yield one.asname or one.name, f"{node.module}.{one.name}"


def _files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))
