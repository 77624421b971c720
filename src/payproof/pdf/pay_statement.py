"""The paper a pay statement is printed on."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from msgspec import Struct

from payproof.pdf.plain import INK, TYPEWRITER, WIDTH, Page


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
_EARNINGS = PrintedLine(name="Description", rate="Rate", units="Hours", amount="This period", ytd="Year to date")
_DEDUCTIONS = PrintedLine(name="Description", amount="This period", ytd="Year to date")


def pay_statement_pdf(shown: PrintedStatement, *, on: date) -> bytes:
    """One page. `on` is the pay date, which also dates the file."""
    page = _form(
        (shown.employer, shown.employer_address, f"{shown.employer_phone}, EIN {shown.ein}"),
        (shown.employee, shown.employee_address, f"XXX-XX-{shown.ssn_last4}", shown.job_title),
        shown.deposits,
        (len(shown.earnings), len(shown.deductions)),
    ).copy()
    basis = f"{shown.pay_basis}, {shown.hours} hours"
    _values(page, MIDDLE, (shown.check_number, shown.pay_date, shown.period, basis))
    gross = PrintedLine(name="Gross pay", amount=shown.gross, ytd=shown.gross_ytd)
    deducted = PrintedLine(name="Total deductions", amount=shown.deducted, ytd=shown.deducted_ytd)
    earnings, deductions, net = _places(len(shown.earnings), len(shown.deductions))
    _lines(page, earnings, (_EARNINGS, *shown.earnings, gross))
    _lines(page, deductions, (_DEDUCTIONS, *shown.deductions, deducted))
    page.text(LEFT + 8, net + 24, f"Paid on {shown.pay_date}")
    page.text_to(RIGHT - 108, net + 25, shown.net, size=13, colour=INK)
    page.text_to(RIGHT - 8, net + 24, f"{shown.net_ytd} to date")
    return page.pdf(title=f"Pay statement {shown.check_number}", author=shown.employer, on=on)


@lru_cache(maxsize=64)
def _form(
    employer: tuple[str, ...], employee: tuple[str, ...], deposits: tuple[str, ...], counts: tuple[int, int]
) -> Page:
    """What all statements of a job with so many earnings and deductions have in common; to be copied."""
    page = Page()
    page.text(LEFT, 66, "Earnings statement", size=16, colour=INK)
    for number, line in enumerate(employer):
        page.text_to(RIGHT, 58 + 12 * number, line)
    page.rules(LEFT, 92, RIGHT - LEFT, colour=INK, weight=1)
    page.lines(LEFT, 110, 14, _OF_EMPLOYEE, colour=INK)
    page.lines(MIDDLE, 110, 14, _OF_PAY, colour=INK)
    _values(page, LEFT, employee)
    earnings, deductions, net = _places(*counts)
    for y, title, count in ((earnings, "Earnings", counts[0]), (deductions, "Taxes and deductions", counts[1])):
        page.text(LEFT, y, title, size=10, colour=INK)
        page.fill(LEFT, y + 6, RIGHT - LEFT, ROW)
        page.rules(LEFT, y + 6 + ROW, RIGHT - LEFT, apart=ROW, count=count + 2)
    page.text(LEFT, net, "Net pay", size=10, colour=INK)
    page.fill(LEFT, net + 6, RIGHT - LEFT, 28)
    page.lines(LEFT, net + 52, 12, deposits)
    return page


def _places(earnings: int, deductions: int) -> tuple[int, int, int]:
    """Where both tables and the net pay begin; a table has a heading and a total beside its lines."""
    second = 210 + 6 + ROW * (earnings + 2)
    return 186, second, second + 30 + ROW * (deductions + 2)


def _values(page: Page, x: float, values: Iterable[str]) -> None:
    page.lines(x + 76, 110, 14, values)


def _lines(page: Page, y: float, lines: Iterable[PrintedLine]) -> None:
    """As on a typewriter, so that amounts stand one below the other."""
    written = [f"{one.name:<36.36}{one.rate:>14}{one.units:>14}{one.amount:>14}{one.ytd:>14}" for one in lines]
    page.lines(LEFT + 4, y + ROW + 1, ROW, written, font=TYPEWRITER)
