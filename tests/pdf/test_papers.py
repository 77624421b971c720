"""PDFs are the same bytes every time, and facts in them are never commands to whoever shows it."""

import re
from datetime import date

import msgspec
import pytest

from payproof.pdf.pay_statement import PrintedStatement, pay_statement_pdf
from payproof.pdf.w2 import PrintedW2, w2_pdf

LINE = ("36.00", "80.00", "2,880.00", "2,880.00")
STATEMENT = msgspec.convert(
    dict.fromkeys(PrintedStatement.__struct_fields__, "x") | {"earnings": {}, "deductions": {}, "deposits": []},
    PrintedStatement,
)
W2 = msgspec.convert(dict.fromkeys(PrintedW2.__struct_fields__, "1.00") | {"year": 2025}, PrintedW2)
PAY_DAY = date(2026, 6, 12)


def test_the_same_facts_are_the_same_bytes() -> None:
    one = pay_statement_pdf(STATEMENT, on=PAY_DAY)
    assert one == pay_statement_pdf(STATEMENT, on=PAY_DAY)
    assert one != pay_statement_pdf(STATEMENT, on=date(2026, 6, 13))
    assert w2_pdf(W2) == w2_pdf(W2)


@pytest.mark.parametrize("name", ["a) Tj ET (b", "\\", "\\)", "((", "\n\r%", "Zoë \u0000", "\U0001f600", "王", ""])
def test_facts_are_never_commands(name: str) -> None:
    shown = msgspec.structs.replace(STATEMENT, employee=name, employer=name, earnings={name: LINE}, deposits=(name,))
    for made in (
        pay_statement_pdf(shown, on=PAY_DAY),
        w2_pdf(msgspec.structs.replace(W2, employee=name, employer=name, employer_address="")),
    ):
        assert printable(name) in texts(made)


def test_a_line_is_in_one_piece() -> None:
    """Whoever takes the text of a row finds its amounts in order."""
    shown = msgspec.structs.replace(STATEMENT, earnings={"Regular": LINE}, gross="2,880.00", gross_ytd="5,000.00")
    rows = [row.split() for row in texts(pay_statement_pdf(shown, on=PAY_DAY))]
    assert ["Regular", "36.00", "80.00", "2,880.00", "2,880.00"] in rows
    assert ["Gross", "pay", "2,880.00", "5,000.00"] in rows


def printable(name: str) -> str:
    """As it is printed: on one line, with a question mark for letters that the font lacks."""
    flat = "".join(" " if letter < " " else letter for letter in name)
    return flat.encode("cp1252", "replace").decode("cp1252")


def test_it_is_a_sound_file() -> None:
    made = pay_statement_pdf(STATEMENT, on=PAY_DAY)
    starts = [int(line[:10]) for line in re.findall(rb"\d{10} 00000 n ", made)]
    assert [made[start:].split(b" ", 1)[0] for start in starts] == [b"%d" % number for number in range(1, 8)]
    [length] = re.findall(rb"/Length (\d+)", made)
    assert made[made.index(b"stream\n") + 7 :][int(length) :].startswith(b"\nendstream")
    assert made[int(made.rsplit(b"startxref\n", 1)[1].split()[0]) :].startswith(b"xref")


def texts(made: bytes) -> list[str]:
    """What the page says, by the syntax of PDF's strings."""
    content = made.split(b"stream\n", 1)[1].split(b"\nendstream")[0]
    shown = re.findall(rb"(?:Tm |\n)\(((?:[^\\()]|\\.)*)\) (?:Tj|')(?=\n)", content, re.DOTALL)
    return [re.sub(rb"\\(.)", rb"\1", one).decode("cp1252") for one in shown]
