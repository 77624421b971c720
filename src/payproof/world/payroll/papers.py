"""The papers of a job: each pay statement and W-2 as PDF, made once and kept for everybody with the same seed."""

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import lru_cache
from hashlib import sha256
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import msgspec

from payproof.pdf.pay_statement import PrintedLine, PrintedStatement, pay_statement_pdf
from payproof.pdf.press import sheet_mark
from payproof.pdf.w2 import PrintedW2, w2_pdf
from payproof.world.memory import Memory
from payproof.world.pay import pay_history, shown
from payproof.world.payroll.show import day, phone, ssn
from payproof.world.person import Job, Person
from payproof.world.statement import Line, Statement
from payproof.world.year import Year, full_years

_KEPT_ARCHIVES = 16
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)
_press = ThreadPoolExecutor(1, thread_name_prefix="world-press")
"""One thread: what two visitors ask for at the same time is made once."""


class Paper(msgspec.Struct, frozen=True):
    """A paper to be printed: its file name, its facts and its key, a hash of seed, sheet and facts."""

    name: str
    key: str
    facts: PrintedStatement | PrintedW2
    on: date


@lru_cache(maxsize=256)
def papers(seed: str, person: Person, job: Job, today: date) -> dict[str, Paper]:
    """All papers of a job by file name, statements first, newest first."""
    history = pay_history(seed, person.username, job, today)
    made = [
        *(_statement_paper(seed, person, job, statement) for statement in shown(job, history)),
        *(_w2_paper(seed, person, job, year) for year in full_years(history, today)),
    ]
    return {paper.name: paper for paper in made}


async def printed(memory: Memory, seed: str, wanted: list[Paper]) -> dict[str, bytes]:
    """The PDFs of the papers, by file name; what is not there yet is made in another thread and kept."""
    found = {paper.name: memory.paper(paper.key) for paper in wanted}
    if None in found.values():
        await asyncio.get_running_loop().run_in_executor(_press, _print_missing, memory, seed, wanted)
        found = {paper.name: memory.paper(paper.key) for paper in wanted}
    return {name: body for name, body in found.items() if body is not None}


async def archive(memory: Memory, seed: str, wanted: list[Paper]) -> bytes:
    """The papers in one archive; the last few archives are kept in memory."""
    key = tuple(paper.key for paper in wanted)
    found = memory.archives.get(key)
    if found is None:
        found = memory.archives[key] = _zipped(await printed(memory, seed, wanted))
        if len(memory.archives) > _KEPT_ARCHIVES:
            memory.archives.popitem(last=False)
    return found


def _zipped(files: dict[str, bytes]) -> bytes:
    """Stored as they are: PDFs hardly shrink."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_STORED) as archive:
        for name, body in files.items():
            archive.writestr(ZipInfo(name, _ZIP_DAY), body)
    return out.getvalue()


def _print_missing(memory: Memory, seed: str, wanted: list[Paper]) -> None:
    missing = [paper for paper in wanted if memory.paper(paper.key) is None]
    memory.add_papers(seed, {paper.key: _print(paper) for paper in missing})


def _print(paper: Paper) -> bytes:
    if isinstance(paper.facts, PrintedW2):
        return w2_pdf(paper.facts, tagged=False)
    return pay_statement_pdf(paper.facts, on=paper.on, tagged=False)


def _statement_paper(seed: str, person: Person, job: Job, statement: Statement) -> Paper:
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
        earnings=tuple(_printed_line(line) for line in statement.earnings),
        deductions=tuple(_printed_line(line) for line in statement.deductions),
        gross=f"{statement.gross:,.2f}",
        gross_ytd=f"{statement.gross_ytd:,.2f}",
        deducted=f"{statement.deducted:,.2f}",
        deducted_ytd=f"{statement.deducted_ytd:,.2f}",
        net=f"{statement.net:,.2f}",
        net_ytd=f"{statement.net_ytd:,.2f}",
        deposits=tuple(f"{d.bank}, account ending {d.account_number[-4:]}: {d.share}" for d in job.deposits),
    )
    return _paper(seed, f"statement-{statement.check}.pdf", "pay_statement", facts, statement.period.pay_on)


def _printed_line(line: Line) -> PrintedLine:
    return PrintedLine(
        name=line.name,
        rate="" if line.rate is None else f"{line.rate:,.2f}",
        units="" if line.units is None else str(line.units),
        amount=f"{line.amount:,.2f}",
        ytd=f"{line.ytd:,.2f}",
    )


def _w2_paper(seed: str, person: Person, job: Job, year: Year) -> Paper:
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
    return _paper(seed, f"w2-{year.year}.pdf", "w2", facts, date(year.year, 12, 31))


def _paper(seed: str, name: str, sheet: str, facts: PrintedStatement | PrintedW2, on: date) -> Paper:
    mark = sha256(f"{seed}\n{sheet_mark(sheet)}\n".encode() + msgspec.json.encode(facts)).hexdigest()
    return Paper(name, mark, facts, on)
