"""PDFs are the same bytes every time, and facts in them are never markup."""

from datetime import date

import msgspec
import pytest

from payproof.pdf.pay_statement import PrintedLine, PrintedStatement, pay_statement_pdf
from payproof.pdf.w2 import PrintedW2, w2_pdf

LINE = PrintedLine(name="Regular", rate="36.00", units="80.00", amount="2,880.00", ytd="2,880.00")
STATEMENT = msgspec.convert(
    dict.fromkeys(PrintedStatement.__struct_fields__, "x") | {"earnings": [], "deductions": [], "deposits": []},
    PrintedStatement,
)
W2 = msgspec.convert(dict.fromkeys(PrintedW2.__struct_fields__, "1.00") | {"year": 2025}, PrintedW2)
PAY_DAY = date(2026, 6, 12)


@pytest.mark.parametrize("tagged", [True, False])
def test_the_same_facts_are_the_same_bytes(tagged: bool) -> None:
    one = pay_statement_pdf(STATEMENT, on=PAY_DAY, tagged=tagged)
    assert one == pay_statement_pdf(STATEMENT, on=PAY_DAY, tagged=tagged)
    assert one != pay_statement_pdf(STATEMENT, on=date(2026, 6, 13), tagged=tagged)
    assert (b"/StructTreeRoot" in one) is tagged
    assert w2_pdf(W2, tagged=tagged) == w2_pdf(W2, tagged=tagged)


@pytest.mark.parametrize(
    "name", ["#panic()", "*bold* $x^2$ `raw`", "<label> @ref \\ // ]", "Zoë \u0000", "\U0001f600", "王", ""]
)
def test_facts_are_never_markup(name: str) -> None:
    shown = msgspec.structs.replace(
        STATEMENT, employee=name, employer=name, earnings=(msgspec.structs.replace(LINE, name=name),), deposits=(name,)
    )
    assert pay_statement_pdf(shown, on=PAY_DAY).startswith(b"%PDF-")
    assert w2_pdf(msgspec.structs.replace(W2, employee=name, employer=name)).startswith(b"%PDF-")
