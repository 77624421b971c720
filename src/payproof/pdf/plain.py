"""A page of text and lines that costs a twentieth of a millisecond: for papers that are made by the thousand.

Nothing is embedded: its fonts are two of those that every reader of PDFs has, so letters are those of Latin-1 and a
few more (cp1252); any other is printed as a question mark. The same page gives the same bytes.
"""

import re
from collections.abc import Iterable
from datetime import date

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
PROPORTIONAL, TYPEWRITER = "R", "C"
"""Helvetica, and Courier, of which each letter is six tenths of the size wide."""


class Page:
    """Places are measured from the upper left corner. Texts are on top of what is drawn."""

    def __init__(self) -> None:
        self._drawn: list[str] = []
        self._said: list[str] = []
        """With `%` for what differs from file to file, as in a format."""
        self._look = ("", 0, "")

    def text(self, x: float, y: float, said: str, *, size: int = 9, colour: str = BLACK) -> None:
        """On a line whose foot is at `y`."""
        self._say(f"1 0 0 1 {x} {HEIGHT - y} Tm ({literal(said)}) Tj", (PROPORTIONAL, size, colour))

    def text_to(self, x: float, y: float, said: str, *, size: int = 9, colour: str = BLACK) -> None:
        """It ends at `x`."""
        self.text(ending_at(x, said, size), y, said, size=size, colour=colour)

    def blank_to(self, y: float, *, size: int = 9, colour: str = BLACK) -> None:
        """A text that is given later, after the place where it begins."""
        self._say(f"1 0 0 1 %s {HEIGHT - y} Tm (%s) Tj", (PROPORTIONAL, size, colour))

    def lines(self, x: float, y: float, apart: float, lines: Iterable[str], *, colour: str = BLACK) -> None:
        """One below the other, the foot of the first at `y`."""
        self.blank_lines(x, y, apart, map(literal, lines), colour=colour)

    def blank_lines(
        self, x: float, y: float, apart: float, lines: Iterable[str], *, font: str = PROPORTIONAL, colour: str = BLACK
    ) -> None:
        """The same with texts that are given later: each line is a format of strings."""
        shown = ") '\n(".join(lines)
        self._say(f"{apart} TL 1 0 0 1 {x} {HEIGHT - y + apart} Tm\n({shown}) '", (font, 9, colour))

    def fill(self, x: float, y: float, width: float, height: float, colour: str = PALE) -> None:
        self._drawn.append(f"{colour} rg {x} {HEIGHT - y - height} {width} {height} re f")

    def frame(self, x: float, y: float, width: float, height: float, colour: str = INK) -> None:
        self._drawn.append(f"{colour} RG 0.5 w {x} {HEIGHT - y - height} {width} {height} re S")

    def rules(
        self,
        x: float,
        y: float,
        width: float,
        *,
        apart: float = 0,
        count: int = 1,
        colour: str = RULE,
        weight: float = 0.5,
    ) -> None:
        """Lines from `x` on, the first at `y`, the others below it."""
        feet = [HEIGHT - y - apart * number for number in range(count)]
        drawn = " ".join([f"{x} {foot} m {x + width} {foot} l" for foot in feet])
        self._drawn.append(f"{colour} RG {weight} w {drawn} S")

    def form(self) -> "Form":
        """The page with its blanks, to be filled in many times."""
        return Form("\n".join([*self._drawn, "BT", *self._said, "ET"]))

    def _say(self, operators: str, look: tuple[str, int, str]) -> None:
        """In that font, size and colour."""
        if self._look != look:
            self._look = look
            self._said.append(f"{look[2]} rg /{look[0]} {look[1]} Tf")
        self._said.append(operators)


class Form:
    def __init__(self, content: str) -> None:
        self._content = content

    def pdf(self, *blanks: str, title: str, author: str, on: date) -> bytes:
        """The file, dated `on`, with the blanks filled in, in the order in which they came onto the page."""
        if _ODD("".join(blanks)):
            blanks = tuple(map(_escaped, blanks))
        content = _encoded(self._content % blanks)
        about = f"<< /Title ({_escaped(title)}) /Author ({_escaped(author)}) /CreationDate (D:{on:%Y%m%d}000000Z) >>"
        return _file(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content), _encoded(about))


def ending_at(x: float, said: str, size: int = 9) -> float:
    """Where a text begins that ends at `x`."""
    return round(x - _width(said) * size / 1000, 1)


def literal(said: str) -> str:
    """As a part of a line with blanks."""
    return _escaped(said).replace("%", "%%")


def _width(said: str) -> int:
    """In thousandths of the size."""
    return sum(map(_WIDTH_OF, _encoded(said)))


def _encoded(said: str) -> bytes:
    return said.encode() if said.isascii() else said.encode("cp1252", "replace")


def _escaped(said: str) -> str:
    return said.translate(_ESCAPED) if _ODD(said) else said


def _font(name: str) -> bytes:
    return b"<< /Type /Font /Subtype /Type1 /BaseFont /%b /Encoding /WinAnsiEncoding >>" % name.encode()


_FIXED = (
    b"<< /Type /Catalog /Pages 2 0 R /Lang (en) >>",
    b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 6 0 R"
    b" /Resources << /Font << /R 4 0 R /C 5 0 R >> >> >>" % (WIDTH, HEIGHT),
    _font("Helvetica"),
    _font("Courier"),
)
"""The objects that are the same in every file, numbered from 1."""


def _begun() -> tuple[bytes, str]:
    """What every file begins with, and where in it the objects are."""
    out, starts = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, body in enumerate(_FIXED, 1):
        starts.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    return out, "".join(map(_entry, starts))


def _entry(start: int) -> str:
    return f"{start:010d} 00000 n \n"


_HEAD, _PLACES = _begun()


def _file(content: bytes, about: bytes) -> bytes:
    first, second = len(_FIXED) + 1, len(_FIXED) + 2
    begun = b"%b%d 0 obj\n%b\nendobj\n" % (_HEAD, first, content)
    body = b"%b%d 0 obj\n%b\nendobj\n" % (begun, second, about)
    places = f"{_PLACES}{_entry(len(_HEAD))}{_entry(len(begun))}"
    trailer = f"trailer\n<< /Size {second + 1} /Root 1 0 R /Info {second} 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + f"xref\n0 {second + 1}\n0000000000 65535 f \n{places}{trailer}".encode()
