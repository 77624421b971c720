"""Behind the door: the front page, a job's page and its papers."""

from datetime import date, timedelta
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from payproof.world.access import Caller
from payproof.world.memory import Session
from payproof.world.pay import pay_history, shown
from payproof.world.payroll import rows
from payproof.world.payroll.door import first_day, session_of
from payproof.world.payroll.papers import archive, papers, printed
from payproof.world.payroll.show import html, page, refusal
from payproof.world.payroll.story import CODE_REFUSED, NO_RECORDS, Refusal, holder
from payproof.world.person import Job, Person
from payproof.world.year import full_years, years

_NOT_FOUND = Refusal("not-found", 404, "Not found", "There is no such page.")


async def home(request: Request, caller: Caller) -> Response:
    """The front page, or wherever the session stands."""
    session = session_of(request, caller)
    if session is None:
        return RedirectResponse("sign-in", 303)
    request.state.outcome = session.state
    if session.state == "challenge":
        return RedirectResponse("challenge", 303)
    if session.state == "refused":
        return refusal(request, CODE_REFUSED)
    if session.state == "wait" and session.ready_at and session.ready_at > caller.now:
        left = session.ready_at - caller.now
        return page("wait", seconds=-(-left // timedelta(seconds=1)))
    if session.story == "no_data":
        return refusal(request, NO_RECORDS)
    who = holder(caller, first_day(request, caller), session.username)
    return HTMLResponse(_home_html(caller.seed, who, caller.now.date()))


async def job(request: Request, caller: Caller) -> Response:
    """Everything about one employment on one page."""
    session = session_of(request, caller)
    if session is None or not _is_open(session, caller):
        return RedirectResponse("../sign-in", 303)
    who, held = _held(request, caller, session)
    if held is None:
        return refusal(request, _NOT_FOUND)
    return HTMLResponse(_job_html(caller.seed, who, held, caller.now.date()))


async def paper(request: Request, caller: Caller) -> Response:
    """One PDF of an employment, or all of them as `documents.zip`."""
    session = session_of(request, caller)
    if session is None or not _is_open(session, caller):
        return RedirectResponse("../../sign-in", 303)
    who, held = _held(request, caller, session)
    name = request.path_params["name"]
    if name == "documents.zip" and held:
        return Response(archive(caller.seed, who, held, caller.now.date()), media_type="application/zip")
    offered = papers(caller.seed, who, held, caller.now.date()) if held else {}
    if name not in offered:
        return refusal(request, _NOT_FOUND)
    return Response(printed(offered[name]), media_type="application/pdf")


def _is_open(session: Session, caller: Caller) -> bool:
    waited = session.state == "wait" and session.ready_at is not None and session.ready_at <= caller.now
    return session.state == "open" or waited


def _held(request: Request, caller: Caller, session: Session) -> tuple[Person, Job | None]:
    who = holder(caller, first_day(request, caller), session.username)
    number = request.path_params["number"]
    return who, next((held for held in who.jobs if held.number == number and session.story != "no_data"), None)


@lru_cache(maxsize=32)
def _home_html(seed: str, who: Person, today: date) -> str:
    paid = [(held, shown(held, pay_history(seed, who.username, held, today))) for held in who.jobs]
    jobs = [(held, listed[0].period.pay_on if listed else None, rows.pay_dates(listed)) for held, listed in paid]
    return html("home", person=who, jobs=jobs, today=today)


@lru_cache(maxsize=32)
def _job_html(seed: str, who: Person, held: Job, today: date) -> str:
    history = pay_history(seed, who.username, held, today)
    listed = shown(held, history)
    return html(
        "job",
        root="../",
        job=held,
        statements=rows.totals(held.number, listed),
        earnings=rows.earnings(listed),
        deductions=rows.deductions(listed),
        years=rows.annual(years(history)),
        w2s=rows.w2s(held.number, full_years(history, today)),
    )
