"""Which rows of a CSV are postings. Totals, balances and repeated headers are known; anything else is refused."""

from payproof.documents.csv_header import Header
from payproof.documents.csv_layout import Layout
from payproof.documents.csv_table import Row, is_date
from payproof.documents.reading import Unreadable
from payproof.normalise.text import folded
from payproof.normalise.words import total_words

_LONGEST_LABEL = 40
_BALANCES = frozenset({"balance", "saldo", "solde", "kontostand", "s"})


def postings_among(body: list[Row], header: Header, layout: Layout) -> list[Row]:
    """The rows that are postings, each as wide as the header. Raises `Unreadable` for a row that is neither."""
    last = max((at for at, (_, cells) in enumerate(body) if _has_day(cells, layout)), default=-1)
    found: list[Row] = []
    for at, (line, cells) in enumerate(body):
        if _has_day(cells, layout):
            if _is_posting(line, cells, header, layout):
                found.append((line, cells + [""] * (header.width - len(cells))))
        elif not _says_total(cells) and not (at > last and _is_remark(cells)):
            raise _no_day(line, cells, layout)
    return found


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


def _is_posting(line: int, cells: list[str], header: Header, layout: Layout) -> bool:
    if any(cells[header.width :]):
        raise Unreadable(f"the row has more columns ({len(cells)}) than the header ({header.width})", line)
    sums = [i for i in (*layout.amounts, layout.debit, layout.credit) if i is not None]
    if any(index < len(cells) and cells[index] for index in sums):
        return not _is_balance(cells, layout)
    if _says_total(cells, layout.description + layout.payee):
        return False
    raise Unreadable("the row has no amount", line)


def _says_total(cells: list[str], indices: list[int] | None = None) -> bool:
    """Whether the first words of the row are those of a total or a balance."""
    looked = [cells[i] for i in indices if i < len(cells)] if indices is not None else [c for c in cells if c][:1]
    return any(_is_total(folded(cell)) for cell in looked if cell)


def _is_balance(cells: list[str], layout: Layout) -> bool:
    """A line that calls itself a balance and nothing else, with the balance where others have their amount."""
    told = [cells[i] for i in layout.description + layout.payee if i < len(cells) and cells[i]]
    if not told or len(told[0]) > _LONGEST_LABEL:
        return False
    said = [folded(cell) for cell in told]
    return bool(said) and all(words in total_words() and not _BALANCES.isdisjoint(words.split()) for words in said)


def _is_total(words: str) -> bool:
    parts = words.split()
    return any(" ".join(parts[:count]) in total_words() for count in range(1, min(4, len(parts)) + 1))


def _is_remark(cells: list[str]) -> bool:
    """A line of text below the table."""
    present = [cell for cell in cells if cell]
    if all(not cell[0].isalnum() for cell in present):
        return True
    return len(present) == 1 and len(present[0]) > 3 and present[0][0].isalpha()


def _no_day(line: int, cells: list[str], layout: Layout) -> Unreadable:
    first = layout.dates[0] if layout.dates else 0
    printed = cells[first] if first < len(cells) else ""
    return Unreadable(f"the date “{printed[:40]}” cannot be read" if printed else "the row has no date", line)
