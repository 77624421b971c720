"""The door of the portal: signing in, proving who one is, signing out.

State lives in the session row, so the portal goes on after a kill. A challenge has an id and takes one answer: a right
one opens the session, a wrong one refuses it for good. An answer to any other challenge than the open one changes
nothing.
"""

from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from payproof.world.access import AccessLog, Caller, digest
from payproof.world.form import fields
from payproof.world.memory import Memory, Session, new_token
from payproof.world.payroll.show import page, refusal
from payproof.world.payroll.story import CODE_REFUSED, QUESTION, REFUSALS, Entry, Refusal, is_right, judge

SESSION = "portal_session"
TICKET = "portal_form"
SESSION_LASTS = timedelta(hours=12)
"""World time. Long, because a test clock may be moved on while a visit is under way."""
LONG_CHECK = timedelta(seconds=5)


async def show_sign_in(request: Request, caller: Caller) -> Response:
    """The sign-in form, with a ticket that must come back together with the cookie of the same name."""
    ticket = new_token()
    shown = page("sign_in", ticket=ticket)
    shown.set_cookie(TICKET, ticket, path=None, httponly=True, samesite="lax")
    return shown


async def sign_in(request: Request, caller: Caller) -> Response:
    """Take the form; on to the front page, to a challenge, or a page that says why not."""
    form = await fields(request)
    username, password = form.get("username", ""), form.get("password", "")
    _log(request).write(caller, "password_posted", username=username, password_sha256=digest(password))
    if not form.get("ticket", "") or form.get("ticket", "") != request.cookies.get(TICKET):
        request.state.outcome = "stale_form"
        return RedirectResponse("sign-in", 303)
    memory = _memory(request)
    verdict = judge(memory, caller, first_day(request, caller), username, password, form.get("ssn", ""))
    if isinstance(verdict, Refusal):
        request.state.outcome = verdict.page
        return refusal(request, verdict)
    session = _new_session(verdict, caller)
    memory.add_session(session, caller.now)
    request.state.outcome = session.state
    onward = RedirectResponse("challenge" if session.challenge else "./", 303)
    onward.set_cookie(SESSION, session.token, path=None, httponly=True, samesite="lax")
    return onward


async def show_challenge(request: Request, caller: Caller) -> Response:
    """The challenge that waits for an answer."""
    session = session_of(request, caller)
    if session is None or session.challenge is None:
        return RedirectResponse("./" if session else "sign-in", 303)
    return _challenge_page(session.challenge)


async def answer(request: Request, caller: Caller) -> Response:
    """Take an answer to the open challenge."""
    form = await fields(request)
    posted, said = form.get("challenge", ""), form.get("answer", "")
    session = session_of(request, caller)
    _log(request).write(caller, "code_posted", challenge=posted, **_as_logged(form.get("kind", ""), said))
    if session is None or session.challenge is None:
        return RedirectResponse("./" if session else "sign-in", 303)
    number, _, kind = session.challenge.partition(":")
    if posted != number:
        request.state.outcome = "other_challenge"
        return _challenge_page(session.challenge)
    if not is_right(session.story, kind, said):
        _memory(request).move_session(session.token, "refused")
        request.state.outcome = CODE_REFUSED.page
        return refusal(request, CODE_REFUSED)
    following = f"{new_token()}:code" if kind == "selection" else None
    _memory(request).move_session(session.token, "challenge" if following else "open", following)
    request.state.outcome = "challenge" if following else "open"
    return RedirectResponse("challenge" if following else "./", 303)


async def resend(request: Request, caller: Caller) -> Response:
    """Replace the open challenge by a new one of the kind; the old one takes no answer any more."""
    form = await fields(request)
    session = session_of(request, caller)
    if session is None or session.challenge is None:
        return RedirectResponse("./" if session else "sign-in", 303)
    number, _, kind = session.challenge.partition(":")
    if form.get("challenge", "") == number:
        _memory(request).move_session(session.token, "challenge", f"{new_token()}:{kind}")
    return RedirectResponse("challenge", 303)


async def sign_out(request: Request, caller: Caller) -> Response:
    session = session_of(request, caller)
    if session:
        _memory(request).end_session(session.token)
    return RedirectResponse("sign-in", 303)


def session_of(request: Request, caller: Caller) -> Session | None:
    return _memory(request).session(caller.tenant, request.cookies.get(SESSION, ""), caller.now)


def closed(request: Request, caller: Caller) -> Response | None:
    """The maintenance page while the tenant's portal is closed."""
    notice = _memory(request).maintenance(caller.tenant)
    if notice is None:
        return None
    request.state.outcome = "outage"
    standard = REFUSALS["unavailable"]
    return refusal(request, Refusal(standard.page, standard.status, standard.title, notice or standard.text))


def first_day(request: Request, caller: Caller) -> date:
    return _memory(request).first_day(caller.tenant, caller.seed, caller.now.date())


def _new_session(entry: Entry, caller: Caller) -> Session:
    late = entry.story == "longcheck"
    return Session(
        token=new_token(),
        tenant=caller.tenant,
        username=entry.person.username,
        story=entry.story,
        state="challenge" if entry.challenge else "wait" if late else "open",
        challenge=f"{new_token()}:{entry.challenge}" if entry.challenge else None,
        ready_at=caller.now + LONG_CHECK if late else None,
        expires_at=caller.now + SESSION_LASTS,
    )


def _challenge_page(challenge: str) -> Response:
    number, _, kind = challenge.partition(":")
    return page("challenge", challenge=number, kind=kind, question=QUESTION)


def _as_logged(kind: str, said: str) -> dict[str, str]:
    """Codes and choices stand in the log as they came, the answer to a person's own question does not."""
    return {"kind": kind, "code": digest(said) if kind == "question" else said}


def _memory(request: Request) -> Memory:
    memory: Memory = request.scope["memory"]
    return memory


def _log(request: Request) -> AccessLog:
    log: AccessLog = request.scope["access_log"]
    return log
