"""Which rows of a CSV are postings. Totals, balances, remarks and what is pending are known; the rest is refused."""

from msgspec import Struct, field

from payproof.documents.csv_header import Header
from payproof.documents.csv_layout import Layout
from payproof.documents.csv_table import Row, is_amount, is_date
from payproof.documents.reading import Unreadable
from payproof.normalise.text import folded
from payproof.normalise.words import begins_balance, cell_meanings, total_words, words_of_balances

_LONGEST_LABEL = 40
_BALANCES = frozenset({"balance", "saldo", "solde", "kontostand", "s"})


class Sorted(Struct):
    """The rows of one table by what they are, and what is to be said of those left out."""

    postings: list[Row] = field(default_factory=list)
    """Each as wide as the header."""
    told: list[Row] = field(default_factory=list)
    """Totals and balances."""
    pending: set[int] = field(default_factory=set)
    """Lines of postings under a heading that says so."""
    heading: str = ""
    notes: list[str] = field(default_factory=list)

    def leave_out(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)


def sort_rows(body: list[Row], header: Header, layout: Layout, above: str = "") -> Sorted:
    """Every row of the table in its place; `above` is the heading over it. Raises `Unreadable` for a row with none."""
    last = max((at for at, (_, cells) in enumerate(body) if _has_day(cells, layout)), default=-1)
    found = Sorted(heading=above)
    for at, (line, cells) in enumerate(body):
        row = (line, cells + [""] * (header.width - len(cells)))
        if _has_day(cells, layout):
            _take_dated(row, header, layout, found, at_end=at in (0, last))
        elif not _take_undated(row, header, layout, found, below=at > last):
            raise _no_day(line, cells, layout)
    return found


def _take_dated(row: Row, header: Header, layout: Layout, found: Sorted, *, at_end: bool) -> None:
    line, cells = row
    if any(cells[header.width :]):
        _draw_in(row, header, layout)
    if any(cells[index] for index in layout.moved()):
        balance = _is_balance(cells, layout) and (at_end or not _is_settlement(cells, layout))
        (found.told if balance else found.postings).append(row)
        if found.heading and _says_pending(found.heading):
            found.pending.add(line)
        return
    if _says_total(cells, layout.description + layout.payee):
        found.told.append(row)
    elif layout.amounts and any(cells[column.index].strip("0., ") for column in header.having("quantity")):
        cells[layout.amounts[0]] = "0"
        found.postings.append(row)
    else:
        raise Unreadable("the row has no amount", line)


def _draw_in(row: Row, header: Header, layout: Layout) -> None:
    """Free text that runs on into columns without a title belongs to the last one, where that is text too."""
    line, cells = row
    last = header.width - 1
    if last not in layout.description + layout.payee or any(map(is_amount, cells[header.width :])):
        raise Unreadable(f"the row has more columns ({len(cells)}) than the header ({header.width})", line)
    cells[last:] = [" ".join(cell for cell in cells[last:] if cell)]


def _take_undated(row: Row, header: Header, layout: Layout, found: Sorted, *, below: bool) -> bool:
    """Put a row without a day into its place; False where it has none."""
    cells = row[1]
    if _says_total(cells) or _is_balance(cells, layout) or _says_nothing(cells, header, layout):
        found.told.append(row)
    elif (below and _is_remark(cells)) or _is_section(cells):
        found.leave_out("lines_of_text_left_out")
        found.heading = cells[0]
    elif layout.dates and "pending" in cell_meanings().get(folded(cells[layout.dates[0]]), ()):
        found.leave_out("pending_rows_left_out")
    elif found.postings and _continues(cells, layout):
        for index in layout.description + layout.payee:
            before = found.postings[-1][1]
            before[index] = " ".join(text for text in (before[index], cells[index]) if text)
    else:
        return False
    return True


def without_headers(body: list[Row], header: Header) -> list[Row]:
    """Some banks print the header again on every page."""
    titles = [column.title for column in header.columns]
    return [row for row in body if not header.is_printed or row[1][: header.width] != titles]


