"""What was given with `--answer`, and what a question still lacks."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from payproof.contract.session import ChallengeQuestion, FieldBody, FormQuestion, OptionBody, QuestionBody


class Blank(NamedTuple):
    """One thing to be said."""

    name: str
    label: str
    hint: str | None
    options: Sequence[OptionBody]
    required: bool = True
    is_secret: bool = False


Ask = Callable[[Blank], str]


class Replies:
    """The answers given, each used once, in order."""

    def __init__(self, given: Iterable[str]) -> None:
        self._left = list(given)

    def named(self, names: Iterable[str]) -> dict[str, str]:
        """Takes those of the form `name=value` whose name is one of these."""
        wanted = set(names)
        found: dict[str, str] = {}
        for text in list(self._left):
            name, sign, value = text.partition("=")
            if sign and name in wanted and name not in found:
                found[name] = value
                self._left.remove(text)
        return found

    def take(self) -> str | None:
        return self._left.pop(0) if self._left else None


def reply_to(question: QuestionBody, replies: Replies, ask: Ask | None) -> dict[str, str] | None:
    """Answers by field name; None where one is lacking and there is nobody to `ask`."""
    found: dict[str, str] = {}
    match question:
        case ChallengeQuestion():
            blanks = [Blank("answer", question.label, question.hint, question.options)]
        case FormQuestion(fields=fields):
            blanks = [blank_of(field) for field in fields]
            found = replies.named(field.name for field in fields)
        case _:
            return None
    for blank in blanks:
        if blank.name not in found and (said := _said(blank, replies, ask)):
            found[blank.name] = said
    lacking = [blank for blank in blanks if blank.required and blank.name not in found]
    return (
        None
        if lacking
        else {blank.name: _chosen(blank.options, found[blank.name]) for blank in blanks if blank.name in found}
    )


def blank_of(field: FieldBody) -> Blank:
    return Blank(field.name, field.label, field.hint, field.options, field.required, field.kind == "password")


def _said(blank: Blank, replies: Replies, ask: Ask | None) -> str | None:
    """Answers without a name go to what is required; a person at the terminal is asked for the rest."""
    given = replies.take() if blank.required else None
    return given or (ask(blank) if ask else None)


def _chosen(options: Sequence[OptionBody], said: str) -> str:
    """An option may be named by its value, its label or its number in the list."""
    if any(option.value == said for option in options):
        return said
    for number, option in enumerate(options, start=1):
        if option.label.casefold() == said.casefold() or str(number) == said:
            return option.value
    return said
