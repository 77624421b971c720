"""The paper a pay statement is printed on."""

from datetime import date

from msgspec import Struct

from payproof.pdf.press import press


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


def pay_statement_pdf(statement: PrintedStatement, *, on: date, tagged: bool = True) -> bytes:
    """One page. `on` is the pay date, which also dates the file."""
    return press("pay_statement", statement, on=on, tagged=tagged)
