"""A measured figure, and how figures are shown."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Figure:
    """`ratio` compares with a baseline of the same run, which `baseline` names."""

    name: str
    """Begins with the letter of its measurement."""
    value: float
    unit: str
    ratio: float | None = None
    baseline: str | None = None
    target: str | None = None
    note: str = ""
    cpu_seconds: float = 0.0
    """Of our process, where `value` is something else."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def table(figures: Iterable[Figure]) -> str:
    """The figures in columns, for a terminal."""
    rows = [("figure", "value", "ratio", "target", "note")]
    rows += [
        (
            one.name,
            f"{_short(one.value)} {one.unit}".strip(),
            "" if one.ratio is None else f"{one.ratio:.2f} × {one.baseline}",
            one.target or "",
            one.note,
        )
        for one in figures
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        "  ".join([*(cell.ljust(width) for cell, width in zip(row[:4], widths, strict=True)), row[4]]).rstrip()
        for row in rows
    )


def _short(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"
