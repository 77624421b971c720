"""The tables of one CSV: most files hold one, some hold one per account, each with its own lines above."""

from msgspec import Struct

from payproof.documents.csv_header import DATES, MONEY, Header, header_in
from payproof.documents.csv_preamble import Preamble
from payproof.documents.csv_table import Row, is_date


class Table(Struct):
    """One table and the lines above it."""

    header: Header
    preamble: list[Row]
    body: list[Row]

    def heading(self) -> str:
        """The line of text right above the titles, empty where there is none."""
        cells = [cell for cell in self.preamble[-1][1] if cell] if self.preamble else []
        return cells[0] if len(cells) == 1 else ""


def tables_of(rows: list[Row], header: Header) -> list[Table]:
    """The table under the header, and those that begin below it: with other titles, or for another account."""
    found = [Table(header=header, preamble=rows[: header.first_row - header.is_printed], body=[])]
    body = rows[header.first_row :]
    begins = 0
    for at, (_, cells) in enumerate(body):
        other = _header_below(cells, header, at)
        if other is None:
            continue
        above = _lines_above(body, begins, at)
        if other.hash == found[-1].header.hash and not _is_of_another(body[above:at], found[-1]):
            continue
        found[-1].body = body[begins:above]
        found.append(Table(header=other, preamble=body[above:at], body=[]))
        begins = at + 1
    found[-1].body = body[begins:]
    return found


def _header_below(cells: list[str], header: Header, at: int) -> Header | None:
    if sum(map(bool, cells)) < 3 or not header.is_printed or any(map(str.isdigit, "".join(cells))):
        return None
    found = header_in(cells, at + 1)
    roles = frozenset[str]().union(*(column.roles for column in found.columns))
    return found if roles & set(DATES) and roles & MONEY else None


def _lines_above(body: list[Row], begins: int, at: int) -> int:
    """Where the lines above a further table begin: behind the last row with a day, or with more than two cells."""
    while at > begins and sum(map(bool, body[at - 1][1])) <= 2 and not is_date(body[at - 1][1][0]):
        at -= 1
    return at


def _is_of_another(lines: list[Row], before: Table) -> bool:
    number = Preamble(lines).account_id
    return number is not None and number != Preamble(before.preamble).account_id
