"""The wage and tax statement of one year at one employer."""

from datetime import date

from msgspec import Struct

from payproof.pdf.plain import INK, Page


class PrintedW2(Struct, frozen=True, kw_only=True):
    """What a W-2 shows. Money comes formatted, without a currency sign."""

    year: int
    employer: str
    employer_address: str
    ein: str
    employee: str
    employee_address: str
    ssn: str
    wages: str
    federal_tax: str
    social_security_wages: str
    social_security_tax: str
    medicare_wages: str
    medicare_tax: str
    retirement: str
    state: str
    state_wages: str
    state_tax: str


LEFT, UNIT, ROW = 54, 126, 34
"""A row of boxes is four units wide."""


def w2_pdf(w2: PrintedW2) -> bytes:
    """One page, dated the last day of January after its year: the day by which employers hand it out."""
    page = Page()
    page.text(LEFT, 66, f"Wage and Tax Statement, Form W-2, {w2.year}", size=16, colour=INK)
    y = 84
    for row in _boxes(w2):
        x = LEFT
        for span, label, value in row:
            page.frame(x, y, UNIT * span, ROW)
            page.text(x + 6, y + 12, label, size=7, colour=INK)
            page.text(x + 6, y + 26, value, size=10)
            x += UNIT * span
        y += ROW
    page.text(LEFT, y + 22, "Pretend data from a test portal. Not a tax document.", size=10)
    return page.form().pdf(title=f"Form W-2 {w2.year}", author=w2.employer, on=date(w2.year + 1, 1, 31))


def _boxes(w2: PrintedW2) -> tuple[tuple[tuple[int, str, str], ...], ...]:
    """Row by row: how wide, the label, the value."""
    return (
        (
            (2, "a  Employee's social security number", w2.ssn),
            (2, "b  Employer identification number (EIN)", w2.ein),
        ),
        ((4, "c  Employer's name and address", f"{w2.employer}, {w2.employer_address}"),),
        ((2, "e  Employee's name", w2.employee), (2, "f  Employee's address", w2.employee_address)),
        ((2, "1  Wages, tips, other compensation", w2.wages), (2, "2  Federal income tax withheld", w2.federal_tax)),
        (
            (2, "3  Social security wages", w2.social_security_wages),
            (2, "4  Social security tax withheld", w2.social_security_tax),
        ),
        ((2, "5  Medicare wages and tips", w2.medicare_wages), (2, "6  Medicare tax withheld", w2.medicare_tax)),
        (
            (2, "12a  Code D", w2.retirement),
            (2, "13  Retirement plan", "No" if w2.retirement == "0.00" else "Yes"),
        ),
        (
            (1, "15  State", w2.state),
            (1, "16  State wages", w2.state_wages),
            (2, "17  State income tax", w2.state_tax),
        ),
    )
