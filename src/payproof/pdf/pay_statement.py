"""The paper a pay statement is printed on."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from itertools import chain

from msgspec import Struct

from payproof.pdf.plain import INK, TYPEWRITER, WIDTH, Form, Page, ending_at, literal


class PrintedStatement(Struct, frozen=True, kw_only=True):
    """What one pay statement shows. Money and dates come formatted, and are printed as they are."""

    employer: str
    employer_address: str
    employer_phone: str
    ein: str
    employee: str
    employee_address: str
    ssn_last4: str
    job_title: str
    check_number: str
    pay_date: str
    period: str
    pay_basis: str
    hours: str
    earnings: Mapping[str, tuple[str, str, str, str]]
    """Rate, hours, amount and year to date of each."""
    deductions: Mapping[str, tuple[str, str]]
    """Amount and year to date of each."""
    gross: str
    gross_ytd: str
    deducted: str
    deducted_ytd: str
    net: str
    net_ytd: str
    deposits: tuple[str, ...] = ()


LEFT, RIGHT, MIDDLE = 54, WIDTH - 54, 318
ROW = 16
_OF_EMPLOYEE = ("Employee", "Address", "Social security", "Position")
_OF_PAY = ("Check number", "Pay date", "Pay period", "Basis")
_EARNINGS = ("Rate", "Hours", "This period", "Year to date")
_DEDUCTIONS = ("This period", "Year to date")


def pay_statement_pdf(shown: PrintedStatement, *, on: date) -> bytes:
    """One page. `on` is the pay date, which also dates the file."""
    form = _form(
        (shown.employer, shown.employer_address, f"{shown.employer_phone}, EIN {shown.ein}"),
        (shown.employee, shown.employee_address, f"XXX-XX-{shown.ssn_last4}", shown.job_title),
        shown.deposits,
        (tuple(shown.earnings), tuple(shown.deductions)),
    )
    to_date = f"{shown.net_ytd} to date"
    return form.pdf(
        *(shown.check_number, shown.pay_date, shown.period, f"{shown.pay_basis}, {shown.hours} hours"),
        *chain.from_iterable(shown.earnings.values()),
        *("", "", shown.gross, shown.gross_ytd),
        *chain.from_iterable(shown.deductions.values()),
        *(shown.deducted, shown.deducted_ytd, shown.pay_date),
        *(str(ending_at(RIGHT - 108, shown.net, 13)), shown.net, str(ending_at(RIGHT - 8, to_date)), to_date),
        title=f"Pay statement {shown.check_number}",
        author=shown.employer,
        on=on,
    )


@lru_cache(maxsize=64)
def _form(
    employer: tuple[str, ...],
    employee: tuple[str, ...],
    deposits: tuple[str, ...],
    names: tuple[tuple[str, ...], tuple[str, ...]],
) -> Form:
    """What all statements of a job with these earnings and deductions have in common."""
    page = Page()
    page.text(LEFT, 66, "Earnings statement", size=16, colour=INK)
    for number, line in enumerate(employer):
        page.text_to(RIGHT, 58 + 12 * number, line)
    page.rules(LEFT, 92, RIGHT - LEFT, colour=INK, weight=1)
    page.lines(LEFT, 110, 14, _OF_EMPLOYEE, colour=INK)
    page.lines(LEFT + 76, 110, 14, employee)
    page.lines(MIDDLE, 110, 14, _OF_PAY, colour=INK)
    page.blank_lines(MIDDLE + 76, 110, 14, ["%s"] * len(_OF_PAY))
    y = _table(page, 186, "Earnings", _EARNINGS, (*names[0], "Gross pay"))
    y = _table(page, y, "Taxes and deductions", _DEDUCTIONS, (*names[1], "Total deductions"))
    page.text(LEFT, y, "Net pay", size=10, colour=INK)
    page.fill(LEFT, y + 6, RIGHT - LEFT, 28)
    page.lines(LEFT, y + 52, 12, deposits)
    page.blank_lines(LEFT + 8, y + 24, ROW, ["Paid on %s"])
    page.blank_to(y + 25, size=13, colour=INK)
    page.blank_to(y + 24)
    return page.form()


def _table(page: Page, y: float, title: str, columns: tuple[str, ...], names: Iterable[str]) -> float:
    """As on a typewriter, so that amounts stand one below the other. Returns where the next one begins."""
    name, cells = f"%-{92 - 14 * len(columns)}s", "%14s" * len(columns)
    rows = [literal(name % "Description") + cells % columns]
    rows += [literal(name % one) + cells for one in names]
    page.text(LEFT, y, title, size=10, colour=INK)
    page.fill(LEFT, y + 6, RIGHT - LEFT, ROW)
    page.rules(LEFT, y + 6 + ROW, RIGHT - LEFT, apart=ROW, count=len(rows))
    page.blank_lines(LEFT + 4, y + ROW + 1, ROW, rows, font=TYPEWRITER)
    return y + 30 + ROW * len(rows)
