"""The wage and tax statement of one year at one employer."""

from datetime import date

from msgspec import Struct

from payproof.pdf.press import press


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


def w2_pdf(w2: PrintedW2, *, tagged: bool = True) -> bytes:
    """One page, dated the last day of January after its year: the day by which employers hand it out."""
    return press("w2", w2, on=date(w2.year + 1, 1, 31), tagged=tagged)
