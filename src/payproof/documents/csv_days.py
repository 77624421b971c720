"""The order of day, month and year of a CSV, proved by its whole columns or asked for."""

from datetime import date

from payproof.documents.csv_layout import Layout, Undecided
from payproof.documents.csv_table import Row
from payproof.documents.reading import Choice, Doubt, Unreadable
from payproof.normalise.dates import FIXED, readings

ORDERS = {"dmy": "Day, month, year", "mdy": "Month, day, year", "ymd": "Year, month, day"}


class Days:
    """The booking day of every row. Raises `Undecided` where two orders fit, `Unreadable` where none does.

    Rows of balances prove the order as well as postings do.
    """

    def __init__(self, rows: list[Row], told: list[Row], layout: Layout, answers: dict[str, str]) -> None:
        printed = [_printed(cells, layout) for _, cells in rows]
        known = {cell: readings(cell) for cell in set(printed)}
        self.viable = _viable(rows, printed, known)
        open_cells = [cell for cell in printed if len({known[cell][o] for o in self.viable if o in known[cell]}) > 1]
        if open_cells:
            self.viable = _narrowed(rows, layout.dates[1:], _narrowed(told, layout.dates, self.viable))
            if len(self.viable) > 1:
                if answers.get("order") not in self.viable:
                    raise Undecided([_doubt(open_cells[0], known[open_cells[0]], self.viable)])
                self.viable = {answers["order"]}
        self.of = [_day(known[cell], self.viable) for cell in printed]

    def read(self, text: str) -> date | None:
        """A day that stands elsewhere in the file, None where it cannot be read in one way."""
        found = readings(text)
        meant = {found[order] for order in (FIXED, *self.viable) if order in found}
        return meant.pop() if len(meant) == 1 else None


def _printed(cells: list[str], layout: Layout) -> str:
    return next((cells[index] for index in layout.dates if cells[index]), "")


def _viable(rows: list[Row], printed: list[str], known: dict[str, dict[str, date]]) -> set[str]:
    viable = set(ORDERS)
    for (line, _), cell in zip(rows, printed, strict=True):
        if FIXED in known[cell]:
            continue
        viable &= known[cell].keys()
        if not viable:
            raise Unreadable(f"the date “{cell[:40]}” does not fit the order of those above it", line)
    return viable


def _narrowed(rows: list[Row], columns: list[int], viable: set[str]) -> set[str]:
    """What these columns of these rows leave open."""
    for index in columns:
        for _, cells in rows:
            found = readings(cells[index]) if cells[index] else {}
            if found and FIXED not in found and viable & found.keys():
                viable = viable & found.keys()
    return viable


def _day(found: dict[str, date], viable: set[str]) -> date:
    return found[FIXED] if FIXED in found else next(found[order] for order in ORDERS if order in viable)


def _doubt(cell: str, found: dict[str, date], viable: set[str]) -> Doubt:
    orders = [order for order in ORDERS if order in viable and order in found]
    return Doubt(
        about="order",
        choices=[Choice(value=o, label=ORDERS[o], example=f"{cell} = {found[o]:%d %B %Y}") for o in orders],
    )
