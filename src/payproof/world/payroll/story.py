"""What happens to whom: a username and a password decide how a sign-in goes on.

Published logins always tell the same story; `refresh.user` gets in and tells the story of the password to whoever
comes again without them. Generated people sign in, or lock their account with wrong passwords.
"""

import hmac
from datetime import date

from msgspec import Struct

from payproof.world.access import Caller
from payproof.world.cast import ALIASES, GOOD_PASSWORD, person
from payproof.world.memory import Memory
from payproof.world.person import Person

WRONG_PASSWORDS = 5
"""So many lock a generated account."""


class Refusal(Struct, frozen=True):
    """A page on which a sign-in ends."""

    page: str
    """The page's id in the HTML."""
    status: int
    title: str
    text: str


REFUSALS = {
    "login_error": Refusal("sign-in-refused", 401, "Sign-in failed", "Invalid credentials provided"),
    "account_locked": Refusal(
        "locked", 403, "Account locked", "Your account is locked after too many attempts. Unlock it and try again."
    ),
    "config_error": Refusal(
        "organization", 403, "Organization not found", "Your organization is not set up for online access."
    ),
    "unavailable": Refusal(
        "outage", 503, "Portal closed", "The payroll portal is closed for maintenance. Please come back later."
    ),
    "unable_to_reset": Refusal(
        "reset", 403, "Password expired", "Your password has expired and it was not possible to reset it."
    ),
    "not_supported": Refusal(
        "not-offered", 403, "Not offered", "Your employer does not offer payroll records in this portal."
    ),
    "error": Refusal("fault", 500, "Something went wrong", "The portal could not complete your sign-in."),
}
CODE_REFUSED = Refusal("code-refused", 403, "Verification failed", "The verification code you entered is not correct.")
NO_RECORDS = Refusal("no-records", 200, "No records", "There are no payroll records for this account.")

_ENDINGS = ("done", "no_data", "mfa_error", *REFUSALS)
_STORIES = {
    "goodlogin": (GOOD_PASSWORD, "mfa", "mfa_selection", "mfa_question", "longcheck"),
    "error.user": _ENDINGS,
    "refresh.user": _ENDINGS,
}
_FIRST_CHALLENGE = {"mfa": "code", "mfa_error": "code", "mfa_selection": "selection", "mfa_question": "question"}

CODE = "12345"
_RIGHT = {"code": (CODE,), "selection": ("sms", "email"), "question": ("rex",)}
QUESTION = "What is the name of your first pet?"


class Entry(Struct, frozen=True, kw_only=True):
    """A right password: who comes in, and how it goes on."""

    person: Person
    story: str

    @property
    def challenge(self) -> str | None:
        """The kind of challenge that comes first, if any."""
        return _FIRST_CHALLENGE.get(self.story)


def judge(memory: Memory, caller: Caller, since: date, username: str, password: str, ssn: str) -> Entry | Refusal:
    """Decide on a posted sign-in form; counts wrong passwords where that locks."""
    who = person(username.strip(), caller.seed, since)
    if who is None:
        return REFUSALS["login_error"]
    if who.locks and memory.wrong_passwords(caller.tenant, who.username) >= WRONG_PASSWORDS:
        return REFUSALS["account_locked"]
    story = _story(who, password)
    if story is None or not _same_ssn(ssn, who.ssn):
        wrong = memory.add_wrong_password(caller.tenant, who.username) if who.locks else 0
        return REFUSALS["account_locked" if wrong >= WRONG_PASSWORDS else "login_error"]
    if who.locks:
        memory.forget_wrong_passwords(caller.tenant, who.username)
    if who.username == "refresh.user" and not caller.is_refresh:
        story = "done"
    return REFUSALS.get(story) or Entry(person=who, story=story)


def holder(caller: Caller, since: date, username: str) -> Person:
    """The person of a session."""
    found = person(ALIASES.get(username, username), caller.seed, since)
    if found is None:
        raise LookupError(f"a session of nobody: {username}")
    return found


def is_right(story: str, kind: str, answer: str) -> bool:
    return story != "mfa_error" and answer.strip().lower() in _RIGHT[kind]


def _story(who: Person, password: str) -> str | None:
    stories = _STORIES.get(who.username, (GOOD_PASSWORD,))
    return next((story for story in stories if hmac.compare_digest(story.encode(), password.encode())), None)


def _same_ssn(typed: str, ssn: str) -> bool:
    """True where none was typed, or the number or its last four digits."""
    digits = "".join(letter for letter in typed if letter.isdigit())
    return not typed.strip() or digits in (ssn, ssn[-4:])
