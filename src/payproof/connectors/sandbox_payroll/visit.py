"""The way in and through the portal, with every call that changes something made once.

Before the password goes out (at most twice a task) and before an answer to a challenge goes out (once a challenge), the
intention is committed. After a crash in between nobody knows whether the portal got it, so we look where we stand: in,
refused, or still asked. If still asked, the old challenge is replaced and the person is asked again.
"""

import io
import re
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import cached_property
from urllib.parse import urljoin
from zipfile import BadZipFile, ZipFile

from payproof.connectors.sandbox_payroll.known import known_page
from payproof.kit import failure
from payproof.kit.connector import Depth
from payproof.kit.page import Page, page_id, read_page
from payproof.kit.visit import Response, Visit
from payproof.model.product import ProductType
from payproof.model.question import Answers, Challenge, ChallengeKind, Option, Question, Wait
from payproof.model.raw import Raw

_ENDINGS: dict[str, type[failure.Failure]] = {
    "sign-in-refused": failure.LoginRefused,
    "locked": failure.AccountLocked,
    "code-refused": failure.MfaRefused,
    "organization": failure.ConfigRefused,
    "no-records": failure.NoData,
    "outage": failure.Unavailable,
    "reset": failure.UnableToReset,
    "not-offered": failure.NotSupported,
}
"""What the portal's pages mean, by the id of their body."""

_ROUNDS = 4
_MOST_FILES, _MOST_BYTES = 300, 20_000_000
_FILE = re.compile(r"(statement|w2)-([0-9]{1,12})\.pdf")


class Shown:
    """A page and where it was found. Most pages are known by their id and need no further reading."""

    def __init__(self, response: Response) -> None:
        self.body = response.content
        self.html = response.text
        self.url = str(response.url)
        self.id = page_id(self.html)

    @cached_property
    def page(self) -> Page:
        with _readable():
            return read_page(self.html)


async def login(visit: Visit, answers: Answers) -> Question | None:
    with _readable():
        shown = await _take_up(visit, answers)
        for _ in range(_ROUNDS):
            match shown.id:
                case "home" | "no-records":
                    visit.memory.pop("challenge", None)
                    return None
                case "wait":
                    return Wait(seconds=float(shown.page.texts["seconds"]), message=shown.page.texts["notice"])
                case "sign-in":
                    shown = await _sign_in(visit, answers, shown)
                case "challenge" if visit.intended(_code(shown)):
                    shown = await _renew_challenge(visit, shown)
                case "challenge":
                    return _question(visit, shown)
                case _:
                    raise _ending(shown)
    raise failure.SourceFailed(reason="sign_in_goes_round")


@contextmanager
def _readable() -> Iterator[None]:
    """A page that lacks what it should have is the source's failure, not ours."""
    try:
        yield
    except (LookupError, ValueError) as fault:
        raise failure.SourceFailed(reason="page_unreadable", detail=type(fault).__name__) from fault


async def collect(visit: Visit, depth: Depth) -> AsyncIterator[Raw]:
    if depth is Depth.BASIC or "links" not in visit.memory:
        home = await _open(visit, "", "home")
        with _readable():
            visit.memory["links"] = known_page(home.body).links
        yield Raw(key="home.html", media_type="text/html", body=home.body)
    if depth is Depth.BASIC or visit.product_type is ProductType.EMPLOYMENT:
        return
    for name, link in visit.memory["links"].items():
        what, _, number = name.partition("-")
        if what == "details":
            job = await _open(visit, link, "job")
            yield Raw(key=f"job/{number}.html", media_type="text/html", body=job.body)
        elif what == "documents":
            archive = await visit.http.get(urljoin(_root(visit), link))
            if archive.headers.get("content-type", "").startswith("text/html"):
                raise _refused(Shown(archive))
            for raw in _unpacked(number, archive):
                yield raw


async def _take_up(visit: Visit, answers: Answers) -> Shown:
    """Go on where the last step or the last try ended."""
    told = (answers.reply or {}).get("answer")
    asked = visit.memory.get("challenge")
    if told is not None and asked and not visit.intended(f"code:{asked['id']}"):
        await visit.intend(f"code:{asked['id']}")
        url = urljoin(_root(visit), asked["action"])
        return Shown(await visit.http.post(url, {**asked["values"], "answer": told.reveal()}))
    first = not visit.intended("password")
    return Shown(await visit.http.get(_root(visit) + ("sign-in" if first else "")))


async def _sign_in(visit: Visit, answers: Answers, shown: Shown) -> Shown:
    form = shown.page.forms["sign-in-form"]
    await visit.intend("password", limit=2)
    typed = {name: value.reveal() for name, value in answers.form.items() if name in form.values}
    return Shown(await visit.http.post(urljoin(shown.url, form.action), {**form.values, **typed}))


async def _renew_challenge(visit: Visit, shown: Shown) -> Shown:
    """Ask for a new challenge in place of one whose answer may be lost. The portal takes this once per challenge."""
    form = shown.page.forms["resend-form"]
    await visit.intend(f"resend:{form.values['challenge']}", limit=3)
    return Shown(await visit.http.post(urljoin(shown.url, form.action), form.values))


def _question(visit: Visit, shown: Shown) -> Challenge:
    """The portal's challenge as ours; what it takes to answer it is kept in memory."""
    form = shown.page.forms["challenge-form"]
    visit.memory["challenge"] = {"id": form.values["challenge"], "action": form.action, "values": form.values}
    return Challenge(
        kind=ChallengeKind(form.values["kind"]),
        label=shown.page.texts["prompt"],
        hint=shown.page.texts.get("hint"),
        options=tuple(Option(value, shown.page.labels[value]) for value in form.choices.get("answer", ())),
        attempts_left=1,
    )


def _code(shown: Shown) -> str:
    return f"code:{shown.page.forms['challenge-form'].values['challenge']}"


async def _open(visit: Visit, link: str, expected: str) -> Shown:
    """A page behind the door, by its link from the front page."""
    shown = Shown(await visit.http.get(urljoin(_root(visit), link)))
    if shown.id == expected:
        return shown
    raise _refused(shown)


def _refused(shown: Shown) -> failure.Failure:
    """A page that stands behind the door in the place of another."""
    if shown.id in ("sign-in", "challenge", "wait"):
        return failure.SourceFailed(reason="session_lost")
    return _ending(shown)


def _root(visit: Visit) -> str:
    return f"{visit.world_url}/payroll/"


def _ending(shown: Shown) -> failure.Failure:
    """The failure that a page means, in the portal's own words."""
    kind = _ENDINGS.get(shown.id, failure.SourceFailed)
    return kind(shown.page.texts.get("notice"), detail=f"page {shown.id or 'unknown'}")


def _unpacked(number: str, archive: Response) -> list[Raw]:
    """The PDFs of an archive, within the limits; other entries are left alone."""
    raws: list[Raw] = []
    left = _MOST_BYTES
    try:
        with ZipFile(io.BytesIO(archive.content)) as files:
            for entry in files.infolist()[:_MOST_FILES]:
                name = _FILE.fullmatch(entry.filename)
                left -= entry.file_size if name else 0
                if name is None or left < 0:
                    continue
                key = f"{name[1]}/{number}/{name[2]}.pdf"
                raws.append(Raw(key=key, media_type="application/pdf", body=files.read(entry), name=entry.filename))
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as fault:
        raise failure.SourceFailed(reason="documents_unreadable", detail=type(fault).__name__) from fault
    return raws
