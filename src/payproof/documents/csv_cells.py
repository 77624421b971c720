"""What is in the columns of a CSV, seen over a sample of its rows."""

from collections.abc import Callable, Iterable

from payproof.documents.csv_header import Header
from payproof.documents.csv_layout import SHOWN, Layout
from payproof.documents.csv_table import Row
from payproof.documents.reading import Choice, Doubt, Unreadable
from payproof.normalise.dates import readings

Fit = Callable[[str], object]
"""Whether a cell looks right."""

_SAMPLE = 200
_MISSING = {"date": "dates", "amount": "amounts"}


class Cells:
    """The columns of one file, what they hold, and the doubts that remain."""

    def __init__(self, header: Header, rows: list[Row], answers: dict[str, str]) -> None:
        self.header = header
        self.rows = rows
        self.answers = answers
        self.sample = [cells for _, cells in rows if sum(map(bool, cells)) > 1][:_SAMPLE]
        self.doubts: list[Doubt] = []

    def _all(self, role: str, layout: Layout) -> list[int]:
        taken = {*layout.dates, *layout.money()}
        return [c.index for c in self.header.having(role) if c.index not in taken and self._has_any(c.index)]

    def _first(self, role: str) -> int | None:
        return next((c.index for c in self.header.having(role) if self._has_any(c.index)), None)

    def _hinted(self, role: str, fits: Fit) -> list[int]:
        found = [c.index for c in self.header.columns if role in c.weak and self._fits(c.index, fits)]
        return found if len(found) == 1 else []

    def _by_content(self, about: str, fits: Fit, taken: Iterable[int] = ()) -> list[int]:
        """Columns whose cells look right: one is taken where a header is printed, several are asked about."""
        found = [i for i in range(self.header.width) if i not in taken and self._fits(i, fits)]
        if not found:
            raise Unreadable(f"no column of the table holds {_MISSING[about]}", self.rows[0][0] if self.rows else None)
        if len(found) > 1:
            self._doubt(about, found)
        return found[:1]

    def _doubt(self, about: str, indices: list[int]) -> None:
        self.doubts.append(Doubt(about=about, choices=[self._choice(index) for index in indices]))

    def _choice(self, index: int) -> Choice:
        title = self.header.columns[index].title or f"Column {index + 1}"
        return Choice(
            value=str(index), label=title[:SHOWN], example=next(iter(self._values(index)), "")[:SHOWN] or None
        )

    def _answered(self, about: str) -> int | None:
        answer = self.answers.get(about, "")
        return int(answer) if answer.isascii() and answer.isdigit() and int(answer) < self.header.width else None

    def _values(self, index: int) -> dict[str, None]:
        return dict.fromkeys(cells[index] for cells in self.sample if index < len(cells) and cells[index])

    def _has_any(self, index: int) -> bool:
        return any(index < len(cells) and cells[index] for _, cells in self.rows)

    def _fits(self, index: int, fits: Fit) -> bool:
        cells = [cells[index] for cells in self.sample if index < len(cells) and cells[index]]
        return bool(cells) and 2 * sum(map(bool, map(fits, cells))) >= len(cells)

    def _fits_all(self, index: int, fits: Fit) -> bool:
        return all(fits(value) for value in self._values(index))

    def _varies(self, index: int) -> bool:
        return len({cells[index] if index < len(cells) else "" for cells in self.sample}) > 1

    def _all_same(self, indices: list[int]) -> bool:
        return all(len({cells[i] if i < len(cells) else "" for i in indices}) == 1 for cells in self.sample)

    def _same_days(self, indices: list[int]) -> bool:
        """Whether these columns hold one day in every row, with or without its time."""
        rows = [[cells[i] for i in indices if i < len(cells)] for cells in self.sample]
        return all(len({tuple(readings(cell).items()) for cell in row}) == 1 for row in rows)

    def _alternate(self, indices: list[int]) -> bool:
        """Whether at most one of them is filled in every row; a zero is as good as nothing."""
        return all(sum(1 for i in indices if i < len(cells) and cells[i].strip("0.,-")) <= 1 for cells in self.sample)

    def _filled(self, index: int) -> bool:
        return all(index < len(cells) and cells[index] for cells in self.sample)