def refuse_torn(text: bytes, body: list[Row]) -> None:
    """A last row without its end that is shorter than all others was cut off on its way."""
    if len(body) < 2 or text.endswith((b"\n", b"\r")):
        return
    width = min(len(cells) for _, cells in body[:-1] if len(cells) > 1) if any(len(c) > 1 for _, c in body[:-1]) else 0
    line, cells = body[-1]
    if 1 < len(cells) < width or (len(cells) == 1 and width > 1 and is_date(cells[0])):
        raise Unreadable("the file breaks off in its last row", line)


def _has_day(cells: list[str], layout: Layout) -> bool:
    for index in layout.dates:
        if index < len(cells) and cells[index]:
            return is_date(cells[index])
    return False


def _says_total(cells: list[str], indices: list[int] | None = None) -> bool:
    """Whether the first words of the row are those of a total or a balance."""
    looked = [cells[i] for i in indices] if indices is not None else [c for c in cells if c][:1]
    return any(_is_total(folded(cell)) for cell in looked if cell)


def _is_balance(cells: list[str], layout: Layout) -> bool:
    """A line that calls itself a balance and nothing else, with the balance where others have their amount."""
    told = [cells[i] for i in layout.description + layout.payee if cells[i]]
    if not told or len(told[0]) > _LONGEST_LABEL or not begins_balance(told[0]):
        return False
    said = [folded(cell) for cell in told]
    known = total_words() - words_of_balances("also_names")
    return all(words in known and not _BALANCES.isdisjoint(words.split()) for words in said)


def _is_settlement(cells: list[str], layout: Layout) -> bool:
    """The bare word for a balance amid the postings is also that for the settlement of a debt."""
    told = {folded(cells[index]) for index in layout.description + layout.payee if cells[index]}
    return all(" " not in words for words in told)


def _is_total(words: str) -> bool:
    parts = words.split()
    if 0 < len(parts) <= 4 and parts[-1] in total_words() and parts[-1] not in _BALANCES:
        return True
    return any(" ".join(parts[:count]) in total_words() for count in range(1, min(4, len(parts)) + 1))


def _says_nothing(cells: list[str], header: Header, layout: Layout) -> bool:
    """A row that has neither day, amount nor text where postings have theirs, but figures in columns of balances."""
    if not header.having("balance") or any(cells[i] for i in (*layout.dates, *layout.moved())):
        return False
    return not any(cells[index] for index in layout.description + layout.payee + layout.payer)


def _is_remark(cells: list[str]) -> bool:
    """A line of text below the table."""
    present = [cell for cell in cells if cell]
    if all(not cell[0].isalnum() for cell in present):
        return True
    return len(present) == 1 and len(present[0]) > 3 and present[0][0].isalpha()


def _is_section(cells: list[str]) -> bool:
    """A line of words alone in the first column, such as the heading of what follows."""
    return len(cells) > 2 and not any(cells[1:]) and " " in cells[0] and cells[0][0].isalpha()


def _says_pending(heading: str) -> bool:
    """Whether a short heading says that what follows is not booked yet."""
    words = folded(heading).split() if len(heading) <= _LONGEST_LABEL else []
    spans = [" ".join(words[at : at + count]) for at in range(len(words)) for count in (1, 2, 3)]
    return len(words) <= 4 and any("pending" in cell_meanings().get(span, ()) for span in spans)


def _continues(cells: list[str], layout: Layout) -> bool:
    """A further line of the text of the row above."""
    texts = layout.description + layout.payee
    present = [index for index, cell in enumerate(cells) if cell]
    return bool(present) and all(index in texts for index in present)


def _no_day(line: int, cells: list[str], layout: Layout) -> Unreadable:
    first = layout.dates[0] if layout.dates else 0
    printed = cells[first] if first < len(cells) else ""
    return Unreadable(f"the date “{printed[:40]}” cannot be read" if printed else "the row has no date", line)
