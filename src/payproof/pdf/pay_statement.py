"""The paper a pay statement is printed on."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from msgspec import Struct

from payproof.pdf.plain import INK, WIDTH, Page


class PrintedLine(Struct, frozen=True, kw_only=True):
    """One row of a money table; texts are printed as they are."""

    name: str
    rate: str = ""
    units: str = ""
    amount: str
    ytd: str


class PrintedStatement(Struct, frozen=True, kw_only=True):
    """What one pay statement shows. Money and dates come formatted."""

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
    earnings: tuple[PrintedLine, ...]
    deductions: tuple[PrintedLine, ...]
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


def pay_statement_pdf(shown: PrintedStatement, *, on: date) -> bytes:
    """One page. `on` is the pay date, which also dates the file."""
    employer = (shown.employer, shown.employer_address, f"{shown.employer_phone} · EIN {shown.ein}")
    employee = (shown.employee, shown.employee_address, f"XXX-XX-{shown.ssn_last4}", shown.job_title)
    page = _form(employer, employee).copy()
    y = _head(page, shown)
    rows = [(line.name, line.rate, line.units, line.amount, line.ytd) for line in shown.earnings]
    total = ("Gross pay", "", "", shown.gross, shown.gross_ytd)
    y = _table(page, y, "Earnings", ("Rate", "Hours", "This period", "Year to date"), [*rows, total])
    taken = [(line.name, line.amount, line.ytd) for line in shown.deductions]
    total_taken = ("Total deductions", shown.deducted, shown.deducted_ytd)
    y = _table(page, y, "Taxes and deductions", ("This period", "Year to date"), [*taken, total_taken])
    _net(page, y, shown)
    return page.pdf(title=f"Pay statement {shown.check_number}", author=shown.employer, on=on)


def _head(page: Page, shown: PrintedStatement) -> float:
    basis = f"{shown.pay_basis}, {shown.hours} hours"
    _pairs(page, MIDDLE, _OF_PAY, (shown.check_number, shown.pay_date, shown.period, basis))
    return 186


def _pairs(page: Page, x: float, names: Sequence[str], values: Sequence[str]) -> None:
    for number, (name, value) in enumerate(zip(names, values, strict=True)):
        page.text(x, 110 + 14 * number, name, colour=INK)
        page.text(x + 76, 110 + 14 * number, value)


@lru_cache(maxsize=64)
def _form(employer: tuple[str, str, str], employee: tuple[str, str, str, str]) -> Page:
    """What all statements of a job begin with; to be copied."""
    page = Page()
    page.text(LEFT, 66, "Earnings statement", size=16, colour=INK)
    for number, line in enumerate(employer):
        page.text_to(RIGHT, 58 + 12 * number, line)
    page.rule(LEFT, 92, RIGHT - LEFT, INK, 1)
    _pairs(page, LEFT, _OF_EMPLOYEE, employee)
    return page


def _table(page: Page, y: float, title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> float:
    """A table of money below `y`; the first column is text, the others end below their headings. Returns its foot."""
    page.text(LEFT, y, title, size=10, colour=INK)
    y += 6
    ends = [RIGHT - 4 - 76 * number for number in reversed(range(len(columns)))]
    page.fill(LEFT, y, RIGHT - LEFT, ROW)
    for row in (("Description", *columns), *rows):
        y += ROW
        page.row(y - 5, (LEFT + 4, row[0]), zip(ends, row[1:], strict=True))
        page.rule(LEFT, y, RIGHT - LEFT)
    return y + 24


def _net(page: Page, y: float, shown: PrintedStatement) -> None:
    page.text(LEFT, y, "Net pay", size=10, colour=INK)
    page.fill(LEFT, y + 6, RIGHT - LEFT, 28)
    page.text(LEFT + 8, y + 24, f"Paid on {shown.pay_date}")
    page.text_to(RIGHT - 108, y + 25, shown.net, size=13, colour=INK)
    page.text_to(RIGHT - 8, y + 24, f"{shown.net_ytd} to date")
    for number, deposit in enumerate(shown.deposits):
        page.text(LEFT, y + 52 + 12 * number, deposit)
