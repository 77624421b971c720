"""The papers of a job, each pay statement and W-2 as PDF: printed whenever they are asked for, the same each time."""

from datetime import date
from functools import lru_cache

import msgspec

from payproof.pdf.pay_statement import PrintedStatement, pay_statement_pdf
from payproof.pdf.w2 import PrintedW2, w2_pdf
from payproof.world.pay import pay_history, shown
from payproof.world.payroll.archive import zipped
from payproof.world.payroll.show import day, phone, ssn
from payproof.world.person import Job, Person
from payproof.world.statement import Line, Statement
from payproof.world.year import Year, full_years


class Paper(msgspec.Struct, frozen=True):
    """A paper to be printed: its file name and its facts."""

    name: str
    facts: PrintedStatement | PrintedW2
    on: date


def papers(seed: str, person: Person, job: Job, today: date) -> dict[str, Paper]:
    """All papers of a job by file name, statements first, newest first."""
    history = pay_history(seed, person.username, job, today)
    made = [
        *(_statement_paper(person, job, statement) for statement in shown(job, history)),
        *(_w2_paper(person, job, year) for year in full_years(history, today)),
    ]
    return {paper.name: paper for paper in made}


@lru_cache(maxsize=16)
def archive(seed: str, person: Person, job: Job, today: date) -> bytes:
    """All papers of a job in one archive, stored as they are."""
    return zipped({name: printed(paper) for name, paper in papers(seed, person, job, today).items()})


def printed(paper: Paper) -> bytes:
    """As PDF."""
    return w2_pdf(paper.facts) if isinstance(paper.facts, PrintedW2) else pay_statement_pdf(paper.facts, on=paper.on)


def _statement_paper(person: Person, job: Job, statement: Statement) -> Paper:
    facts = PrintedStatement(
        employer=job.employer.name,
        employer_address=str(job.employer.place),
        employer_phone=phone(job.employer.phone),
        ein=job.employer.ein,
        employee=person.full_name,
        employee_address=str(person.place),
        ssn_last4=person.ssn[-4:],
        job_title=job.title,
        check_number=statement.check,
        pay_date=day(statement.period.pay_on),
        period=f"{day(statement.period.start)} - {day(statement.period.end)}",
        pay_basis=job.basis,
        hours=str(statement.hours),
        earnings={line.name: _earning(line) for line in statement.earnings},
        deductions={line.name: (f"{line.amount:,.2f}", f"{line.ytd:,.2f}") for line in statement.deductions},
        gross=f"{statement.gross:,.2f}",
        gross_ytd=f"{statement.gross_ytd:,.2f}",
        deducted=f"{statement.deducted:,.2f}",
        deducted_ytd=f"{statement.deducted_ytd:,.2f}",
        net=f"{statement.net:,.2f}",
        net_ytd=f"{statement.net_ytd:,.2f}",
        deposits=tuple(f"{d.bank}, account ending {d.account_number[-4:]}: {d.share}" for d in job.deposits),
    )
    return Paper(f"statement-{statement.check}.pdf", facts, statement.period.pay_on)


def _earning(line: Line) -> tuple[str, str, str, str]:
    rate = "" if line.rate is None else f"{line.rate:,.2f}"
    return rate, "" if line.units is None else str(line.units), f"{line.amount:,.2f}", f"{line.ytd:,.2f}"


def _w2_paper(person: Person, job: Job, year: Year) -> Paper:
    def withheld(name: str) -> str:
        return f"{year.withheld.get(name, 0):,.2f}"

    facts = PrintedW2(
        year=year.year,
        employer=job.employer.name,
        employer_address=str(job.employer.place),
        ein=job.employer.ein,
        employee=person.full_name,
        employee_address=str(person.place),
        ssn=ssn(person.ssn),
        wages=f"{year.wages:,.2f}",
        federal_tax=withheld("Federal income tax"),
        social_security_wages=f"{year.medicare_wages:,.2f}",
        social_security_tax=withheld("Social Security tax"),
        medicare_wages=f"{year.medicare_wages:,.2f}",
        medicare_tax=withheld("Medicare tax"),
        retirement=withheld("401(k)"),
        state=job.employer.place.state,
        state_wages=f"{year.wages:,.2f}",
        state_tax=withheld("State income tax"),
    )
    return Paper(f"w2-{year.year}.pdf", facts, date(year.year, 12, 31))
