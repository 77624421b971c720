"""A page of text and lines that costs a tenth of a millisecond: for papers that are made by the thousand.

Nothing is embedded: its font is one of those that every reader of PDFs has, so letters are those of Latin-1 and a
few more (cp1252); any other is printed as a question mark. The same page gives the same bytes.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

HEIGHT, WIDTH = 792, 612
"""US letter, in points of 1/72 inch."""

_WIDTHS = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278"
    " 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944"
    " 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500"
    " 278 556 500 722 500 500 500 334 260 334 584"
)
_WIDTH_OF = (*[0] * 32, *map(int, _WIDTHS.split()), *[556] * 129).__getitem__
"""Of each letter of cp1252, in thousandths of the size, from Adobe's metrics of Helvetica; roughly, beyond ASCII."""
_ODD = re.compile(r"[\\()\x00-\x1f]").search
_ESCAPED = str.maketrans({"\\": r"\\", "(": r"\(", ")": r"\)"} | {chr(code): " " for code in range(32)})

INK, PALE, RULE, BLACK = "0.12 0.23 0.37", "0.93 0.95 0.97", "0.72 0.77 0.83", "0 0 0"
"""Red, green and blue."""


class Page:
    """Places are measured from the upper left corner. Texts are on top of what is drawn."""

    def __init__(self) -> None:
        self._drawn: list[str] = []
        self._said: list[str] = []
        self._look = (0, "")

    def copy(self) -> "Page":
        """Another one with the same on it."""
        made = Page()
        made._drawn, made._said, made._look = self._drawn[:], self._said[:], self._look
        return made

    def text(self, x: float, y: float, said: str, *, size: int = 9, colour: str = BLACK) -> None:
        """On a line whose foot is at `y`."""
        if self._look != (size, colour):
            self._look = (size, colour)
            self._said.append(f"{colour} rg /R {size} Tf")
        self._said.append(f"1 0 0 1 {x} {HEIGHT - y} Tm ({_escaped(said)}) Tj")

    def text_to(self, x: float, y: float, said: str, *, size: int = 9, colour: str = BLACK) -> None:
        """It ends at `x`."""
        self.text(round(x - _width(said) * size / 1000, 1), y, said, size=size, colour=colour)

    def row(self, y: float, first: tuple[float, str], cells: Iterable[tuple[float, str]]) -> None:
        """Of a table: the first text begins at its place, the others end at theirs; empty ones are left out."""
        self.text(first[0], y, first[1])
        foot = HEIGHT - y
        placed = [_ending_at(x, said) for x, said in cells if said]
        self._said += [f"1 0 0 1 {x} {foot} Tm ({said}) Tj" for x, said in placed]

    def fill(self, x: float, y: float, width: float, height: float, colour: str = PALE) -> None:
        self._drawn.append(f"{colour} rg {x} {HEIGHT - y - height} {width} {height} re f")

    def frame(self, x: float, y: float, width: float, height: float, colour: str = INK) -> None:
        self._drawn.append(f"{colour} RG 0.5 w {x} {HEIGHT - y - height} {width} {height} re S")

    def rule(self, x: float, y: float, width: float, colour: str = RULE, weight: float = 0.5) -> None:
        self._drawn.append(f"{colour} RG {weight} w {x} {HEIGHT - y} m {x + width} {HEIGHT - y} l S")

    def pdf(self, *, title: str, author: str, on: date) -> bytes:
        """The file, dated `on`."""
        content = "\n".join([*self._drawn, "BT", *self._said, "ET"]).encode("cp1252", "replace")
        about = f"<< /Title ({_escaped(title)}) /Author ({_escaped(author)})"
        return _file(
            [
                *_FIXED,
                b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content),
                f"{about} /CreationDate (D:{on:%Y%m%d}000000Z) >>".encode("cp1252", "replace"),
            ]
        )


_FIXED = (
    b"<< /Type /Catalog /Pages 2 0 R /Lang (en) >>",
    b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 5 0 R /Resources << /Font << /R 4 0 R >> >> >>"
    % (WIDTH, HEIGHT),
    b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
)


@lru_cache(maxsize=8192)
def _ending_at(x: float, said: str) -> tuple[float, str]:
    """Where a text of the usual size begins, and how it is written: amounts come again on the next pay day."""
    return round(x - _width(said) * 0.009, 1), _escaped(said)


def _width(said: str) -> int:
    """In thousandths of the size."""
    return sum(map(_WIDTH_OF, said.encode("cp1252", "replace")))


def _escaped(said: str) -> str:
    return said.translate(_ESCAPED) if _ODD(said) else said


def _file(objects: Sequence[bytes]) -> bytes:
    """Objects are numbered from 1: the first is the catalog, the last tells about the file."""
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    starts = []
    for number, body in enumerate(objects, 1):
        starts.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = "".join(f"{start:010d} 00000 n \n" for start in starts)
    size = len(objects) + 1
    trailer = f"trailer\n<< /Size {size} /Root 1 0 R /Info {size - 1} 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return bytes(out) + f"xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}".encode()
