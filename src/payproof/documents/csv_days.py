"""The order of day, month and year of a CSV, proved by its whole columns or asked for."""

from datetime import date

from payproof.documents.csv_layout import Layout, Undecided
from payproof.documents.csv_table import Row
from payproof.documents.reading import Choice, Doubt, Unreadable
from payproof.normalise.dates import FIXED, readings

ORDERS = {"dmy": "Day, month, year", "mdy": "Month, day, year", "ymd": "Year, month, day"}


def days(rows: list[Row], layout: Layout, answers: dict[str, str]) -> list[date]:
    """The booking day of every row. Raises `Undecided` where two orders fit, `Unreadable` where none does."""
    printed = [_printed(cells, layout) for _, cells in rows]
    known = {cell: readings(cell) for cell in set(printed)}
    viable = _viable(rows, printed, known)
    open_cells = [cell for cell in printed if len({known[cell][o] for o in viable if o in known[cell]}) > 1]
    if open_cells:
        viable = _narrowed(rows, layout, viable)
        if len(viable) > 1:
            if answers.get("order") not in viable:
                raise Undecided([_doubt(open_cells[0], known[open_cells[0]], viable)])
            viable = {answers["order"]}
    return [_day(known[cell], viable) for cell in printed]


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


def _narrowed(rows: list[Row], layout: Layout, viable: set[str]) -> set[str]:
    """What the other date columns of the same rows leave open."""
    for index in layout.dates[1:]:
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
